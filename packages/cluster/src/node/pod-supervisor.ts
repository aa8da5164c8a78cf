import type { Pod } from '@argosy/engine'
import { ignore, type Ref, resources } from '@argosy/kube'
import { mayBeAt, podRequests, type Standing, turnedAway } from '@argosy/kube/placement'
import type { PodListener } from './pod-source.ts'
import { unschedulableStatus } from './pod-status.ts'
import { PodWorker } from './pod-worker.ts'
import { discard, discardScratch, type Leftover, leftovers } from './recovery.ts'
import type { World } from './world.ts'

const elsewhere = "node(s) didn't match Pod's node affinity/selector"

/** Gives every pod that is ours, or nobody's, a place in the queue, then a worker, then nothing any more. */
export class PodSupervisor implements PodListener {
  readonly #world: World
  readonly #onError: (error: unknown) => void
  readonly #workers = new Map<string, PodWorker>()
  readonly #waiting = new Map<string, Pod>()
  /** Their story is over; news of their end may still be overtaken by what was read before it, after a watch that broke. */
  readonly #over = new Set<string>()
  /** They are on their way to the disk: what can be made ready for them is, and nothing is started. */
  readonly #foreseen = new Set<string>()
  /** Pods that the node does not want as it stands, and why. */
  readonly #held = new Map<string, { readonly pod: Pod; readonly why: string }>()
  #standing: Standing | undefined
  readonly #pending = new Set<Promise<void>>()
  #seen = false

  constructor(world: World, onError: (error: unknown) => void) {
    this.#world = world
    this.#onError = onError
  }

  async replaced(pods: readonly Pod[]): Promise<void> {
    const known = new Map(pods.map((pod) => [uidOf(pod), pod]))
    for (const all of [this.#workers, this.#waiting, this.#held]) {
      for (const uid of [...all.keys()]) if (!known.has(uid)) this.#gone(uid)
    }
    for (const uid of [...this.#over, ...this.#foreseen]) if (!known.has(uid)) this.#forget(uid)
    if (!this.#seen) await this.#takeOver(known)
    this.#seen = true
    for (const pod of pods.toSorted(byArrival)) this.changed(pod)
    this.told()
  }

  /** A pod that nobody can make sense of must not be the end of the others. */
  changed(pod: Pod): void {
    this.#guarded(() => this.#change(pod))
  }

  /** Told early of one that is on its way to the disk. */
  foreseen(pod: Pod): void {
    this.#guarded(() => this.#foresee(pod))
  }

  #guarded(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#onError(error)
    }
  }

  #change(pod: Pod): void {
    const uid = uidOf(pod)
    const worker = this.#workers.get(uid)
    this.#foreseen.delete(uid)
    if (worker) worker.update(pod)
    else if (!this.#isOurs(pod)) this.#withdraw(uid)
    else if (pod.metadata.deletionTimestamp) this.#bury(pod)
    else if (isFinal(pod)) {
      this.#over.delete(uid)
      this.#withdraw(uid)
    } else if (!this.#over.has(uid)) this.#offer(uid, pod)
  }

  #foresee(pod: Pod): void {
    const uid = uidOf(pod)
    const isKnown = [this.#workers, this.#waiting, this.#held, this.#over].some((all) =>
      all.has(uid),
    )
    if (isKnown || !this.#isOurs(pod) || isFinal(pod)) return
    this.#foreseen.add(uid)
    this.#offer(uid, pod)
  }

  #offer(uid: string, pod: Pod): void {
    const why = this.#whyNot(pod)
    if (why !== undefined) this.#hold(uid, pod, why)
    else {
      this.#held.delete(uid)
      this.#waiting.set(uid, pod)
      this.#world.admission.offer(uid, podRequests(pod))
    }
  }

  /** Whoever has bound a pod to this node had nothing against it. */
  #whyNot({ spec }: Pod): string | undefined {
    if (spec.nodeName) return undefined
    // Who names a node means it: a DaemonSet has a pod for each. Labels are those of whatever pool was thought of.
    if (spec.affinity && !mayBeAt(spec, this.#world.host.nodeName)) return elsewhere
    if (this.#standing === undefined) return undefined
    return turnedAway(spec.tolerations, this.#standing)
  }

  #hold(uid: string, pod: Pod, why: string): void {
    const before = this.#held.get(uid)
    this.#withdraw(uid)
    this.#held.set(uid, { pod, why })
    if (before?.why !== why) this.#tellWhy(pod, `0/1 nodes are available: 1 ${why}.`)
  }

  /** The node wants other pods than before. */
  stands(standing: Standing): void {
    const isOpen = !standing.isCordoned && standing.taints.length === 0
    if (isOpen && this.#standing === undefined) return
    this.#standing = isOpen ? undefined : standing
    for (const [uid, pod] of [...this.#waiting]) this.#offer(uid, pod)
    for (const [uid, { pod }] of [...this.#held]) this.#offer(uid, pod)
    this.told()
  }

  removed(pod: Pod): void {
    this.#forget(uidOf(pod))
    this.#gone(uidOf(pod))
  }

  told(): void {
    this.#world.admission.pump()
  }

  /** Called by the admission: the pod's turn has come. */
  start(uid: string): void {
    const pod = this.#waiting.get(uid)
    this.#waiting.delete(uid)
    try {
      if (pod) this.#work(pod)
      else this.#world.admission.release(uid)
    } catch (error) {
      this.#onError(error)
      queueMicrotask(() => this.#world.admission.release(uid))
    }
  }

  /** Called by the admission: the pod is first in its line and does not fit. */
  unschedulable(uid: string, message: string): void {
    const pod = this.#waiting.get(uid)
    if (pod) this.#tellWhy(pod, message)
  }

  #tellWhy(pod: Pod, message: string): void {
    const { client, clock } = this.#world
    const status = unschedulableStatus(message, clock.now())
    const write = client
      .patch(refOf(pod), {
        type: 'merge',
        subresource: 'status',
        body: { status: status as never },
      })
      .catch(ignore('NotFound'))
    this.#follow(write.then(() => undefined))
  }

  /** Resolves when no write or clean-up of our own is under way. Workers may still wait for their containers. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending)
  }

  #isOurs({ spec }: Pod): boolean {
    return !spec.nodeName || spec.nodeName === this.#world.host.nodeName
  }

  /** What an earlier node left: its pods go on, the leavings of others are removed. */
  async #takeOver(known: ReadonlyMap<string, Pod>): Promise<void> {
    const { dataDir, admission, runtime, host } = this.#world
    const left = new Map(await leftovers(dataDir))
    await discardScratch(runtime, dataDir, left).catch(this.#onError)
    for (const [uid, { spec }] of known) {
      if (spec.nodeName === host.nodeName && !left.has(uid)) left.set(uid, { containers: [] })
    }
    for (const entry of left) {
      const [uid, leftover] = entry
      const pod = known.get(uid)
      if (!pod || isFinal(pod) || !this.#isOurs(pod)) {
        // What cannot be removed must not be the end of the others.
        await discard(runtime, dataDir, entry).catch(this.#onError)
      } else if (!this.#workers.has(uid)) {
        admission.adopt(uid, podRequests(pod))
        this.#work(pod, leftover)
      }
    }
  }

  #work(pod: Pod, left?: Leftover): void {
    const uid = uidOf(pod)
    const worker = new PodWorker(pod, this.#world, { left, foreseen: this.#foreseen.has(uid) })
    this.#workers.set(uid, worker)
    worker
      .run()
      .then(() => void this.#over.add(uid))
      .catch((error: unknown) => {
        if (!this.#world.signal.aborted) this.#onError(error)
      })
      .finally(() => {
        this.#workers.delete(uid)
        this.#world.admission.release(uid)
        this.#world.addresses.release(uid)
        this.#world.names.forget(uid)
      })
  }

  /** A pod that waits here is asked to go: nothing of it runs, so nothing has to be waited for. */
  #bury(pod: Pod): void {
    this.#withdraw(uidOf(pod))
    const { uid } = pod.metadata
    const options = { gracePeriodSeconds: 0, ...(uid !== undefined && { uid }) }
    const removal = this.#world.client
      .remove(refOf(pod), options)
      .catch(ignore('NotFound', 'Conflict'))
    this.#follow(removal.then(() => undefined))
  }

  #withdraw(uid: string): void {
    this.#held.delete(uid)
    if (this.#waiting.delete(uid)) this.#world.admission.release(uid)
  }

  #forget(uid: string): void {
    this.#over.delete(uid)
    this.#foreseen.delete(uid)
  }

  #gone(uid: string): void {
    this.#withdraw(uid)
    this.#workers.get(uid)?.stop('gone', 0)
  }

  #follow(work: Promise<void>): void {
    this.#pending.add(work)
    work
      .catch((error: unknown) => {
        if (!this.#world.signal.aborted) this.#onError(error)
      })
      .finally(() => this.#pending.delete(work))
  }
}

function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? ''
}

function refOf({ metadata }: Pod): Ref {
  return {
    resource: resources.pods,
    namespace: metadata.namespace ?? 'default',
    name: metadata.name ?? '',
  }
}

function isFinal({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

function byArrival(a: Pod, b: Pod): number {
  const [left, right] = [a, b].map(({ metadata }) => metadata.creationTimestamp ?? '')
  if (left !== right) return (left ?? '') < (right ?? '') ? -1 : 1
  return Number(a.metadata.resourceVersion ?? 0) - Number(b.metadata.resourceVersion ?? 0)
}
