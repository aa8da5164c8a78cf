import type { Container } from '@argosy/engine'
import { waiting } from './container-record.ts'
import type { Surroundings } from './container-runner.ts'
import type { Refusal } from './refusal.ts'

const retryMs = 10_000
const longest = 300_000
/** How long a failed pull is shown before the wait for the next one is. */
const shownMs = 1_000

/** A kubelet's patience with a container that cannot be created: what was refused for good is not tried again. */
export class Patience {
  readonly #container: Container
  readonly #around: Surroundings
  /** For the image: 10 s at first, doubling to 5 min. */
  #pull = retryMs

  constructor(container: Container, around: Surroundings) {
    this.#container = container
    this.#around = around
  }

  /** Waits until it may be tried again. */
  async rest(refusal: Refusal): Promise<void> {
    if (!refusal.retry) return this.#pause(Number.POSITIVE_INFINITY)
    if (refusal.reason !== 'ErrImagePull') return this.#pause(retryMs)
    await this.#pause(shownMs)
    if (this.#around.stopper.isUnwanted(this.#container.name)) return
    this.#tell(refusal)
    await this.#pause(this.#pull)
    this.#pull = Math.min(this.#pull * 2, longest)
  }

  #pause(ms: number): Promise<void> {
    return this.#around.pause(ms, this.#container.name)
  }

  #tell({ reason, message }: Refusal): void {
    const { name, image = '' } = this.#container
    const { world, pod } = this.#around.ingredients(this.#container)
    const words = `Back-off pulling image "${image}"`
    const state = waiting('ImagePullBackOff', `${words}: ${reason}: ${message}`)
    this.#around.update(name, { state })
    world.events.emit(pod, { type: 'Normal', reason: 'BackOff', message: words })
  }
}
