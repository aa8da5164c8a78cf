import { type Container, type ContainerSetTemplate, parseDuration } from '@argosy/engine'
import { runningSince, terminated } from './container-record.ts'
import {
  type Ended,
  firstTurn,
  freshTurn,
  type Surroundings,
  type Turn,
} from './container-runner.ts'
import type { PodContext } from './pod-context.ts'

/**
 * The containers of one pod that wait for each other; a member may be tried several times. What upstream's emissary does
 * inside of each container is done here, before it is started: a member that waits is Running all the same.
 */
export class ContainerSet {
  readonly #set: ContainerSetTemplate
  readonly #context: PodContext
  readonly #runs = new Map<string, Promise<Ended | undefined>>()

  constructor(set: ContainerSetTemplate, context: PodContext) {
    this.#set = set
    this.#context = context
  }

  /** Runs a member to its end, once; undefined when nothing of it is left to look at. */
  run(container: Container): Promise<Ended | undefined> {
    const known = this.#runs.get(container.name)
    if (known !== undefined) return known
    const run = this.#run(container)
    this.#runs.set(container.name, run)
    return run
  }

  async #run(container: Container): Promise<Ended | undefined> {
    const { recovered, stopper } = this.#context
    // What an earlier node has started has waited already.
    if (!recovered.has(container.name) && !(await this.#mayStart(container))) return undefined
    if (stopper.isStopped) return undefined
    const pause = this.#pauseMs()
    if ('problem' in pause) {
      this.#end(container.name, 64, `failed to get retry strategy: ${pause.problem}`)
      return undefined
    }
    return this.#attempts(container, pause.ms)
  }

  /** False when a member that it waits for has failed, or the pod has to stop; then it has ended. */
  async #mayStart({ name }: Container): Promise<boolean> {
    const { stopper, world } = this.#context
    const { dependencies = [] } = this.#set.containers.find((one) => one.name === name) ?? {}
    if (dependencies.length === 0) return true
    this.#context.update(name, { state: runningSince(world.clock.now()) })
    for (const dependency of dependencies) {
      await this.#endOf(dependency)
      world.signal.throwIfAborted()
      if (stopper.isStopped) return this.#end(name, 143)
      const code = this.#exitCodes.get(dependency) ?? this.#codeOf(dependency)
      if (code === 0) continue
      // argo: the emissary leaves the code of what has failed to those that wait for it, and ends with 64 itself.
      this.#exitCodes.set(name, code)
      return this.#end(name, 64, `dependency "${dependency}" exited with non-zero code: ${code}`)
    }
    return true
  }

  /** What members that never ran tell those that wait for them. */
  readonly #exitCodes = new Map<string, number>()

  async #endOf(name: string): Promise<void> {
    const { state, stopper } = this.#context
    const record = state.containers.find(({ spec }) => spec.name === name)
    if (record === undefined || stopper.isStopped) return
    const stopped = new Promise<void>((resolve) => {
      stopper.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([this.run(record.spec), stopped])
  }

  #codeOf(name: string): number {
    const { state } = this.#context
    const record = state.containers.find(({ spec }) => spec.name === name)
    return record?.state.terminated?.exitCode ?? 64
  }

  #end(name: string, code: number, message?: string): false {
    const now = this.#context.world.clock.now()
    const { running } = this.#context.record(name).state
    const since = Date.parse(running?.startedAt ?? '') || now
    this.#context.update(name, { state: terminated({ code, finishedAt: now }, since, message) })
    return false
  }

  /** Each attempt begins with the files of the container's image; what is in volumes stays. */
  async #attempts(container: Container, pauseMs: number): Promise<Ended | undefined> {
    const { recovered, stopper } = this.#context
    const first = recovered.get(container.name)?.attempt ?? 0
    for (let attempt = first; ; attempt++) {
      const quiet = new Quiet(this.#context)
      const turn: Turn | undefined =
        attempt === first
          ? await firstTurn(container, quiet)
          : await freshTurn(container, attempt, quiet)
      const over = turn === undefined || turn.exit.code === 0 || attempt + 1 >= this.#tries
      if (over || stopper.isStopped) {
        quiet.speak()
        return turn?.run
      }
      await this.#context.pause(pauseMs)
    }
  }

  // argo: `retries` counts all attempts. With 0 upstream never runs the command at all; we run it once.
  get #tries(): number {
    return Math.max(1, Math.trunc(Number(this.#set.retryStrategy?.retries ?? 1)) || 1)
  }

  #pauseMs(): { readonly ms: number } | { readonly problem: string } {
    const { duration } = this.#set.retryStrategy ?? {}
    if (!duration) return { ms: 0 }
    const parsed = parseDuration(duration)
    if ('error' in parsed) return { problem: parsed.error }
    if (parsed.ms >= 0) return parsed
    return { problem: `duration has to be positive, current duration: ${duration} ` }
  }
}

/** The pod as one attempt sees it: how it ended is told only when no other follows. */
class Quiet implements Surroundings {
  readonly #context: PodContext
  #held: readonly [string, Parameters<Surroundings['update']>[1]] | undefined

  constructor(context: PodContext) {
    this.#context = context
  }

  get stopper() {
    return this.#context.stopper
  }

  get recovered() {
    return this.#context.recovered
  }

  ingredients(container: Container) {
    return this.#context.ingredients(container)
  }

  there() {
    return this.#context.there()
  }

  record(name: string) {
    return this.#context.record(name)
  }

  update(name: string, change: Parameters<Surroundings['update']>[1]): void {
    if (change.state?.terminated) this.#held = [name, change]
    else this.#context.update(name, { ...change, restartCount: 0 })
  }

  refused(container: Container, refusal: Parameters<Surroundings['refused']>[1]): boolean {
    return this.#context.refused(container, refusal)
  }

  pause(ms: number, name?: string): Promise<void> {
    return this.#context.pause(ms, name)
  }

  speak(): void {
    if (this.#held !== undefined) this.#context.update(...this.#held)
  }
}
