import { type Json, type JsonObject, parseSchedule } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt, textAt } from '../table/at.ts'
import { failurePolicyFlaws } from './failure-policy-flaws.ts'
import { domainPath } from './name-rules.ts'
import { atLeast, immutable, oneOf, required } from './rules.ts'
import { successPolicyFlaws } from './success-policy-flaws.ts'
import { templateFlaws } from './template-flaws.ts'

const count = atLeast(0)
const counts = [
  ...['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit'],
  ...['ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'],
]
const modes = oneOf(['NonIndexed', 'Indexed'])

/** What is wrong with a job's spec. */
export function jobFlaws(spec: JsonObject, path: string, old?: JsonObject): readonly Flaw[] {
  return [
    ...templateFlaws(spec, path),
    ...counts.flatMap((name) => count(`${path}.${name}`, spec[name])),
    ...modes(`${path}.completionMode`, spec['completionMode']),
    ...indexFlaws(spec, path),
    ...restartFlaws(spec, path),
    ...replacementFlaws(spec, path),
    ...(spec['managedBy'] === undefined ? [] : domainPath(`${path}.managedBy`, spec['managedBy'])),
    ...failurePolicyFlaws(spec, `${path}.podFailurePolicy`),
    ...successPolicyFlaws(spec, `${path}.successPolicy`),
    ...(old === undefined ? [] : changeFlaws(spec, old, path)),
  ]
}

const mostIndexed = 100_000

function indexFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const { completions, parallelism, maxFailedIndexes } = spec
  const perIndex = ['backoffLimitPerIndex', 'maxFailedIndexes'].filter(
    (name) => spec[name] !== undefined,
  )
  const lone =
    maxFailedIndexes !== undefined && spec['backoffLimitPerIndex'] === undefined
      ? [flawOf.required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')]
      : []
  if (spec['completionMode'] !== 'Indexed')
    return [
      ...lone,
      ...perIndex.map((name) =>
        flawOf.invalid(`${path}.${name}`, spec[name], 'requires indexed completion mode'),
      ),
    ]
  const many = `must be less than or equal to ${mostIndexed} when completion mode is Indexed`
  const isOver = typeof maxFailedIndexes === 'number' && maxFailedIndexes > Number(completions)
  const over = 'must be less than or equal to completions'
  return [
    ...lone,
    ...required(`${path}.completions`, completions, 'when completion mode is Indexed'),
    ...(typeof parallelism === 'number' && parallelism > mostIndexed
      ? [flawOf.invalid(`${path}.parallelism`, parallelism, many)]
      : []),
    ...(isOver ? [flawOf.invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, over)] : []),
  ]
}

function restartFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy')
  const here = `${path}.template.spec.restartPolicy`
  if (policy === 'Always' || policy === '')
    return [flawOf.required(here, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never')
    return [flawOf.notSupported(here, policy, ['OnFailure', 'Never'])]
  if (policy !== 'OnFailure' || spec['podFailurePolicy'] === undefined) return []
  const why = 'only "Never" is supported when podFailurePolicy is specified'
  return [flawOf.invalid(here, policy, why)]
}

function replacementFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const fine =
    spec['podFailurePolicy'] === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  return oneOf(fine)(`${path}.podReplacementPolicy`, spec['podReplacementPolicy'])
}

const fixed = [
  'selector',
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
]

function changeFlaws(spec: JsonObject, old: JsonObject, path: string): readonly Flaw[] {
  const isSame = equalJson(keptOf(spec, old), keptOf(old, old))
  return [
    ...fixed.flatMap((name) =>
      old[name] === undefined && name === 'selector'
        ? []
        : immutable(`${path}.${name}`, spec[name], old[name]),
    ),
    ...(isElastic(spec)
      ? []
      : immutable(`${path}.completions`, spec['completions'], old['completions'])),
    ...(isSame ? [] : [flawOf.invalid(`${path}.template`, spec['template'], 'field is immutable')]),
  ]
}

/** A job with an index for each pod grows and shrinks with how many run at once. */
function isElastic(spec: JsonObject): boolean {
  return spec['completionMode'] === 'Indexed' && spec['completions'] === spec['parallelism']
}

const whereTo = ['affinity', 'nodeSelector', 'schedulingGates', 'tolerations']

/** What stays of the pods: before they begin, who queues jobs may still say where they go. */
function keptOf(spec: JsonObject, old: JsonObject): JsonObject {
  const pod = objectAt(spec, 'template', 'spec')
  const isWaiting = old['suspend'] === true
  if (!isWaiting) return pod
  return Object.fromEntries(Object.entries(pod).filter(([name]) => !whereTo.includes(name)))
}

/** What is wrong with a cron job's spec. */
export function cronJobFlaws(spec: JsonObject): readonly Flaw[] {
  const job = objectAt(spec, 'jobTemplate', 'spec')
  const path = 'spec.jobTemplate.spec'
  return [
    ...scheduleFlaws(spec['schedule']),
    ...zoneFlaws(spec['timeZone']),
    ...['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'].flatMap(
      (name) => count(`spec.${name}`, spec[name]),
    ),
    ...oneOf(['Allow', 'Forbid', 'Replace'])('spec.concurrencyPolicy', spec['concurrencyPolicy']),
    ...jobFlaws(job, path),
    ...(job['manualSelector'] === true
      ? [flawOf.notSupported(`${path}.manualSelector`, true, ['nil', 'false'])]
      : []),
    ...(job['selector'] === undefined
      ? []
      : [flawOf.invalid(`${path}.selector`, job['selector'], '`selector` will be auto-generated')]),
  ]
}

function scheduleFlaws(schedule: Json | undefined): readonly Flaw[] {
  const path = 'spec.schedule'
  if (typeof schedule !== 'string' || schedule === '') return required(path, schedule)
  if (/TZ/.test(schedule)) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    return [flawOf.invalid(path, schedule, why)]
  }
  const read = parseSchedule(schedule)
  return 'error' in read ? [flawOf.invalid(path, schedule, read.error)] : []
}

function zoneFlaws(zone: Json | undefined): readonly Flaw[] {
  const path = 'spec.timeZone'
  if (typeof zone !== 'string') return []
  if (zone === '') return [flawOf.invalid(path, zone, 'timeZone must be nil or non-empty string')]
  const why =
    zone.toLowerCase() === 'local'
      ? 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
      : `unknown time zone ${zone}`
  return isZone(zone) ? [] : [flawOf.invalid(path, zone, why)]
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
