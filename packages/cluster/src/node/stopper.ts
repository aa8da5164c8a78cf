import type { Clock } from '@argosy/kube'
import type { Hook } from './hook.ts'
import type { Running } from './runtime.ts'

/** Why a pod's containers are ended before their time. */
export type StopReason =
  /** The pod's activeDeadlineSeconds. */
  | 'deadline'
  /** The step's own deadline. */
  | 'step deadline'
  /** The pod was asked to go. */
  | 'deleted'
  /** The object is gone: there is nobody to report to. */
  | 'gone'
  /** Somebody else wrote a final phase. */
  | 'finished elsewhere'
  /** This node met with what nobody foresaw. */
  | 'broken'

/** Why the kubelet ends containers; whatever else ends them is upstream's executor, which runs no hooks. */
const hooked: readonly StopReason[] = ['deadline', 'deleted']

/** kubelet: minimumGracePeriodInSeconds; what a container has left when its hook has used up all its time. */
const leastGraceMs = 2000

/**
 * Ends a pod's containers: SIGTERM, and SIGKILL after the grace. The first reason stays; a shorter grace wins. A
 * container's preStop hook goes first, on its time.
 */
export class Stopper {
  reason: StopReason | undefined
  readonly #clock: Clock
  readonly #life: AbortSignal
  readonly #stopped = new AbortController()
  readonly #running = new Map<string, Running>()
  readonly #hooks = new Map<string, Hook>()
  readonly #hookFailed: (container: string, error: unknown) => void
  readonly #unwanted = new Map<string, AbortController>()
  #killAt = Number.POSITIVE_INFINITY

  constructor(
    clock: Clock,
    life: AbortSignal,
    hookFailed: (container: string, error: unknown) => void,
  ) {
    this.#clock = clock
    this.#life = life
    this.#hookFailed = hookFailed
  }

  /** Aborts when the pod has to stop. */
  get signal(): AbortSignal {
    return this.#stopped.signal
  }

  get isStopped(): boolean {
    return this.reason !== undefined
  }

  /** The pod can do without this container, or has to stop as a whole. */
  isUnwanted(name: string): boolean {
    return this.isStopped || this.#unwanted.get(name)?.signal.aborted === true
  }

  /** Aborts when it becomes so. */
  signalOf(name: string): AbortSignal {
    return AbortSignal.any([this.#stopped.signal, this.#unwantedOf(name).signal])
  }

  /** A container started too late is ended like the others. */
  add(name: string, running: Running, preStop?: Hook): void {
    this.#running.set(name, running)
    if (preStop) this.#hooks.set(name, preStop)
    if (this.#unwanted.get(name)?.signal.aborted) running.kill('SIGTERM')
    if (this.isStopped) running.kill(this.#clock.now() < this.#killAt ? 'SIGTERM' : 'SIGKILL')
  }

  remove(name: string): void {
    this.#running.delete(name)
    this.#hooks.delete(name)
  }

  isRunning(name: string): boolean {
    return this.#running.has(name)
  }

  /** By container. */
  get running(): ReadonlyMap<string, Running> {
    return this.#running
  }

  get runs(): boolean {
    return this.#running.size > 0
  }

  stop(reason: StopReason, graceMs: number): void {
    const first = !this.isStopped
    this.reason ??= reason
    const killAt = this.#clock.now() + graceMs
    if (killAt >= this.#killAt) return
    this.#killAt = killAt
    const names = [...this.#running.keys()]
    const slow = graceMs > 0 && first && hooked.includes(reason) ? this.#withHook(names) : []
    if (graceMs > 0 && first) this.#signal('SIGTERM', without(names, slow))
    this.#endSlowly(slow, killAt)
    this.#killLater(killAt, () => without([...this.#running.keys()], slow))
    // A shorter grace leaves no hook any time.
    if (!first) this.#killLater(killAt, () => this.#running.keys())
    if (first) this.#stopped.abort()
  }

  /** The same for containers that nobody needs any more: those that do not run yet need not start. */
  dismiss(names: readonly string[], graceMs: number): void {
    for (const name of names) this.#unwantedOf(name).abort()
    this.end(names, graceMs)
  }

  #unwantedOf(name: string): AbortController {
    const found = this.#unwanted.get(name) ?? new AbortController()
    this.#unwanted.set(name, found)
    return found
  }

  /** Ends these containers and lets the pod go on. No hook of theirs is run: this is how upstream ends sidecars. */
  end(names: readonly string[], graceMs: number): void {
    const left = names.filter((name) => this.#running.has(name))
    if (left.length === 0) return
    this.#signal('SIGTERM', left)
    this.#killLater(this.#clock.now() + graceMs, () => left)
  }

  /** Ends sidecars of the pod's own, as the kubelet does it: with their hooks, and for good. */
  retire(names: readonly string[], graceMs: number): void {
    for (const name of names) {
      this.#unwantedOf(name).abort()
      this.replace(name, graceMs)
    }
  }

  /** Ends one that its pod can do without, as the kubelet does it: with its hook. */
  replace(name: string, graceMs: number): void {
    if (graceMs <= 0 || this.#withHook([name]).length === 0) this.end([name], graceMs)
    else this.#endSlowly([name], this.#clock.now() + graceMs)
  }

  #withHook(names: readonly string[]): readonly string[] {
    return names.filter((name) => this.#hooks.has(name))
  }

  #endSlowly(names: readonly string[], killAt: number): void {
    for (const name of names) {
      this.#afterHook(name, killAt).then(
        () => {
          this.#signal('SIGTERM', [name])
          const least = this.#clock.now() + leastGraceMs
          this.#killLater(Math.max(killAt, least), () => [name])
        },
        () => undefined,
      )
    }
  }

  /** Resolves when the hook is over, or its time; rejects when the node goes away. */
  async #afterHook(name: string, killAt: number): Promise<void> {
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.#life])
    const done = this.#hooks.get(name)?.run(signal)
    const tooLate = this.#clock.until(killAt, signal)
    done?.catch((error: unknown) => {
      if (!signal.aborted) this.#hookFailed(name, error)
    })
    await Promise.race([done?.catch(() => undefined), tooLate])
    this.#life.throwIfAborted()
    tooLate.catch(() => undefined)
    over.abort()
  }

  #killLater(at: number, names: () => Iterable<string>): void {
    if (at <= this.#clock.now()) {
      this.#signal('SIGKILL', names())
      return
    }
    this.#clock.until(at, this.#life).then(
      () => this.#signal('SIGKILL', names()),
      () => undefined,
    )
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL', names: Iterable<string>): void {
    for (const name of [...names]) this.#running.get(name)?.kill(signal)
  }
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name))
}
