import type { Json, JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, textAt } from '../table/at.ts'
import { noEphemeral } from './ephemeral-flaws.ts'
import { podSpecFlaws } from './pod-spec-flaws.ts'
import { atLeast, oneOf, required } from './rules.ts'

/** What is wrong with a spec; the old one is there when it is an update. */
export type SpecCheck = (spec: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

const count = atLeast(0)

function templateFlaws(spec: JsonObject, path = 'spec'): readonly Flaw[] {
  const template = objectAt(spec, 'template', 'spec')
  const here = `${path}.template.spec`
  const words = 'ephemeral containers not allowed in pod template'
  return [...podSpecFlaws(template, here), ...noEphemeral(template, here, words)]
}

/** Pods that are replaced when they end are never to end by themselves. */
function alwaysFlaws(spec: JsonObject): readonly Flaw[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy')
  if (policy === 'Always' || policy === '') return []
  return [flawOf.notSupported('spec.template.spec.restartPolicy', policy, ['Always'])]
}

function selectorFlaws(spec: JsonObject, kind: string): readonly Flaw[] {
  const selector = spec['selector']
  const labels = objectAt(spec, 'template', 'metadata', 'labels')
  const wanted = objectAt(spec, 'selector', 'matchLabels')
  const isEmpty = Object.keys(wanted).length === 0 && at(selector, 'matchExpressions') === undefined
  const matches = Object.entries(wanted).every(([name, value]) => labels[name] === value)
  const flaws: Flaw[] = []
  if (selector === undefined) flaws.push(flawOf.required('spec.selector'))
  else if (isEmpty)
    flaws.push(flawOf.invalid('spec.selector', {}, `empty selector is invalid for ${kind}`))
  const isOff = selector === undefined ? true : !isEmpty && !matches
  const why = '`selector` does not match template `labels`'
  return isOff ? [...flaws, flawOf.invalid('spec.template.metadata.labels', labels, why)] : flaws
}

function immutable(path: string, value: Json | undefined, old: Json | undefined): readonly Flaw[] {
  if (old === undefined || equalJson(value, old)) return []
  return [flawOf.invalid(path, value ?? null, 'field is immutable')]
}

const deployment: SpecCheck = (spec, old) => [
  ...selectorFlaws(spec, 'deployment'),
  ...templateFlaws(spec),
  ...alwaysFlaws(spec),
  ...count('spec.replicas', spec['replicas']),
  ...strategyFlaws(objectAt(spec, 'strategy')),
  ...immutable('spec.selector', spec['selector'], old?.['selector']),
]

function strategyFlaws(strategy: JsonObject): readonly Flaw[] {
  const { type, rollingUpdate } = strategy
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'"
    return rollingUpdate === undefined ? [] : [flawOf.forbidden('spec.strategy.rollingUpdate', why)]
  }
  if (type !== undefined && type !== 'RollingUpdate')
    return oneOf(['Recreate', 'RollingUpdate'])('spec.strategy.type', type)
  const [surge, unavailable] = [at(rollingUpdate, 'maxSurge'), at(rollingUpdate, 'maxUnavailable')]
  if (!isZero(surge) || !isZero(unavailable)) return []
  const path = 'spec.strategy.rollingUpdate.maxUnavailable'
  return [flawOf.invalid(path, unavailable ?? 0, 'may not be 0 when `maxSurge` is 0')]
}

function isZero(value: Json | undefined): boolean {
  return value === 0 || value === '0%'
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
  return [
    ...selectorFlaws(spec, 'statefulset'),
    ...templateFlaws(spec),
    ...alwaysFlaws(spec),
    ...count('spec.replicas', spec['replicas']),
    ...(isChanged ? [flawOf.forbidden('spec', why)] : []),
  ]
}

const others =
  (kind: string): SpecCheck =>
  (spec, old) => [
    ...selectorFlaws(spec, kind),
    ...templateFlaws(spec),
    ...alwaysFlaws(spec),
    ...count('spec.replicas', spec['replicas']),
    ...immutable('spec.selector', spec['selector'], old?.['selector']),
  ]

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
]

function jobSpecFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy')
  const policyPath = `${path}.template.spec.restartPolicy`
  return [
    ...templateFlaws(spec, path),
    ...counts.flatMap((name) => count(`${path}.${name}`, spec[name])),
    ...oneOf(['NonIndexed', 'Indexed'])(`${path}.completionMode`, spec['completionMode']),
    ...(policy === 'Always' || policy === ''
      ? [flawOf.required(policyPath, 'valid values: "OnFailure", "Never"')]
      : []),
  ]
}

const cronJob: SpecCheck = (spec) => [
  ...scheduleFlaws(spec['schedule']),
  ...['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'].flatMap(
    (name) => count(`spec.${name}`, spec[name]),
  ),
  ...oneOf(['Allow', 'Forbid', 'Replace'])('spec.concurrencyPolicy', spec['concurrencyPolicy']),
  ...jobSpecFlaws(objectAt(spec, 'jobTemplate', 'spec'), 'spec.jobTemplate.spec'),
]

function scheduleFlaws(schedule: Json | undefined): readonly Flaw[] {
  const path = 'spec.schedule'
  if (typeof schedule !== 'string' || schedule === '') return required(path, schedule)
  if (/TZ/.test(schedule)) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    return [flawOf.invalid(path, schedule, why)]
  }
  const fields = schedule.trim().split(/\s+/)
  if (fields.length === 5 || schedule.startsWith('@')) return []
  const why = `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`
  return [flawOf.invalid(path, schedule, why)]
}

export const workloadChecks: Readonly<Record<string, SpecCheck>> = {
  CronJob: cronJob,
  DaemonSet: others('daemonset'),
  Deployment: deployment,
  Job: (spec) => jobSpecFlaws(spec, 'spec'),
  ReplicaSet: others('deployment'),
  StatefulSet: statefulSet,
}
