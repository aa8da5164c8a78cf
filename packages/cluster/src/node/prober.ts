import type { Container, Pod } from '@argosy/engine'
import type { Clock } from '@argosy/kube'
import type { Events } from './events.ts'
import { type Probe, type ProbeKind, probeOf } from './probe.ts'
import { attemptProbe, type Probed } from './probe-attempt.ts'

/** What probes find out, and what they may do about it. */
export interface ProbeTold {
  readonly ready?: boolean
  readonly started?: boolean
}

interface Options {
  readonly container: Container
  readonly pod: Pod
  readonly probed: Probed
  readonly startedAt: number
  readonly clock: Clock
  readonly events: Events
  /** Aborts when the container has ended, or the node goes away. */
  readonly signal: AbortSignal
  tell(told: ProbeTold): void
  /** Ends the container; the pod's policy says whether it is started anew. */
  kill(graceMs: number | undefined): void
}

/** What is said of a container that has just begun to run. */
export function atFirst(container: Container): Required<ProbeTold> {
  const started = probeOf(container, 'startup') === undefined
  return { started, ready: started && probeOf(container, 'readiness') === undefined }
}

/**
 * Asks a running container how it is, until it ends. kubelet: prober/worker.go.
 *
 * A container that has not started yet is asked for nothing else. It is ready when its readiness probe says so, or
 * without one when it has started.
 */
export async function probeContainer(options: Options): Promise<void> {
  const { container, signal } = options
  const startup = probeOf(container, 'startup')
  const readiness = probeOf(container, 'readiness')
  const liveness = probeOf(container, 'liveness')
  try {
    if (startup !== undefined) {
      await ask(options, 'startup', startup)
      options.tell({ started: true, ready: readiness === undefined })
    }
    await Promise.all([
      readiness && ask(options, 'readiness', readiness),
      liveness && ask(options, 'liveness', liveness),
    ])
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Resolves when there is nothing left to ask for. */
async function ask(options: Options, kind: ProbeKind, probe: Probe): Promise<void> {
  const { clock, signal, startedAt } = options
  const hear = kind === 'readiness' ? readiness(options) : life(options, kind, probe)
  const verdict = judge(probe)
  await clock.until(startedAt + probe.initialDelayMs, signal)
  for (;;) {
    const problem = await attempt(options, probe)
    signal.throwIfAborted()
    if (problem.kind !== 'none') complain(options, kind, problem.message)
    const good = verdict(problem)
    if (good && kind === 'startup') return
    if (good !== undefined) hear(good)
    await clock.until(clock.now() + probe.periodMs, signal)
  }
}

/** What so many answers mean; undefined as long as nothing follows from them. */
function judge(probe: Probe): (problem: Problem) => boolean | undefined {
  let good = 0
  let bad = 0
  return ({ kind }) => {
    good = kind === 'none' ? good + 1 : 0
    bad = kind === 'failure' ? bad + 1 : 0
    if (good >= probe.successThreshold) return true
    return bad >= probe.failureThreshold ? false : undefined
  }
}

/** Tells what is new. */
function readiness({ tell }: Options): (good: boolean) => void {
  let ready = false
  return (good) => {
    if (good !== ready) tell({ ready: good })
    ready = good
  }
}

/** Ends the container once. */
function life(options: Options, kind: ProbeKind, probe: Probe): (good: boolean) => void {
  const { container, pod, events } = options
  let ended = false
  return (good) => {
    if (good || ended) return
    ended = true
    const message = `Container ${container.name} failed ${kind} probe, will be restarted`
    events.emit(pod, { type: 'Normal', reason: 'Killing', message })
    options.kill(probe.graceMs)
  }
}

function complain({ pod, events }: Options, kind: ProbeKind, problem: string): void {
  const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}`
  const message = `${name} probe failed: ${problem}`
  // Each of them once: a probe that fails every second says the same every second.
  events.emitOnce(`${pod.metadata.uid}/${message}`, pod, {
    type: 'Warning',
    reason: 'Unhealthy',
    message,
  })
}

/** Of what cannot be found out nothing follows. */
type Problem =
  | { readonly kind: 'none' }
  | { readonly kind: 'failure' | 'unknown'; readonly message: string }

async function attempt({ clock, probed, signal }: Options, probe: Probe): Promise<Problem> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const late = clock
    .until(clock.now() + probe.timeoutMs, either)
    .then(() => 'context deadline exceeded')
  try {
    const message = await Promise.race([attemptProbe(probe.action, probed, either), late])
    return message === undefined ? { kind: 'none' } : { kind: 'failure', message }
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) }
  } finally {
    over.abort()
  }
}
