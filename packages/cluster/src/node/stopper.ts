import type { Clock } from '@argosy/kube'
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

/** Ends a pod's containers: SIGTERM, and SIGKILL after the grace. The first reason stays; a shorter grace wins. */
export class Stopper {
  reason: StopReason | undefined
  readonly #clock: Clock
  readonly #life: AbortSignal
  readonly #stopped = new AbortController()
  readonly #running = new Map<string, Running>()
  #killAt = Number.POSITIVE_INFINITY

  constructor(clock: Clock, life: AbortSignal) {
    this.#clock = clock
    this.#life = life
  }

  /** Aborts when the pod has to stop. */
  get signal(): AbortSignal {
    return this.#stopped.signal
  }

  get isStopped(): boolean {
    return this.reason !== undefined
  }

  /** A container started too late is ended like the others. */
  add(name: string, running: Running): void {
    this.#running.set(name, running)
    if (this.isStopped) running.kill(this.#clock.now() < this.#killAt ? 'SIGTERM' : 'SIGKILL')
  }

  remove(name: string): void {
    this.#running.delete(name)
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
    if (graceMs > 0 && first) this.#signal('SIGTERM', this.#running.keys())
    this.#killLater(killAt, () => this.#running.keys())
    if (first) this.#stopped.abort()
  }

  /** Ends these containers and lets the pod go on. */
  end(names: readonly string[], graceMs: number): void {
    const left = names.filter((name) => this.#running.has(name))
    if (left.length === 0) return
    this.#signal('SIGTERM', left)
    this.#killLater(this.#clock.now() + graceMs, () => left)
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
