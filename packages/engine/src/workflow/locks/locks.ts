import { compareOrder } from '../order.ts'
import type { LockAnswer, LockRequest } from './lock-door.ts'
import { databaseKeyOf, isMutex, shownName } from './lock-item.ts'

interface Lock {
  readonly name: string
  limit: number | undefined
  readonly holders: Set<string>
  /** Who waits, the first to go first. */
  readonly line: Waiting[]
}

interface Waiting {
  readonly request: LockRequest
  readonly workflow: string
  /** When the workflow first came here: among equals the first comes first. */
  readonly arrival: number
}

/**
 * All locks of one installation, who holds them and who waits for them. Pure: nothing here knows of a clock or a server.
 *
 * L1. A request takes all its locks at once or none.
 * L2. Whoever waits stands in the line of every lock it asks for; lines are ordered by priority, then by the age of the
 *     workflow. Only a workflow that stands first may take a lock; its nodes may overtake each other where the first cannot go. (argo: checkAcquire.)
 * L3. Whoever can go on is granted as soon as something is freed, and named by `takeGranted`: nobody else is woken.
 * L4. What `giveBack` says is free for the same workflow at once, and for others only with `release`.
 * L5. A lock never has more holders than its limit but by `hold` (what was persisted) or by a limit that was lowered.
 */
export class Locks {
  readonly #locks = new Map<string, Lock>()
  /** Locks by their holder. */
  readonly #held = new Map<string, Set<string>>()
  readonly #waiting = new Map<string, Waiting>()
  /** Holders and waiting ones by their workflow. */
  readonly #members = new Map<string, Set<string>>()
  readonly #arrivals = new Map<string, number>()
  /** Holders that are done, before that is written. */
  readonly #leaving = new Set<string>()
  #granted: string[] = []
  #arrived = 0

  ask(request: LockRequest): LockAnswer {
    const unknown = request.locks.find(({ name, limit }) => !this.#locks.has(name) && !limit)
    if (unknown !== undefined) {
      return {
        kind: 'refused',
        problem: `failed to initialize semaphore ${shownName(unknown.name)} with limit`,
      }
    }
    this.#leaving.delete(request.holder)
    for (const { name, limit } of request.locks) {
      const lock = this.#lock(name)
      lock.limit = limit ?? lock.limit
    }
    const waiting = this.#hasAll(request) ? undefined : this.#enqueue(request)
    if (waiting !== undefined && this.#mayGo(waiting)) this.#take(waiting)
    // A limit may have been raised, or it may have asked before with a higher priority: others may go on.
    this.#grant(new Set(request.locks.map(({ name }) => name)))
    return waiting === undefined || this.#hasAll(request)
      ? { kind: 'granted' }
      : this.#answer(waiting)
  }

  /** Makes somebody a holder, whatever the limit. */
  hold(holder: string, locks: readonly string[]): void {
    this.#dequeue(holder)
    this.#leaving.delete(holder)
    for (const name of locks) this.#add(holder, this.#lock(name))
  }

  /** The holder is done, but others must not know yet; the result is who of its own workflow goes on with what it had. */
  giveBack(holder: string): readonly string[] {
    const changed = new Set(this.#dequeue(holder))
    for (const name of this.#held.get(holder) ?? []) changed.add(name)
    this.#leaving.add(holder)
    this.#grant(changed)
    const workflow = workflowOf(holder)
    return this.#granted.filter((other) => workflowOf(other) === workflow)
  }

  /** Gives back what these hold, and takes them out of the lines. */
  release(holders: Iterable<string>): void {
    const touched = new Set<string>()
    for (const holder of holders) {
      for (const name of this.#dequeue(holder)) touched.add(name)
      for (const name of this.#held.get(holder) ?? []) {
        this.#locks.get(name)?.holders.delete(holder)
        touched.add(name)
      }
      this.#held.delete(holder)
      this.#leaving.delete(holder)
      this.#forgetMember(holder)
    }
    this.#grant(touched)
    for (const name of touched) {
      const lock = this.#locks.get(name)
      if (lock?.holders.size === 0 && lock.line.length === 0) this.#locks.delete(name)
    }
  }

  /** A workflow is gone or over. */
  leave(workflow: string): void {
    this.release([...(this.#members.get(workflow) ?? [])])
    this.#arrivals.delete(workflow)
  }

  /** Gives back whatever a workflow has or waits for, but for these. */
  retain(workflow: string, holders: ReadonlySet<string>): void {
    const stale = [...(this.#members.get(workflow) ?? [])].filter((one) => !holders.has(one))
    this.release(stale)
  }

  /** A limit that is not known leaves the last one. */
  setLimit(name: string, limit: number | undefined): void {
    const lock = this.#lock(name)
    if (limit === undefined || lock.limit === limit) return
    lock.limit = limit
    this.#grant(new Set([name]))
  }

  limitOf(name: string): number | undefined {
    return this.#locks.get(name)?.limit
  }

  /** Those who are done are none any more, although nobody else may know yet. */
  holdersOf(name: string): readonly string[] {
    const holders = [...(this.#locks.get(name)?.holders ?? [])]
    return holders.filter((holder) => !this.#leaving.has(holder)).sort()
  }

  names(): readonly string[] {
    return [...this.#locks.keys()]
  }

  /** Who waits for a lock, the first to go first. */
  lineOf(name: string): readonly string[] {
    return this.#locks.get(name)?.line.map(({ request }) => request.holder) ?? []
  }

  /** Who has been given what it waited for since the last call. */
  takeGranted(): readonly string[] {
    const granted = this.#granted
    this.#granted = []
    return granted
  }

  #lock(name: string): Lock {
    const known = this.#locks.get(name)
    if (known !== undefined) return known
    const limit = isMutex(name) ? 1 : undefined
    const lock: Lock = { name, limit, holders: new Set(), line: [] }
    this.#locks.set(name, lock)
    return lock
  }

  #hasAll({ holder, locks }: LockRequest): boolean {
    const held = this.#held.get(holder)
    return held !== undefined && locks.every(({ name }) => held.has(name))
  }

  #enqueue(request: LockRequest): Waiting {
    const { holder, locks } = request
    this.#dequeue(holder)
    const workflow = workflowOf(holder)
    this.#addMember(workflow, holder)
    const waiting = { request, workflow, arrival: this.#arrivalOf(workflow) }
    this.#waiting.set(holder, waiting)
    for (const { name } of locks) {
      const { line } = this.#lock(name)
      line.splice(placeIn(line, waiting), 0, waiting)
    }
    return waiting
  }

  #arrivalOf(workflow: string): number {
    const known = this.#arrivals.get(workflow)
    if (known !== undefined) return known
    this.#arrivals.set(workflow, ++this.#arrived)
    return this.#arrived
  }

  /** Takes somebody out of all lines; the result is the lines. */
  #dequeue(holder: string): readonly string[] {
    const waiting = this.#waiting.get(holder)
    if (waiting === undefined) return []
    this.#waiting.delete(holder)
    for (const { name } of waiting.request.locks) {
      const line = this.#locks.get(name)?.line ?? []
      const at = placeIn(line, waiting)
      if (line[at] === waiting) line.splice(at, 1)
    }
    return waiting.request.locks.map(({ name }) => name)
  }

  #mayGo({ request, workflow }: Waiting): boolean {
    return request.locks.every(({ name }) => {
      const lock = this.#lock(name)
      if (lock.holders.has(request.holder)) return true
      return this.#hasRoom(lock, workflow) && lock.line[0]?.workflow === workflow
    })
  }

  #take({ request, workflow }: Waiting): void {
    const { holder, locks } = request
    this.#dequeue(holder)
    for (const { name } of locks) {
      const lock = this.#lock(name)
      if (lock.holders.size >= (lock.limit ?? 0)) this.#takeOver(lock, workflow)
      this.#add(holder, lock)
    }
  }

  #hasRoom(lock: Lock, workflow: string): boolean {
    const { holders, limit = 0 } = lock
    return holders.size - this.#leavingFrom(lock, workflow).length < limit
  }

  #leavingFrom({ holders }: Lock, workflow: string): readonly string[] {
    if (this.#leaving.size === 0) return []
    return [...this.#leaving].filter((one) => holders.has(one) && workflowOf(one) === workflow)
  }

  #takeOver(lock: Lock, workflow: string): void {
    const [leaving] = this.#leavingFrom(lock, workflow)
    if (leaving === undefined) return
    lock.holders.delete(leaving)
    this.#held.get(leaving)?.delete(lock.name)
  }

  #add(holder: string, lock: Lock): void {
    lock.holders.add(holder)
    const held = this.#held.get(holder)
    if (held === undefined) this.#held.set(holder, new Set([lock.name]))
    else held.add(lock.name)
    this.#addMember(workflowOf(holder), holder)
  }

  /**
   * Lets everybody go on who can, now that these locks have changed, the first of all lines first; whoever leaves a line
   * may make way in others.
   */
  #grant(changed: ReadonlySet<string>): void {
    const ready = new Map<string, Waiting>()
    const look = (name: string) => {
      const lock = this.#locks.get(name)
      const next = lock && this.#nextIn(lock)
      if (next === undefined) ready.delete(name)
      else ready.set(name, next)
    }
    for (const name of changed) look(name)
    for (let next = first(ready); next !== undefined; next = first(ready)) {
      this.#granted.push(next.request.holder)
      this.#take(next)
      for (const { name } of next.request.locks) look(name)
      for (const [name, waiting] of ready) if (!this.#mayGo(waiting)) look(name)
    }
  }

  #nextIn(lock: Lock): Waiting | undefined {
    const { line } = lock
    const first = line[0]?.workflow
    if (first === undefined || !this.#hasRoom(lock, first)) return undefined
    for (const waiting of line) {
      if (waiting.workflow !== first) return undefined
      if (this.#mayGo(waiting)) return waiting
    }
    return undefined
  }

  // argo: checkAcquire's messages.
  #answer({ request, workflow }: Waiting): LockAnswer {
    for (const { name } of request.locks) {
      const lock = this.#lock(name)
      const { holders, limit = 0, line } = lock
      if (holders.has(request.holder)) continue
      const shown = shownName(name)
      const key = databaseKeyOf(name)
      if (limit === 0 && key === undefined) {
        const message = `Failed to get semaphore limit for ${name}`
        return { kind: 'waiting', lock: shown, message }
      }
      if (this.#hasRoom(lock, workflow) && line[0]?.workflow === workflow) continue
      // argo: of a database the first number says how many have it, else how many more may have it.
      const message =
        key === undefined
          ? `Waiting for ${name} lock. Lock status: ${limit - holders.size}/${limit}`
          : `Waiting for ${shown} lock (${key}). Lock status: ${holders.size}/${limit}`
      return { kind: 'waiting', lock: shown, message }
    }
    return { kind: 'granted' }
  }

  #addMember(workflow: string, holder: string): void {
    const members = this.#members.get(workflow)
    if (members === undefined) this.#members.set(workflow, new Set([holder]))
    else members.add(holder)
  }

  #forgetMember(holder: string): void {
    const workflow = workflowOf(holder)
    const members = this.#members.get(workflow)
    members?.delete(holder)
    if (members?.size === 0) this.#members.delete(workflow)
  }
}

/** `ns/workflow` of `ns/workflow/node`. */
export function workflowOf(holder: string): string {
  const [namespace, name] = holder.split('/')
  return `${namespace}/${name}`
}

function first(ready: ReadonlyMap<string, Waiting>): Waiting | undefined {
  let found: Waiting | undefined
  for (const one of ready.values()) {
    if (found === undefined || compare(one, found) < 0) found = one
  }
  return found
}

function placeIn(line: readonly Waiting[], waiting: Waiting): number {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = line[middle]
    if (other !== undefined && compare(other, waiting) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function compare(a: Waiting, b: Waiting): number {
  const { priority, createdAt, order, holder } = a.request
  const other = b.request
  return (
    other.priority - priority ||
    compareText(createdAt, other.createdAt) ||
    a.arrival - b.arrival ||
    compareOrder(order, other.order) ||
    compareText(holder, other.holder)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
