import type { Pod, PodStatus } from '@argosy/engine'
import { type Ref, resources } from '@argosy/kube'
import type { HostFacts } from './downward.ts'
import { type Persisted, persist } from './persist.ts'
import { type PodRecord, podStatus } from './pod-status.ts'
import type { Stopper } from './stopper.ts'
import type { World } from './world.ts'

/** The pod as it is now. */
interface Reported {
  readonly world: World
  readonly stopper: Stopper
  readonly pod: Pod
  readonly state: PodRecord
  readonly host: HostFacts
}

/** Writes one pod's status: soon while it runs, at once when it is over. */
export class PodReporter {
  readonly #context: Reported
  #written: PodStatus | undefined
  #bound: boolean
  #writing: Promise<void> | undefined
  #stale = false

  constructor(context: Reported) {
    this.#context = context
    this.#written = context.pod.status
    this.#bound = context.pod.spec.nodeName !== undefined && context.pod.spec.nodeName !== ''
  }

  /** The status has changed: it is written in a moment, unless more comes. */
  later(): void {
    if (!this.#context.state.over) this.#context.world.statuses.later(this.#flush)
  }

  /** Resolves when no write is under way, so that what is sent next cannot be overtaken. */
  async quiet(): Promise<void> {
    this.#context.world.statuses.cancel(this.#flush)
    await this.#writing
  }

  /** Sends the status in this turn of the event loop. */
  now(): Promise<Persisted> {
    return this.#send()
  }

  readonly #flush = (): void => {
    const { world, state } = this.#context
    if (world.signal.aborted || state.over) return
    this.#stale = true
    if (this.#writing !== undefined) return
    this.#writing = this.#drain().finally(() => {
      this.#writing = undefined
    })
  }

  async #drain(): Promise<void> {
    while (this.#stale && !this.#context.state.over) {
      this.#stale = false
      await this.#send()
    }
  }

  async #send(): Promise<Persisted> {
    const { world, stopper } = this.#context
    const outcome = await persist(world, () => this.#write())
    if (outcome === 'gone') stopper.stop('gone', 0)
    return outcome
  }

  async #write(): Promise<void> {
    const { pod, state, world, host } = this.#context
    const { client, clock } = world
    const ref: Ref = {
      resource: resources.pods,
      namespace: pod.metadata.namespace ?? 'default',
      name: pod.metadata.name ?? '',
    }
    const status = podStatus(pod, state, {
      hostIP: host.hostIP,
      podIP: host.podIP,
      now: clock.now(),
      previous: this.#written,
    })
    const uid = pod.metadata.uid
    const metadata = { ...(uid !== undefined && { uid }) }
    await client.patch(ref, {
      type: 'merge',
      subresource: 'status',
      body: {
        metadata,
        ...(!this.#bound && { spec: { nodeName: host.nodeName } }),
        status: status as never,
      },
    })
    this.#bound = true
    this.#written = status
  }
}
