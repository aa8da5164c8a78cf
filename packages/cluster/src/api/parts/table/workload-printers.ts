import type { JsonObject, KubeObject } from '@argosy/engine'
import { at, numberAt, objectAt, objectsAt, textAt } from './at.ts'
import { humanDuration } from './human-duration.ts'
import { labelsText, selectorText } from './labels.ts'
import { ageOf, columns, conditionOf, nameOf, type Printer, since } from './printer.ts'

const wide = ['*Containers', '*Images', '*Selector']

/** The names and the images of a template's containers. */
function containersOf(template: unknown): readonly [string, string] {
  const containers = objectsAt(template, 'spec', 'containers')
  const all = (member: string) => containers.map((one) => textAt(one, member)).join(',')
  return [all('name'), all('image')]
}

function templateOf(object: KubeObject): JsonObject {
  return objectAt(object, 'spec', 'template')
}

const replicaSet = (selector: (object: KubeObject) => string): Printer => ({
  columns: columns('Name', 'Desired:integer', 'Current:integer', 'Ready:integer', 'Age', ...wide),
  cells: (object, now) => [
    nameOf(object),
    numberAt(object, 'spec', 'replicas'),
    numberAt(object, 'status', 'replicas'),
    numberAt(object, 'status', 'readyReplicas'),
    ageOf(object, now),
    ...containersOf(templateOf(object)),
    selector(object),
  ],
})

const deployment: Printer = {
  columns: columns('Name', 'Ready', 'Up-to-date', 'Available', 'Age', ...wide),
  cells: (object, now) => [
    nameOf(object),
    `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
    numberAt(object, 'status', 'updatedReplicas'),
    numberAt(object, 'status', 'availableReplicas'),
    ageOf(object, now),
    ...containersOf(templateOf(object)),
    selectorText(at(object, 'spec', 'selector')),
  ],
}

const statefulSet: Printer = {
  columns: columns('Name', 'Ready', 'Age', '*Containers', '*Images'),
  cells: (object, now) => [
    nameOf(object),
    `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
    ageOf(object, now),
    ...containersOf(templateOf(object)),
  ],
}

const daemonSet: Printer = {
  columns: columns(
    'Name',
    'Desired:integer',
    'Current:integer',
    'Ready:integer',
    'Up-to-date:integer',
    'Available:integer',
    'Node Selector',
    'Age',
    ...wide,
  ),
  cells: (object, now) => [
    nameOf(object),
    numberAt(object, 'status', 'desiredNumberScheduled'),
    numberAt(object, 'status', 'currentNumberScheduled'),
    numberAt(object, 'status', 'numberReady'),
    numberAt(object, 'status', 'updatedNumberScheduled'),
    numberAt(object, 'status', 'numberAvailable'),
    labelsText(objectAt(templateOf(object), 'spec', 'nodeSelector')),
    ageOf(object, now),
    ...containersOf(templateOf(object)),
    selectorText(at(object, 'spec', 'selector')),
  ],
}

const job: Printer = {
  columns: columns('Name', 'Status', 'Completions', 'Duration', 'Age', ...wide),
  cells: (object, now) => [
    nameOf(object),
    jobStatus(object),
    completionsOf(object),
    jobDuration(object, now),
    ageOf(object, now),
    ...containersOf(templateOf(object)),
    selectorText(at(object, 'spec', 'selector')),
  ],
}

function jobStatus(object: KubeObject): string {
  const is = (type: string) => conditionOf(object, type) === 'True'
  if (is('Complete')) return 'Complete'
  if (is('Failed')) return 'Failed'
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(is) ?? 'Running'
}

function completionsOf(object: KubeObject): string {
  const succeeded = numberAt(object, 'status', 'succeeded')
  const completions = at(object, 'spec', 'completions')
  if (typeof completions === 'number') return `${succeeded}/${completions}`
  const parallelism = numberAt(object, 'spec', 'parallelism')
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function jobDuration(object: KubeObject, now: number): string {
  const start = textAt(object, 'status', 'startTime')
  const end = textAt(object, 'status', 'completionTime')
  if (start === '') return ''
  return humanDuration((end === '' ? now : Date.parse(end)) - Date.parse(start))
}

const cronJob: Printer = {
  columns: columns(
    'Name',
    'Schedule',
    'Timezone',
    'Suspend:boolean',
    'Active:integer',
    'Last Schedule',
    'Age',
    ...wide,
  ),
  cells: (object, now) => {
    const last = at(object, 'status', 'lastScheduleTime')
    const jobSpec = at(object, 'spec', 'jobTemplate', 'spec')
    return [
      nameOf(object),
      textAt(object, 'spec', 'schedule'),
      textAt(object, 'spec', 'timeZone') || '<none>',
      at(object, 'spec', 'suspend') === true ? 'True' : 'False',
      objectsAt(object, 'status', 'active').length,
      last === undefined ? '<none>' : since(now, last),
      ageOf(object, now),
      ...containersOf(at(jobSpec, 'template')),
      selectorText(at(jobSpec, 'selector')),
    ]
  },
}

const podTemplate: Printer = {
  columns: columns('Name', 'Containers', 'Images', 'Pod Labels'),
  cells: (object) => [
    nameOf(object),
    ...containersOf(at(object, 'template')),
    labelsText(objectAt(object, 'template', 'metadata', 'labels')),
  ],
}

const controllerRevision: Printer = {
  columns: columns('Name', 'Controller', 'Revision', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    controllerOf(object),
    numberAt(object, 'revision'),
    ageOf(object, now),
  ],
}

function controllerOf({ metadata }: KubeObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  if (!owner) return '<none>'
  const slash = owner.apiVersion.indexOf('/')
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`
  return `${(owner.kind + group).toLowerCase()}/${owner.name}`
}

export const workloadPrinters: Readonly<Record<string, Printer>> = {
  ControllerRevision: controllerRevision,
  CronJob: cronJob,
  DaemonSet: daemonSet,
  Deployment: deployment,
  Job: job,
  PodTemplate: podTemplate,
  ReplicaSet: replicaSet((object) => selectorText(at(object, 'spec', 'selector'))),
  ReplicationController: replicaSet((object) => labelsText(objectAt(object, 'spec', 'selector'))),
  StatefulSet: statefulSet,
}
