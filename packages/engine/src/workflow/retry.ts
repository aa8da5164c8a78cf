import { parseDuration } from '../spec/duration.ts'
import type { NodePhase } from '../spec/status.ts'
import { formatTime } from '../spec/time.ts'
import type { RetryStrategy } from '../spec/workflow.ts'
import { evaluateCondition } from './expression.ts'
import { isTransient } from './transient.ts'

/** One finished attempt, times in milliseconds. */
export interface Attempt {
  readonly phase: NodePhase
  readonly message: string
  readonly exitCode: string | undefined
  readonly startedAt: number
  readonly finishedAt: number
}

/** What was tried so far, as much of it as decides. */
export interface Attempts {
  readonly count: number
  readonly firstStartedAt: number
  readonly last: Attempt
}

interface Circumstances {
  readonly now: number
  readonly shutdown: 'Stop' | 'Terminate' | undefined
  readonly workflowDeadline: number | undefined
}

export type RetryDecision =
  | { readonly phase: NodePhase; readonly message?: string }
  | { readonly wait: number; readonly message: string }
  | { readonly retry: true; readonly clearMessage: boolean; readonly deadlineAt?: number }
  | { readonly problem: string }

/**
 * What follows the last attempt. argo: processNodeRetries, in its order: success, shutdown and deadline, backoff, policy,
 * limit, expression. Backoff comes before policy, so a node that will not be retried still waits it out.
 */
export function nextAttempt(
  strategy: RetryStrategy,
  attempts: Attempts | undefined,
  circumstances: Circumstances,
): RetryDecision {
  if (attempts === undefined) return { retry: true, clearMessage: false }
  const { last } = attempts
  if (last.phase !== 'Failed' && last.phase !== 'Error') return { phase: 'Succeeded' }
  const stopped = stoppedBy(last, circumstances)
  if (stopped !== undefined) return stopped

  const backoff = strategy.backoff
  const pause = backoff && backoffFor(strategy, backoff, attempts, circumstances.now)
  if (pause !== undefined && !('go' in pause)) return pause

  return (
    refusedByPolicy(strategy, last) ??
    refusedByLimit(strategy, attempts) ??
    refusedByExpression(strategy, attempts) ?? {
      retry: true,
      clearMessage: backoff !== undefined,
      ...(pause?.deadlineAt !== undefined && { deadlineAt: pause.deadlineAt }),
    }
  )
}

function stoppedBy(last: Attempt, { now, shutdown, workflowDeadline }: Circumstances) {
  if (shutdown !== undefined) {
    return { phase: last.phase, message: `Stopped with strategy '${shutdown}'` }
  }
  if (workflowDeadline === undefined || now <= workflowDeadline) return undefined
  const at = formatTime(workflowDeadline).replace('T', ' ').replace('Z', ' +0000 UTC')
  return { phase: last.phase, message: `retry exceeded workflow deadline ${at}` }
}

type Backoff = NonNullable<RetryStrategy['backoff']>

function backoffFor(
  strategy: RetryStrategy,
  backoff: Backoff,
  { count, firstStartedAt, last }: Attempts,
  now: number,
): RetryDecision | { readonly go: true; readonly deadlineAt?: number } {
  const read = readBackoff(backoff)
  if ('problem' in read) return read
  const endAt = read.maxDuration === undefined ? undefined : firstStartedAt + read.maxDuration
  if (endAt !== undefined && now > endAt) {
    return { phase: last.phase, message: 'Max duration limit exceeded' }
  }
  if (read.base === undefined) return { problem: 'no base duration specified for retryStrategy' }
  const wait = Math.min(read.base * read.factor ** (count - 1), read.cap ?? longestWait)
  const waitUntil = last.finishedAt + wait
  if (endAt !== undefined && waitUntil > endAt) {
    return { phase: last.phase, message: 'Backoff would exceed max duration limit' }
  }
  if (now < waitUntil && mayRetryAfter(count, strategy)) {
    return { wait: waitUntil, message: `Backoff for ${humanized(wait)}` }
  }
  return { go: true, ...(endAt !== undefined && { deadlineAt: endAt }) }
}

function mayRetryAfter(count: number, { limit }: RetryStrategy): boolean {
  return limit !== undefined && isInteger(limit) && count <= Number(limit)
}

interface Pace {
  readonly maxDuration: number | undefined
  readonly base: number | undefined
  readonly cap: number | undefined
  readonly factor: number
}

function readBackoff(backoff: Backoff): Pace | { readonly problem: string } {
  const maxDuration = readDuration(backoff.maxDuration)
  const base = readDuration(backoff.duration)
  const factor = readInteger(backoff.factor)
  const cap = readDuration(backoff.cap)
  if (typeof maxDuration === 'string') return { problem: maxDuration }
  if (typeof base === 'string') return { problem: base }
  if (typeof factor === 'string') return { problem: factor }
  if (typeof cap === 'string') return { problem: cap }
  return { maxDuration, base, cap, factor: factor !== undefined && factor > 0 ? factor : 1 }
}

// argo: math.MaxInt64 nanoseconds.
const longestWait = 2 ** 63 / 1e6

/** A text is the error. argo: intstr.Int32. */
function readInteger(value: string | number | undefined): number | string | undefined {
  if (value === undefined) return undefined
  return isInteger(value) ? Number(value) : `value '${value}' cannot be resolved to an int`
}

function isInteger(value: string | number): boolean {
  return /^[+-]?\d+$/.test(String(value))
}

/** Milliseconds; a text is the error. argo: ParseStringToDuration: a bare number is seconds. */
function readDuration(value: string | number | undefined): number | string | undefined {
  if (value === undefined || value === '') return undefined
  const text = String(value)
  if (isInteger(text)) return Number(text) * 1000
  const parsed = parseDuration(text)
  return 'error' in parsed ? `unable to parse ${text} as a duration: ${parsed.error}` : parsed.ms
}

// argo: humanize.Duration: the largest unit, and the next one below it from a minute on.
function humanized(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return count(seconds, 'second')
  if (seconds < 3600) return `${count(Math.floor(seconds / 60), 'minute')} ${seconds % 60} seconds`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1440) return `${count(Math.floor(minutes / 60), 'hour')} ${minutes % 60} minutes`
  const hours = Math.floor(minutes / 60)
  return `${longUnits(Math.floor(hours / 24))} ${hours % 24} hours`
}

function longUnits(days: number): string {
  if (days < 7) return count(days, 'day')
  if (days < 30) return count(Math.floor(days / 7), 'week')
  if (days < 360) return count(Math.floor(days / 30), 'month')
  return count(Math.floor(days / 360), 'year')
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

function refusedByPolicy(strategy: RetryStrategy, last: Attempt): RetryDecision | undefined {
  const policy = strategy.retryPolicy || (strategy.expression ? 'Always' : 'OnFailure')
  const transient = policy === 'OnTransientError' && isTransient(last.message)
  const onFailed = policy === 'Always' || policy === 'OnFailure' || transient
  const onError = policy === 'Always' || policy === 'OnError' || transient
  if (last.phase === 'Failed' ? onFailed : onError) return undefined
  return { phase: last.phase, message: last.message }
}

function refusedByLimit(
  strategy: RetryStrategy,
  { count, last }: Attempts,
): RetryDecision | undefined {
  const limit = readInteger(strategy.limit)
  if (typeof limit === 'string') return { problem: limit }
  if (limit === undefined) return undefined
  return count > limit ? { phase: last.phase, message: 'No more retries left' } : undefined
}

function refusedByExpression(
  strategy: RetryStrategy,
  { count, last }: Attempts,
): RetryDecision | undefined {
  if (!strategy.expression) return undefined
  const result = evaluateCondition(strategy.expression, {
    retries: String(count - 1),
    lastRetry: {
      exitCode: last.exitCode ?? '-1',
      status: last.phase,
      duration: String((last.finishedAt - last.startedAt) / 1000),
      message: last.message,
    },
  })
  if ('problem' in result) return result
  return result.value
    ? undefined
    : { phase: last.phase, message: 'retryStrategy.expression evaluated to false' }
}
