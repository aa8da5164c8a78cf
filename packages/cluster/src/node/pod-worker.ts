import type { Pod } from '@argosy/engine'
import { firstTurn, runContainer } from './container-runner.ts'
import { ContainerSet } from './container-set.ts'
import { Ephemerals } from './ephemerals.ts'
import { keepTokensFresh } from './fresh-tokens.ts'
import { type Past, PodContext } from './pod-context.ts'
import { finish } from './pod-ending.ts'
import { prepare } from './pod-preparation.ts'
import { isSidecar } from './restarts.ts'
import { Sidecars } from './sidecars.ts'
import type { StopReason } from './stopper.ts'
import type { World } from './world.ts'

/**
 * One pod from its admission to its end.
 *
 * 1. A container's directory is made before the container: what has one is never started again.
 * 2. The step's report and the pod's final status leave in one turn of the event loop, in this order.
 * 3. Files are removed only after the final status is durable; logs never.
 * 4. When the node goes away nothing is stopped and nothing more is written.
 */
export class PodWorker {
  readonly #context: PodContext
  readonly #sidecars: Sidecars
  readonly #ephemerals: Ephemerals
  #deadlineSeconds: number | undefined
  #deadline: AbortController | undefined

  constructor(pod: Pod, world: World, past: Past) {
    this.#context = new PodContext(pod, world, past)
    this.#sidecars = new Sidecars(this.#context)
    this.#ephemerals = new Ephemerals(this.#context)
  }

  /** Resolves when the pod's story is over, rejects when the node goes away. */
  async run(): Promise<void> {
    const { world } = this.#context
    try {
      await this.#live()
    } catch (error) {
      world.signal.throwIfAborted()
      if (this.#context.state.over) throw error
      world.warn(error)
      await this.#abandon(error instanceof Error ? error.message : String(error))
    }
  }

  /** What nobody foresaw, as a full disk, must not leave the pod as if it were on its way still: it fails, and says why. */
  async #abandon(why: string): Promise<void> {
    const context = this.#context
    const message = `the node could not go on with the pod: ${why}`
    this.stop('broken', 0)
    await this.#sidecars.end().catch(() => undefined)
    await this.#ephemerals.end()
    const failure = { reason: 'UnexpectedError', message }
    context.state = { ...context.state, failure, stageError: message }
    await finish(context)
  }

  async #live(): Promise<void> {
    const context = this.#context
    const stepDeadline = context.plan?.deadline
    if (stepDeadline !== undefined) {
      this.#stopAt(Date.parse(stepDeadline), 'step deadline', context.world.signal)
    }
    this.#look()
    if (await prepare(context)) {
      const over = this.#keepTokensFresh()
      this.#ephemerals.begin()
      try {
        if (await runInits(context, this.#sidecars)) await runMains(context)
        await this.#sidecars.end()
        await this.#ephemerals.end()
      } finally {
        over?.abort()
      }
    }
    await endRest(context)
    await finish(context)
  }

  /** Until what is returned aborts, or the node goes away. */
  #keepTokensFresh(): AbortController | undefined {
    const { pod, volumes, world, left } = this.#context
    const { api, clock } = world
    if (!api || volumes.size === 0) return undefined
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, world.signal])
    const onError = (error: unknown) =>
      world.events.emitOnce(`${pod.metadata.uid}/tokens`, pod, {
        ...{ type: 'Warning', reason: 'FailedMount', message: `token: ${String(error)}` },
      })
    keepTokensFresh(pod, volumes, { api, clock, signal, onError, isTakenOver: left !== undefined })
    return over
  }

  /** The pod's object has changed, or is on the disk now. */
  update(pod: Pod): void {
    this.#context.pod = pod
    this.#context.arrive()
    this.#look()
  }

  #look(): void {
    const context = this.#context
    const { pod } = context
    this.#ephemerals.look()
    const { phase } = pod.status ?? {}
    if (pod.metadata.deletionTimestamp) this.stop('deleted', deletionGraceMs(pod))
    else if ((phase === 'Succeeded' || phase === 'Failed') && !context.state.over) {
      this.stop('finished elsewhere', 0)
    } else this.#armDeadline(pod.spec.activeDeadlineSeconds)
  }

  stop(reason: StopReason, graceMs: number): void {
    this.#context.stopper.stop(reason, graceMs)
    // Who waits for it to be there waits for nothing: it has to end.
    this.#context.arrive()
  }

  #armDeadline(seconds: number | undefined): void {
    if (seconds === this.#deadlineSeconds) return
    this.#deadlineSeconds = seconds
    this.#deadline?.abort()
    if (seconds === undefined) return
    this.#deadline = new AbortController()
    const { state, world } = this.#context
    const signal = AbortSignal.any([this.#deadline.signal, world.signal])
    this.#stopAt(state.startedAt + seconds * 1000, 'deadline', signal)
  }

  #stopAt(at: number, reason: StopReason, signal: AbortSignal): void {
    const { graceMs, world } = this.#context
    if (at <= world.clock.now()) {
      this.stop(reason, graceMs)
      return
    }
    world.clock.until(at, signal).then(
      () => this.stop(reason, graceMs),
      () => undefined,
    )
  }
}

function deletionGraceMs({ metadata, spec }: Pod): number {
  return (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) * 1000
}

/** One after the other; false when one of them ended the pod. */
async function runInits(context: PodContext, sidecars: Sidecars): Promise<boolean> {
  for (const { spec } of context.state.inits) {
    if (isSidecar(spec)) {
      if (await sidecars.begin(spec)) continue
      return false
    }
    const ended = await runContainer(spec, true, context)
    if (ended) context.ended.set(spec.name, ended)
    if (context.stopper.isStopped) return false
    if (context.record(spec.name).state.terminated?.exitCode !== 0) return false
  }
  return true
}

async function runMains(context: PodContext): Promise<void> {
  const { mains, state, stopper, plan, world } = context
  const members = plan?.template.containerSet
  const set = members && new ContainerSet(members, context)
  const open = new Set(mains)
  const sidecars = state.containers.map(({ spec }) => spec.name).filter((name) => !open.has(name))
  world.progress.join(context)
  const runs = state.containers.map(async ({ spec }) => {
    const ended = await (set?.run(spec) ?? runContainer(spec, false, context))
    if (ended) context.ended.set(spec.name, ended)
    // argo: the step is over with its main containers; its sidecars are ended then.
    if (open.delete(spec.name) && open.size === 0) stopper.dismiss(sidecars, context.graceMs)
  })
  await allOver(runs, () => {
    if (!world.signal.aborted) stopper.stop('broken', 0)
  })
}

/** Throws what the first of them throws, but not before the last one is over. */
async function allOver(runs: readonly Promise<void>[], onError: () => void): Promise<void> {
  for (const run of runs) run.catch(onError)
  await Promise.allSettled(runs)
  await Promise.all(runs)
}

/** What an earlier node has started, and this one had no time to look after: the pod had to end before that. */
async function endRest(context: PodContext): Promise<void> {
  const rest = [...context.recovered].filter(([name]) => context.record(name).id === undefined)
  await Promise.all(
    rest.map(async ([name, { running }]) => {
      if (!context.stopper.isStopped) running?.kill('SIGKILL')
      const turn = await firstTurn(context.record(name).spec, context)
      if (turn?.run) context.ended.set(name, turn.run)
    }),
  )
}
