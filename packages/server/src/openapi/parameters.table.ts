import type { JsonObject } from '@argosy/engine'

interface Parameter {
  readonly description: string
  readonly schema: JsonObject
}

const text = (description: string): Parameter => ({ description, schema: { type: 'string' } })
const flag = (description: string): Parameter => ({ description, schema: { type: 'boolean' } })
const time = (description: string): Parameter => ({
  ...{ description, schema: { type: 'string', format: 'date-time' } },
})
const whole = (description: string): Parameter => ({
  ...{ description, schema: { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 } },
})

/** How logs are read: upstream calls the group differently where it is of any pods. */
const logOptions: Readonly<Record<string, Parameter>> = {
  follow: flag('go on until the run has ended; where there is none, until you leave'),
  timestamps: flag('when a line was read, before it'),
  previous: flag('of the container before'),
  container: text('default: main; * for all'),
  allAttempts: flag('also of attempts before the last one'),
  tailLines: whole('the last ones of each pod'),
  limitBytes: whole('at most, of each pod'),
  sinceSeconds: whole('pods that ran since then'),
  sinceTime: time('pods that ran since then'),
}

const grouped = (group: string) =>
  Object.fromEntries(
    Object.entries(logOptions).map(([name, one]) => [`${group}.${name}`, one] as const),
  )

/** What may stand in the query of a request. */
export const parameters: Readonly<Record<string, Parameter>> = {
  'listOptions.labelSelector': text('Kubernetes’ selector, as app=web,tier!=db'),
  'listOptions.fieldSelector': text('as metadata.name=x; of runs also spec.startedAt> and <'),
  'listOptions.limit': whole('how many at most; 0 or nothing: all'),
  'listOptions.continue': text('what the page before gave'),
  'listOptions.resourceVersion': text('changes since then'),
  deltas: flag(
    'ours: of an object that was told whole, later only `patch`, a JSON Patch to what was told before',
  ),
  fields: text('only these paths, separated by commas; with - before them all but these'),
  query: text('a search, as: phase:failed template:train (ours)'),
  nameFilter: {
    description: 'how metadata.name of the fieldSelector is meant',
    schema: { type: 'string', enum: ['Exact', 'Contains', 'Prefix', 'NotEquals'] },
  },
  namePrefix: text('names that begin so'),
  namePattern: text('names that contain this'),
  createdAfter: time('created later'),
  finishedBefore: time('ended earlier'),
  namespace: text('of one namespace'),
  name: text('only of this name; in the archive with the namespace, instead of the uid'),
  uid: text('just this one of the name'),
  force: flag('do not wait for finalizers'),
  node: text('only this node, and what is below it'),
  podName: text('only this pod'),
  eventSourceType: text('only lines that are of this type of event source'),
  eventName: text('only lines that are of this event'),
  triggerName: text('only lines that are of this trigger'),
  grep: text('only lines that match this regular expression'),
  selector: text('only pods with these labels'),
  ...grouped('logOptions'),
  ...grouped('podLogOptions'),
  cmName: text('the ConfigMap'),
  type: {
    description: 'where limits are kept',
    schema: { type: 'string', enum: ['CONFIGMAP'] },
  },
}
