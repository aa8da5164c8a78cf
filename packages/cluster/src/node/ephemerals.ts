import type { EphemeralContainer } from '@argosy/engine'
import { terminated } from './container-record.ts'
import { firstTurn } from './container-runner.ts'
import type { PodContext } from './pod-context.ts'
import { unsupportedInEphemeral } from './supported-fields.ts'

/**
 * The containers that somebody puts into a pod while it lives, to look around in it. Each is run once, whatever the
 * pod's policy; nobody waits for them, and they end with the pod.
 */
export class Ephemerals {
  readonly #context: PodContext
  readonly #running = new Map<string, Promise<void>>()
  #isOpen = false

  constructor(context: PodContext) {
    this.#context = context
  }

  /** The pod's volumes are there: from now on they may be started. */
  begin(): void {
    this.#isOpen = true
    this.look()
  }

  /** Starts those that are new. */
  look(): void {
    const { pod, stopper } = this.#context
    if (!this.#isOpen || stopper.isStopped) return
    for (const spec of pod.spec.ephemeralContainers ?? []) {
      if (this.#running.has(spec.name)) continue
      this.#context.addEphemeral(spec)
      this.#running.set(spec.name, this.#run(spec))
    }
  }

  async end(): Promise<void> {
    this.#isOpen = false
    const { stopper, graceMs } = this.#context
    stopper.dismiss([...this.#running.keys()], graceMs)
    await Promise.all(this.#running.values())
  }

  async #run(spec: EphemeralContainer): Promise<void> {
    const context = this.#context
    const { world } = context
    const fields = unsupportedInEphemeral(spec, world.runtime)
    if (fields.length > 0) {
      const now = world.clock.now()
      const startError = `this node does not support ${fields.join(', ')}`
      const state = terminated({ code: 128, finishedAt: now, startError }, now, undefined)
      return context.update(spec.name, { state })
    }
    try {
      const turn = await firstTurn(spec, context)
      if (turn?.run) context.ended.set(spec.name, turn.run)
    } catch (error) {
      // What goes wrong with a guest is no harm to the pod.
      if (!world.signal.aborted) world.warn(error)
    }
  }
}
