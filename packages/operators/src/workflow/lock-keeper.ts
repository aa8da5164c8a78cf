import {
  type Change,
  type Decision,
  type LockDoor,
  Locks,
  limitIn,
  limitPlaceOf,
  lockNameOf,
  type Workflow,
  type World,
} from '@argosy/engine'

type Find = World['configMap']

/** One run's way to the locks; it remembers who has asked since the run was loaded. */
export interface Door extends LockDoor {
  readonly asked: ReadonlySet<string>
}

/**
 * The locks that all workflows share, and who must hear of what.
 *
 * K1. What a run is given counts from the moment it asks, also when the write that says so fails: it asks again then.
 * K2. What a run gives back is free for others once the write that says so is done.
 * K3. What a Workflow says that it holds is held before anybody asks (`adopt`).
 */
export class LockKeeper {
  readonly #locks = new Locks()
  readonly #find: Find
  readonly #tell: (workflow: string, change: Change) => void

  constructor(find: Find, tell: (workflow: string, change: Change) => void) {
    this.#find = find
    this.#tell = tell
  }

  adopt({ metadata, status }: Workflow): void {
    const own = `${metadata.namespace}/${metadata.name}`
    const { semaphore, mutex } = status?.synchronization ?? {}
    const isOwn = (holder: string) => holder === own || holder.startsWith(`${own}/`)
    const held = new Map<string, string[]>()
    const note = (holder: string | undefined, lock: string) => {
      if (holder === undefined || !isOwn(holder)) return
      held.set(holder, [...(held.get(holder) ?? []), lock])
    }
    for (const { mutex: lock, holder } of mutex?.holding ?? []) {
      note(holder, lockNameOf('mutex', lock))
    }
    for (const { semaphore: lock, holders } of semaphore?.holding ?? []) {
      for (const holder of holders ?? []) note(holder, lockNameOf('semaphore', lock))
    }
    for (const [holder, locks] of held) this.#locks.hold(holder, locks)
  }

  door(): Door {
    const locks = this.#locks
    const asked = new Set<string>()
    return {
      asked,
      ask: (request) => {
        asked.add(request.holder)
        return locks.ask(request)
      },
      keep: (request) => {
        asked.add(request.holder)
        const names = request.locks.map(({ name }) => name)
        for (const { name, limit } of request.locks) locks.setLimit(name, limit)
        locks.hold(request.holder, names)
      },
      giveBack: (holder) => locks.giveBack(holder),
      holdersOf: (lock) => locks.holdersOf(lock),
    }
  }

  /** A pass has been written. `first`: since its run was loaded; what it has not asked for is not needed any more. */
  settle(workflow: string, decision: Decision, first: Door | undefined): void {
    this.#locks.release(decision.unlock ?? [])
    if (first !== undefined) this.#locks.retain(workflow, first.asked)
    this.#wake()
  }

  /** The workflow is gone or over. */
  leave(workflow: string): void {
    this.#locks.leave(workflow)
    this.#wake()
  }

  /** ConfigMaps may have changed. */
  refresh(): void {
    for (const name of this.#locks.names()) {
      const place = limitPlaceOf(name)
      if (place === undefined) continue
      const limit = limitIn(this.#find(place.name, place.namespace), place.key)
      if (limit === undefined || limit === this.#locks.limitOf(name)) continue
      const line = this.#locks.lineOf(name)
      this.#locks.setLimit(name, limit)
      for (const key of new Set(line.map(workflowOf))) {
        this.#tell(key, { kind: 'locks', granted: [], limits: true })
      }
    }
    this.#wake()
  }

  #wake(): void {
    const byWorkflow = new Map<string, string[]>()
    for (const holder of this.#locks.takeGranted()) {
      const key = workflowOf(holder)
      byWorkflow.set(key, [...(byWorkflow.get(key) ?? []), holder])
    }
    for (const [key, granted] of byWorkflow) this.#tell(key, { kind: 'locks', granted })
  }
}

/** `ns/workflow` of `ns/workflow/node`. */
function workflowOf(holder: string): string {
  return holder.split('/', 2).join('/')
}
