import { formatDuration, parseDuration } from '../spec/duration.ts'
import { isObject } from '../spec/json.ts'
import { matchesLabelSelector } from '../spec/label-selector.ts'
import type { Pod } from '../spec/pod.ts'
import type { WorkflowPhase } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'

export const podGcAnnotation = 'workflows.argoproj.io/pod-gc-strategy'

const archivingLabel = 'workflows.argoproj.io/workflow-archiving-status'

// argo: config podGCDeleteDelayDuration.
const defaultDelayNs = 5_000_000_000n

type Labels = Readonly<Record<string, string>>

/** What a pod carries so that it is deleted in time: `strategy/delay`; undefined when it is to stay. */
export function podGcOf(spec: WorkflowSpec, labels: Labels): string | undefined {
  const { podGC } = spec
  const strategy = podGC?.['strategy']
  if (typeof strategy !== 'string' || strategy === '') return undefined
  const selector = podGC?.['labelSelector']
  if (isObject(selector) && !matchesLabelSelector(selector, labels)) return undefined
  const delay = parseDuration(String(podGC?.['deleteDelayDuration'] ?? ''))
  return `${strategy}/${formatDuration('error' in delay ? defaultDelayNs : delay.ns)}`
}

/**
 * When a pod whose node is over is to be deleted, in milliseconds; undefined: never, or not yet known.
 * `workflow` is that of the pod, once it has ended. argo: determinePodCleanupAction.
 */
export function podExpiry(pod: Pod, workflow: Workflow | undefined): number | undefined {
  const [strategy, delay = ''] = (pod.metadata.annotations?.[podGcAnnotation] ?? '').split('/')
  const parsed = parseDuration(delay)
  const delayMs = 'error' in parsed ? 0 : parsed.ms
  switch (strategy) {
    case 'OnPodCompletion':
      return endOf(pod) + delayMs
    case 'OnPodSuccess':
      return pod.status?.phase === 'Succeeded' ? endOf(pod) + delayMs : undefined
    case 'OnWorkflowCompletion':
      return after(workflow, ['Succeeded', 'Failed', 'Error'], delayMs)
    case 'OnWorkflowSuccess':
      return after(workflow, ['Succeeded'], delayMs)
    default:
      return undefined
  }
}

function endOf(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(
    ({ state }) => parseTime(state?.terminated?.finishedAt ?? '') ?? 0,
  )
  return Math.max(0, ...ends)
}

function after(
  workflow: Workflow | undefined,
  phases: readonly WorkflowPhase[],
  delayMs: number,
): number | undefined {
  const { phase = '', finishedAt = '' } = workflow?.status ?? {}
  const at = parseTime(finishedAt)
  return phases.includes(phase) && at !== undefined ? at + delayMs : undefined
}

/**
 * When a finished workflow is to be deleted, in milliseconds; undefined: never. argo: gccontroller, which waits a second
 * longer. A workflow in phase Error only knows secondsAfterCompletion.
 */
export function workflowExpiry(workflow: Workflow): number | undefined {
  const { status } = workflow
  const finishedAt = parseTime(status?.finishedAt ?? '')
  // argo: IsDone: what is still to be archived stays.
  const unarchived = workflow.metadata.labels?.[archivingLabel] === 'Pending'
  if (finishedAt === undefined || unarchived) return undefined
  const strategy = (status?.storedWorkflowTemplateSpec ?? workflow.spec).ttlStrategy
  const seconds = [
    status?.phase === 'Failed' ? strategy?.['secondsAfterFailure'] : undefined,
    status?.phase === 'Succeeded' ? strategy?.['secondsAfterSuccess'] : undefined,
    strategy?.['secondsAfterCompletion'],
  ].find((value) => typeof value === 'number')
  return typeof seconds === 'number' ? finishedAt + (seconds + 1) * 1000 : undefined
}
