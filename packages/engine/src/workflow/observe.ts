import type { ContainerStatus, Pod } from '../spec/pod.ts'
import type { NodePhase, WorkflowTaskResult } from '../spec/status.ts'
import { formatTime, parseTime } from '../spec/time.ts'
import type { Outputs } from '../spec/workflow.ts'
import { endOfMain } from './observe-end.ts'
import { inferFailure, pendingReason } from './observe-reason.ts'
import { resourcesDuration } from './observe-resources.ts'
import { parseProgress } from './progress.ts'

/** What a pod and its report say about their node. */
export interface Observation {
  readonly phase: NodePhase
  readonly message?: string
  /** A daemon whose containers are all ready. */
  readonly daemoned?: boolean
  readonly podIP?: string
  readonly hostNodeName?: string
  readonly outputs?: Outputs
  readonly progress?: string
  readonly finishedAt?: string
  readonly resourcesDuration?: Readonly<Record<string, number>>
}

export interface ObserveOptions {
  /** The step reports what it did; until then it is not over. */
  readonly expectsResult: boolean
  readonly daemon: boolean
  /** Milliseconds. */
  readonly now: number
  /** The containers of a container set; else the step's own is `main`. */
  readonly mains?: readonly string[]
}

const progressAnnotation = 'workflows.argoproj.io/progress'
const reportLabel = 'workflows.argoproj.io/report-outputs-completed'

/** Reads a pod and its report. A pod that has ended stays Running while it still owes a report. */
export function observePod(
  pod: Pod,
  result: WorkflowTaskResult | undefined,
  options: ObserveOptions,
): Observation {
  const facts = factsOf(pod, result)
  const found = phaseOf(pod, options)
  if (found.phase === 'Pending' || found.phase === 'Running') return { ...facts, ...found }
  if (options.expectsResult && !isReported(result) && willReport(pod, found)) {
    return { ...facts, phase: 'Running' }
  }
  return {
    ...facts,
    ...reported(found, pod, result),
    finishedAt: formatTime(finishedAt(pod, options.now)),
    resourcesDuration: resourcesDuration(pod),
  }
}

interface Found {
  readonly phase: NodePhase
  readonly message?: string
  readonly daemoned?: boolean
  readonly podIP?: string
}

function phaseOf(pod: Pod, options: ObserveOptions): Found {
  const { phase, podIP } = pod.status ?? {}
  switch (phase) {
    case undefined:
    case 'Pending': {
      const message = pendingReason(pod)
      return { phase: 'Pending', ...(message && { message }) }
    }
    case 'Running':
      if (!options.daemon) return { phase: 'Running' }
      return isReady(pod)
        ? { phase: 'Running', daemoned: true, ...(podIP && { podIP }) }
        : { phase: 'Pending' }
    case 'Succeeded':
      return { phase: options.daemon ? 'Failed' : 'Succeeded' }
    case 'Failed':
      return inferFailure(pod, options)
    default:
      return {
        phase: 'Error',
        message: `Unexpected pod phase for ${pod.metadata.name ?? ''}: ${phase}`,
      }
  }
}

function isReady(pod: Pod): boolean {
  return (pod.status?.containerStatuses ?? []).every(({ ready }) => ready === true)
}

// argo: what is wrong with a step's outputs matters only when the command itself went well.
function reported(found: Found, pod: Pod, result: WorkflowTaskResult | undefined): Found {
  if (result?.phase !== 'Failed' && result?.phase !== 'Error') return found
  const blamed = pod.status?.message || (exitCodeOf(pod) ?? '0') !== '0'
  if (found.phase !== 'Succeeded' && blamed) return found
  const message = result.message ?? found.message
  return { phase: result.phase, ...(message !== undefined && { message }) }
}

function isReported(result: WorkflowTaskResult | undefined): boolean {
  return result?.metadata.labels?.[reportLabel] === 'true'
}

// A pod that ended by force (evicted, past its deadline) or before its command did has nothing to say.
function willReport(pod: Pod, found: Found): boolean {
  return found.phase === 'Succeeded' || (!pod.status?.reason && exitCodeOf(pod) !== undefined)
}

function factsOf(
  pod: Pod,
  result: WorkflowTaskResult | undefined,
): Pick<Observation, 'hostNodeName' | 'outputs' | 'progress'> {
  const exitCode = exitCodeOf(pod)
  const outputs: Outputs = { ...result?.outputs, ...(exitCode !== undefined && { exitCode }) }
  const progress = [result?.progress, pod.metadata.annotations?.[progressAnnotation]].find(
    (text) => parseProgress(text) !== undefined,
  )
  return {
    ...(pod.spec.nodeName !== undefined && { hostNodeName: pod.spec.nodeName }),
    ...(Object.keys(outputs).length > 0 && { outputs }),
    ...(progress !== undefined && { progress }),
  }
}

function exitCodeOf({ status }: Pod): string | undefined {
  const main = status?.containerStatuses?.find(({ name }) => name === 'main')
  const exitCode = main && endOfMain(main)?.exitCode
  return exitCode === undefined ? undefined : String(exitCode)
}

function finishedAt({ status }: Pod, now: number): number {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const ends = all.map((container) => endOf(container, now))
  const latest = Math.max(...ends)
  return Number.isFinite(latest) ? latest : now
}

function endOf({ state }: ContainerStatus, now: number): number {
  if (state?.running !== undefined) return now
  return parseTime(state?.terminated?.finishedAt ?? '') ?? Number.NEGATIVE_INFINITY
}
