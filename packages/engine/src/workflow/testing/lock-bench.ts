import type { Workflow } from '../../spec/workflow.ts'
import type { Change, Decision } from '../decision.ts'
import type { LockDoor, LockRequest } from '../locks/lock-door.ts'
import { lockNameOf } from '../locks/lock-item.ts'
import { Locks, workflowOf } from '../locks/locks.ts'
import type { LockSnapshot } from '../oracle/lock-book.ts'

/** Plays whoever keeps the locks of all workflows, as plainly as can be. */
export class LockBench {
  locks = new Locks()
  readonly #asked = new Map<string, LockRequest>()
  readonly #members = new Map<string, (change: Change) => void>()

  readonly door: LockDoor = {
    ask: (request) => {
      this.#asked.set(request.holder, request)
      return this.locks.ask(request)
    },
    keep: ({ holder, locks }) => {
      for (const { name, limit } of locks) this.locks.setLimit(name, limit)
      this.locks.hold(
        holder,
        locks.map(({ name }) => name),
      )
    },
    giveBack: (holder) => this.locks.giveBack(holder),
    holdersOf: (lock) => this.locks.holdersOf(lock),
  }

  /** Everything that the oracle may know of locks. */
  snapshot(): LockSnapshot {
    const names = this.locks.names()
    const waiting = new Set(names.flatMap((name) => this.locks.lineOf(name)))
    return {
      limits: new Map(names.map((name) => [name, this.locks.limitOf(name)])),
      holders: new Map(names.map((name) => [name, this.locks.holdersOf(name)])),
      line: [...waiting].flatMap((holder) => this.#asked.get(holder) ?? []),
    }
  }

  join(workflow: Workflow, tell: (change: Change) => void): void {
    this.#members.set(keyOf(workflow), tell)
  }

  /** The workflow's run is lost; what its status says that it holds is held. */
  reload(workflow: Workflow): void {
    this.locks.retain(keyOf(workflow), new Set())
    for (const [holder, names] of heldBy(workflow)) this.locks.hold(holder, names)
    this.#wake()
  }

  /** The process is started anew: what the statuses of all say that they hold is held, nobody stands in line. */
  restart(workflows: readonly Workflow[]): void {
    this.locks = new Locks()
    for (const workflow of workflows) {
      for (const [holder, names] of heldBy(workflow)) this.locks.hold(holder, names)
    }
  }

  /** A decision has been written. */
  settle(workflow: Workflow, { unlock = [], done }: Decision): void {
    this.locks.release(unlock)
    if (done) this.locks.leave(keyOf(workflow))
    this.#wake()
  }

  setLimit(lock: string, limit: number): void {
    this.locks.setLimit(lock, limit)
    for (const tell of this.#members.values()) tell({ kind: 'locks', granted: [], limits: true })
    this.#wake()
  }

  #wake(): void {
    for (const holder of this.locks.takeGranted()) {
      this.#members.get(workflowOf(holder))?.({ kind: 'locks', granted: [holder] })
    }
  }
}

function keyOf({ metadata }: Workflow): string {
  return `${metadata.namespace}/${metadata.name}`
}

/** What a workflow's status says that it holds. */
function heldBy({ status }: Workflow): ReadonlyMap<string, readonly string[]> {
  const held = new Map<string, string[]>()
  const note = (holder: string, lock: string) =>
    held.set(holder, [...(held.get(holder) ?? []), lock])
  const { mutex, semaphore } = status?.synchronization ?? {}
  for (const { mutex: lock, holder = '' } of mutex?.holding ?? []) {
    note(holder, lockNameOf('mutex', lock))
  }
  for (const { semaphore: lock, holders } of semaphore?.holding ?? []) {
    for (const holder of holders ?? []) note(holder, lockNameOf('semaphore', lock))
  }
  return held
}
