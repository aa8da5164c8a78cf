import { type Json, type JsonObject, matchesLabelSelector } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { claimSpecFlaws } from './claim-flaws.ts'
import { cronJobFlaws, jobFlaws } from './job-flaws.ts'
import { label } from './name-rules.ts'
import { atLeast, countOrPercent, immutable, notOverAll, oneOf } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'
import { templateFlaws } from './template-flaws.ts'

/** What is wrong with a spec; the old one is there when it is an update. */
export type SpecCheck = (spec: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

const count = atLeast(0)
const counts = (spec: JsonObject, names: readonly string[]) =>
  names.flatMap((name) => count(`spec.${name}`, spec[name]))

/** Pods that are replaced when they end are never to end by themselves. */
function alwaysFlaws(spec: JsonObject, kind: string): readonly Flaw[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy')
  const hasEnd = at(spec, 'template', 'spec', 'activeDeadlineSeconds') !== undefined
  const path = 'spec.template.spec'
  const why = `activeDeadlineSeconds in ${kind} is not Supported`
  return [
    ...(policy === 'Always' || policy === ''
      ? []
      : [flawOf.notSupported(`${path}.restartPolicy`, policy, ['Always'])]),
    ...(hasEnd ? [flawOf.forbidden(`${path}.activeDeadlineSeconds`, why)] : []),
  ]
}

function selectorFlaws(spec: JsonObject, kind: string): readonly Flaw[] {
  const selector = at(spec, 'selector')
  const labels = objectAt(spec, 'template', 'metadata', 'labels')
  const why = '`selector` does not match template `labels`'
  const shown = Object.keys(labels).length === 0 ? null : sorted(labels)
  const unmatched = flawOf.invalid('spec.template.metadata.labels', shown, why)
  if (selector === undefined) return [flawOf.required('spec.selector'), unmatched]
  const given = objectAt(spec, 'selector')
  const isEmpty = ['matchLabels', 'matchExpressions'].every(
    (name) => Object.keys(at(given, name) ?? {}).length === 0,
  )
  if (isEmpty) return [flawOf.invalid('spec.selector', {}, `empty selector is invalid for ${kind}`)]
  const flaws = labelSelectorFlaws(given, 'spec.selector')
  if (flaws.length > 0) return flaws
  return matchesLabelSelector(given, labels) ? [] : [unmatched]
}

/** As Go shows a map. */
function sorted(labels: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function podsFlaws(spec: JsonObject, kind: string, shown = kind): readonly Flaw[] {
  return [
    ...selectorFlaws(spec, shown.toLowerCase()),
    ...templateFlaws(spec),
    ...alwaysFlaws(spec, kind),
    ...counts(spec, ['replicas', 'minReadySeconds', 'revisionHistoryLimit']),
  ]
}

const deployment: SpecCheck = (spec, old) => {
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec
  const path = 'spec.progressDeadlineSeconds'
  const isShort = typeof deadline === 'number' && deadline <= Number(ready)
  return [
    ...podsFlaws(spec, 'ReplicaSet', 'deployment'),
    ...count(path, deadline),
    ...(isShort ? [flawOf.invalid(path, deadline, 'must be greater than minReadySeconds')] : []),
    ...strategyFlaws(objectAt(spec, 'strategy')),
    ...(old ? immutable('spec.selector', spec['selector'], old['selector']) : []),
  ]
}

function strategyFlaws(strategy: JsonObject): readonly Flaw[] {
  const { type, rollingUpdate } = strategy
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'"
    return rollingUpdate === undefined ? [] : [flawOf.forbidden('spec.strategy.rollingUpdate', why)]
  }
  if (type !== undefined && type !== 'RollingUpdate')
    return oneOf(['Recreate', 'RollingUpdate'])('spec.strategy.type', type)
  const path = 'spec.strategy.rollingUpdate'
  const [surge, unavailable] = [at(rollingUpdate, 'maxSurge'), at(rollingUpdate, 'maxUnavailable')]
  return [
    ...countOrPercent(`${path}.maxSurge`, surge),
    ...countOrPercent(`${path}.maxUnavailable`, unavailable),
    ...notOverAll(`${path}.maxUnavailable`, unavailable),
    ...(isZero(surge) && isZero(unavailable)
      ? [
          flawOf.invalid(
            `${path}.maxUnavailable`,
            unavailable ?? 0,
            'may not be 0 when `maxSurge` is 0',
          ),
        ]
      : []),
  ]
}

function isZero(value: Json | undefined): boolean {
  return value === 0 || value === '0%'
}

const daemonSet: SpecCheck = (spec, old) => {
  const { replicas: _, ...own } = spec
  return [
    ...podsFlaws(own, 'DaemonSet'),
    ...daemonStrategyFlaws(objectAt(spec, 'updateStrategy'), 'spec.updateStrategy'),
    ...(old ? immutable('spec.selector', spec['selector'], old['selector']) : []),
  ]
}

function daemonStrategyFlaws(strategy: JsonObject, path: string): readonly Flaw[] {
  const { type = 'RollingUpdate' } = strategy
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate')
    return [flawOf.notSupported(path, type, ['RollingUpdate', 'OnDelete'])]
  const here = `${path}.rollingUpdate`
  const { maxSurge = 0, maxUnavailable = 1 } = objectAt(strategy, 'rollingUpdate')
  const isBoth = !isZero(maxSurge) && !isZero(maxUnavailable)
  const isNone = isZero(maxSurge) && isZero(maxUnavailable)
  const both = 'may not be set when maxUnavailable is non-zero'
  return [
    ...countOrPercent(`${here}.maxSurge`, maxSurge),
    ...countOrPercent(`${here}.maxUnavailable`, maxUnavailable),
    ...notOverAll(`${here}.maxSurge`, maxSurge),
    ...notOverAll(`${here}.maxUnavailable`, maxUnavailable),
    ...(isBoth ? [flawOf.invalid(`${here}.maxSurge`, maxSurge, both)] : []),
    ...(isNone
      ? [flawOf.required(`${here}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
      : []),
  ]
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

const statefulSet: SpecCheck = (spec, old) => {
  const without = (from: JsonObject) =>
    Object.fromEntries(Object.entries(from).filter(([name]) => !changeable.includes(name)))
  const words = changeable.map((name) => `'${name}'`)
  const why = `updates to statefulset spec for fields other than ${words.slice(0, -1).join(', ')} and ${words.at(-1)} are forbidden`
  const isChanged = old !== undefined && !equalJson(without(spec), without(old))
  const { revisionHistoryLimit: _, ...own } = withClaims(spec)
  return [
    ...podsFlaws(own, 'StatefulSet'),
    ...mannerFlaws(spec),
    ...count('spec.ordinals.start', at(spec, 'ordinals', 'start')),
    ...label('spec.serviceName', spec['serviceName']),
    ...objectsAt(spec, 'volumeClaimTemplates').flatMap((claim, index) =>
      claimSpecFlaws(objectAt(claim, 'spec'), `spec.volumeClaimTemplates[${index}].spec`),
    ),
    ...(isChanged ? [flawOf.forbidden('spec', why)] : []),
  ]
}

/** Each pod has a volume of each claim's name; its host's name is its own. */
function withClaims(spec: JsonObject): JsonObject {
  const names = objectsAt(spec, 'volumeClaimTemplates').map((one) =>
    textAt(one, 'metadata', 'name'),
  )
  const { hostname: _, subdomain: __, ...pod } = objectAt(spec, 'template', 'spec')
  const others = objectsAt(pod, 'volumes').filter((one) => !names.includes(textAt(one, 'name')))
  const volumes = [
    ...others,
    ...names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
  ]
  return { ...spec, template: { ...objectAt(spec, 'template'), spec: { ...pod, volumes } } }
}

const retentions = oneOf(['Retain', 'Delete'])

function mannerFlaws(spec: JsonObject): readonly Flaw[] {
  const { podManagementPolicy: management = 'Parallel', updateStrategy = null } = spec
  const type = textAt(spec, 'updateStrategy', 'type')
  const rolling = at(spec, 'updateStrategy', 'rollingUpdate')
  const path = 'spec.updateStrategy'
  const only = "only allowed for updateStrategy 'RollingUpdate'"
  return [
    ...(management === 'OrderedReady' || management === 'Parallel'
      ? []
      : [
          flawOf.invalid(
            'spec.podManagementPolicy',
            management,
            "must be 'OrderedReady' or 'Parallel'",
          ),
        ]),
    ...(['', 'OnDelete', 'RollingUpdate'].includes(type)
      ? []
      : [flawOf.invalid(path, updateStrategy, "must be 'RollingUpdate' or 'OnDelete'")]),
    ...(type === 'OnDelete' && rolling !== undefined
      ? [flawOf.invalid(`${path}.rollingUpdate`, rolling, only)]
      : count(`${path}.rollingUpdate.partition`, at(rolling, 'partition'))),
    ...['whenDeleted', 'whenScaled'].flatMap((name) => {
      const here = `spec.persistentVolumeClaimRetentionPolicy.${name}`
      return retentions(here, at(spec, 'persistentVolumeClaimRetentionPolicy', name))
    }),
  ]
}

const replicaSet: SpecCheck = (spec, old) => {
  const { revisionHistoryLimit: _, ...own } = spec
  return [
    ...podsFlaws(own, 'ReplicaSet', 'deployment'),
    ...(old ? immutable('spec.selector', spec['selector'], old['selector']) : []),
  ]
}

/** The oldest of them all: its selector is a plain map. */
const replicationController: SpecCheck = (spec) => {
  const labels = objectAt(spec, 'template', 'metadata', 'labels')
  const selector = objectAt(spec, 'selector')
  const isOff = !Object.entries(selector).every(([name, value]) => labels[name] === value)
  const why = '`selector` does not match template `labels`'
  if (at(spec, 'template') === undefined) return [flawOf.required('spec.template')]
  return [
    ...(Object.keys(selector).length === 0 ? [flawOf.required('spec.selector')] : []),
    ...(isOff ? [flawOf.invalid('spec.template.metadata.labels', labels, why)] : []),
    ...templateFlaws(spec),
    ...alwaysFlaws(spec, 'ReplicationController'),
    ...counts(spec, ['replicas', 'minReadySeconds']),
  ]
}

export const workloadChecks: Readonly<Record<string, SpecCheck>> = {
  CronJob: cronJobFlaws,
  DaemonSet: daemonSet,
  Deployment: deployment,
  Job: (spec, old) => jobFlaws(spec, 'spec', old),
  ReplicaSet: replicaSet,
  ReplicationController: replicationController,
  StatefulSet: statefulSet,
}
