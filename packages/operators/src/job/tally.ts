import { type Pod, parseTime } from '@argosy/engine'
import { createdAt, isPodActive, isPodEnded, isPodLeaving, isPodReady } from '@argosy/kube/workload'
import { failureVerdict } from './failure-policy.ts'
import { readIndexes } from './index-ranges.ts'
import { indexOf, isIndexed, isTracked, type Job } from './job.ts'

/** How a job stands, counted from its status and its pods. */
export interface Tally {
  readonly active: readonly Pod[]
  readonly ready: number
  readonly terminating: number
  /** Done so far, those that are not yet in the status' numbers included. */
  readonly succeeded: number
  readonly failed: number
  readonly completedIndexes: ReadonlySet<number>
  readonly counted: { readonly succeeded: number; readonly failed: number }
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] }
  /** Their finalizer goes once the status holds them. */
  readonly release: readonly Pod[]
  /** Why podFailurePolicy fails the job. */
  readonly verdict: string | undefined
  /** Ended badly since the last success, and when the last one did. */
  readonly failuresInARow: number
  readonly lastFailureAt: number
}

export function tally(job: Job, pods: readonly Pod[]): Tally {
  const status = job.status ?? {}
  const before = {
    succeeded: new Set(status.uncountedTerminatedPods?.succeeded),
    failed: new Set(status.uncountedTerminatedPods?.failed),
  }
  const held = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid))
  const book = new Book(job)
  for (const uid of before.succeeded) book.old('succeeded', uid, held.has(uid))
  for (const uid of before.failed) book.old('failed', uid, held.has(uid))
  for (const pod of pods) {
    const { uid = '' } = pod.metadata
    if (!isTracked(pod)) continue
    if (before.succeeded.has(uid) || before.failed.has(uid)) book.release.push(pod)
    else book.look(pod)
  }
  return book.close(pods)
}

class Book {
  readonly release: Pod[] = []
  readonly #job: Job
  readonly #counted: { succeeded: number; failed: number }
  readonly #uncounted: { succeeded: string[]; failed: string[] } = { succeeded: [], failed: [] }
  readonly #indexes: Set<number>
  #verdict: string | undefined

  constructor(job: Job) {
    const { succeeded = 0, failed = 0, completedIndexes } = job.status ?? {}
    this.#job = job
    this.#counted = { succeeded, failed }
    this.#indexes = readIndexes(completedIndexes)
  }

  /** One that the status already names goes into the numbers once its pod is let go. */
  old(side: 'succeeded' | 'failed', uid: string, isHeld: boolean): void {
    if (isHeld) this.#uncounted[side].push(uid)
    else this.#counted[side] += 1
  }

  look(pod: Pod): void {
    if (pod.status?.phase === 'Succeeded') this.#succeed(pod)
    else if (hasFailed(this.#job, pod)) this.#fail(pod)
  }

  /** Of an index only the first success counts. */
  #succeed(pod: Pod): void {
    const { uid = '' } = pod.metadata
    this.release.push(pod)
    if (isIndexed(this.#job)) {
      const index = indexOf(pod)
      if (!(index < (this.#job.spec.completions ?? 0)) || this.#indexes.has(index)) return
      this.#indexes.add(index)
    }
    this.#uncounted.succeeded.push(uid)
  }

  #fail(pod: Pod): void {
    const verdict = isPodEnded(pod) ? failureVerdict(this.#job, pod) : undefined
    this.release.push(pod)
    if (verdict?.action === 'FailJob') this.#verdict ??= verdict.message
    if (verdict?.action !== 'Ignore') this.#uncounted.failed.push(pod.metadata.uid ?? '')
  }

  close(pods: readonly Pod[]): Tally {
    const active = pods.filter(isPodActive)
    const [counted, uncounted] = [this.#counted, this.#uncounted]
    const lastSuccess = Math.max(0, ...pods.filter(isSuccess).map(endedAt))
    const failures = pods
      .filter((pod) => pod.status?.phase === 'Failed')
      .map(endedAt)
      .filter((at) => at >= lastSuccess)
    return {
      active,
      ready: active.filter(isPodReady).length,
      terminating: pods.filter((pod) => isPodLeaving(pod) && !isPodEnded(pod)).length,
      succeeded: counted.succeeded + uncounted.succeeded.length,
      failed: counted.failed + uncounted.failed.length,
      completedIndexes: this.#indexes,
      counted,
      uncounted,
      release: this.release,
      verdict: this.#verdict,
      failuresInARow: failures.length,
      lastFailureAt: Math.max(0, ...failures),
    }
  }
}

function hasFailed({ spec }: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true
  if (!isPodLeaving(pod)) return false
  const waits = spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined
  // Of one that no node has nobody will ever write how it ended.
  return !waits || !pod.spec.nodeName
}

function isSuccess({ status }: Pod): boolean {
  return status?.phase === 'Succeeded'
}

function endedAt(pod: Pod): number {
  const times = (pod.status?.containerStatuses ?? []).map(
    ({ state }) => parseTime(state?.terminated?.finishedAt ?? '') ?? 0,
  )
  return Math.max(createdAt(pod), ...times)
}
