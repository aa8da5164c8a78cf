import type {
  MutexHolding,
  SemaphoreHolding,
  Synchronization,
  SynchronizationStatus,
} from '../../spec/synchronization.ts'
import type { NodeRecord } from '../nodes.ts'
import type { Order } from '../order.ts'
import type { RunState } from '../run-state.ts'
import type { LockAnswer, LockRequest } from './lock-door.ts'
import {
  type LockItem,
  limitIn,
  limitPlaceOf,
  lockItems,
  lockNameOf,
  shownName,
} from './lock-item.ts'

/** A node that stands in line. */
export interface LockWaiter {
  readonly boundary: NodeRecord | undefined
  /** Its turn may have come. */
  turn(): void
  /** What it waits for may have to be said anew. */
  refresh(): void
  end(message: string): void
}

/** What a holder has or wants. */
interface Claim {
  readonly items: readonly LockItem[]
  readonly waiting: boolean
}

/**
 * One run's side of the locks that all workflows share: asks for them, knows what it has, and says so in its status.
 * What is given back is part of the decision: it is free for others only once that has been written.
 */
export class RunLocks {
  readonly #run: RunState
  readonly #claims = new Map<string, Claim>()
  readonly #waiters = new Map<string, LockWaiter>()
  /** Those that wait for more than one lock: which one they lack may change with every move of another. */
  readonly #choosy = new Set<LockWaiter>()
  #released: string[] = []
  #moved: boolean
  #taken = false

  constructor(run: RunState) {
    this.#run = run
    this.#moved = run.workflow.status?.synchronization !== undefined
  }

  get #workflow(): string {
    return `${this.#run.namespace}/${this.#run.name}`
  }

  /** The name under which a node takes locks. */
  holderOf(nodeId: string): string {
    return `${this.#workflow}/${nodeId}`
  }

  /** Asks for the workflow's own locks. */
  askForWorkflow(synchronization: Synchronization): LockAnswer {
    return this.ask({ holder: this.#workflow, order: [] }, synchronization)
  }

  keepForWorkflow(synchronization: Synchronization): void {
    this.keep({ holder: this.#workflow, order: [] }, synchronization)
  }

  ask(
    who: { readonly holder: string; readonly order: Order },
    synchronization: Synchronization,
  ): LockAnswer {
    const { locks } = this.#run.world
    if (locks === undefined) return { kind: 'refused', problem: 'nobody keeps locks here' }
    const items = lockItems(synchronization, this.#run.namespace)
    if ('problem' in items) return { kind: 'refused', problem: items.problem }
    const answer = locks.ask(this.#request(who, items))
    if (answer.kind === 'granted' && this.#claims.get(who.holder)?.waiting !== false) {
      this.#taken = true
    }
    if (answer.kind !== 'refused') {
      this.#claims.set(who.holder, { items, waiting: answer.kind === 'waiting' })
      this.#moved = true
    }
    return answer
  }

  /** Takes up what was persisted as held. */
  keep(
    who: { readonly holder: string; readonly order: Order },
    synchronization: Synchronization,
  ): void {
    const items = lockItems(synchronization, this.#run.namespace)
    if ('problem' in items) return
    this.#run.world.locks?.keep(this.#request(who, items))
    this.#claims.set(who.holder, { items, waiting: false })
    this.#moved = true
  }

  /** Takes up whatever is persisted as held: the workflow is suspended, and nobody in it asks. */
  keepAll(): void {
    const { semaphore, mutex } = this.#run.workflow.status?.synchronization ?? {}
    const held = new Map<string, LockItem[]>()
    const note = (holder: string, item: LockItem) =>
      held.set(holder, [...(held.get(holder) ?? []), item])
    for (const { semaphore: shown, holders } of semaphore?.holding ?? []) {
      const name = lockNameOf('semaphore', shown)
      const limitAt = limitPlaceOf(name)
      for (const holder of holders ?? []) {
        note(holder, { name, kind: 'semaphore', ...(limitAt && { limitAt }) })
      }
    }
    for (const { mutex: shown, holder = '' } of mutex?.holding ?? []) {
      note(holder, { name: lockNameOf('mutex', shown), kind: 'mutex' })
    }
    for (const [holder, items] of held) {
      this.#run.world.locks?.keep(this.#request({ holder, order: [] }, items))
      this.#claims.set(holder, { items, waiting: false })
    }
  }

  #request(
    { holder, order }: { readonly holder: string; readonly order: Order },
    items: readonly LockItem[],
  ): LockRequest {
    const { world, spec, workflow } = this.#run
    const locks = items.map(({ name, limitAt }) => ({
      name,
      limit:
        limitAt === undefined
          ? 1
          : limitIn(world.configMap(limitAt.name, limitAt.namespace), limitAt.key),
    }))
    const priority = spec.priority ?? 0
    return { holder, locks, priority, createdAt: workflow.metadata.creationTimestamp ?? '', order }
  }

  stand(holder: string, waiter: LockWaiter): void {
    this.#waiters.set(holder, waiter)
    if ((this.#claims.get(holder)?.items.length ?? 0) > 1) this.#choosy.add(waiter)
  }

  /** It waits no longer. */
  step(holder: string): void {
    const waiter = this.#waiters.get(holder)
    if (waiter === undefined) return
    this.#waiters.delete(holder)
    this.#choosy.delete(waiter)
  }

  release(holder: string): void {
    this.step(holder)
    if (!this.#claims.delete(holder)) return
    this.#released.push(holder)
    this.#moved = true
    for (const next of this.#run.world.locks?.giveBack(holder) ?? [])
      this.#waiters.get(next)?.turn()
  }

  /** Some of its nodes have been given what they waited for, or limits have changed. */
  hear(granted: readonly string[], limitsChanged: boolean): void {
    for (const holder of granted) this.#waiters.get(holder)?.turn()
    if (limitsChanged) for (const waiter of [...this.#waiters.values()]) waiter.refresh()
    this.#moved = true
  }

  /** Nothing more begins below this node: those who wait there need not. */
  giveUp(boundary: NodeRecord, message: string): void {
    for (const waiter of [...this.#waiters.values()]) {
      if (waiter.boundary === boundary) waiter.end(message)
    }
  }

  /** The workflow is over. */
  close(): void {
    for (const waiter of [...this.#waiters.values()]) waiter.end('workflow ended')
    this.#claims.clear()
    this.#released = []
    this.#moved = false
    this.#run.status.set('synchronization', undefined)
  }

  /** Locks have been taken since the last call. */
  takeTaken(): boolean {
    const taken = this.#taken
    this.#taken = false
    return taken
  }

  /** Says in the status what has changed; the result is who gives back what he has. */
  settle(): readonly string[] {
    if (this.#moved) this.#write()
    this.#moved = false
    const released = this.#released
    this.#released = []
    return released
  }

  #write(): void {
    for (const waiter of [...this.#choosy]) waiter.refresh()
    const { status } = this.#run
    const now = this.#status()
    const before = status.get('synchronization')
    if (JSON.stringify(now) !== JSON.stringify(before)) status.set('synchronization', now)
  }

  #status(): SynchronizationStatus | undefined {
    const semaphore = this.#semaphores()
    const mutex = this.#mutexes()
    if (semaphore === undefined && mutex === undefined) return undefined
    return { ...(semaphore && { semaphore }), ...(mutex && { mutex }) }
  }

  #semaphores(): SynchronizationStatus['semaphore'] {
    const holding = new Map<string, string[]>()
    for (const [holder, item] of this.#parts('semaphore', false)) {
      const name = shownName(item.name)
      const holders = holding.get(name)
      if (holders === undefined) holding.set(name, [holder])
      else holders.push(holder)
    }
    const waiting = this.#wanted('semaphore').map<SemaphoreHolding>(({ name, holders }) => ({
      semaphore: shownName(name),
      ...(holders.length > 0 && { holders }),
    }))
    if (holding.size === 0 && waiting.length === 0) return undefined
    return {
      ...(holding.size > 0 && {
        holding: [...holding].map(([name, holders]) => ({
          semaphore: name,
          holders: holders.sort(),
        })),
      }),
      ...(waiting.length > 0 && { waiting }),
    }
  }

  #mutexes(): SynchronizationStatus['mutex'] {
    const holding = [...this.#parts('mutex', false)].map<MutexHolding>(([holder, { name }]) => ({
      mutex: shownName(name),
      holder,
    }))
    // argo: MutexStatus.LockWaiting says nothing of a mutex that nobody holds.
    const waiting = this.#wanted('mutex').flatMap<MutexHolding>(({ name, holders }) =>
      holders[0] === undefined ? [] : [{ mutex: shownName(name), holder: holders[0] }],
    )
    if (holding.length === 0 && waiting.length === 0) return undefined
    return { ...(holding.length > 0 && { holding }), ...(waiting.length > 0 && { waiting }) }
  }

  *#parts(kind: LockItem['kind'], waiting: boolean): Generator<readonly [string, LockItem]> {
    for (const [holder, claim] of this.#claims) {
      if (claim.waiting !== waiting) continue
      for (const item of claim.items) if (item.kind === kind) yield [holder, item]
    }
  }

  /** The locks that anybody here waits for, with their holders. */
  #wanted(
    kind: LockItem['kind'],
  ): readonly { readonly name: string; readonly holders: readonly string[] }[] {
    const names = new Set([...this.#parts(kind, true)].map(([, { name }]) => name))
    return [...names].map((name) => ({
      name,
      holders: this.#run.world.locks?.holdersOf(name) ?? [],
    }))
  }
}
