/** How many workflows may run at the same time; 0 is no limit. */
interface Limits {
  readonly total: number
  readonly perNamespace: number
  /** Namespaces with a limit of their own. */
  readonly own: ReadonlyMap<string, number>
}

interface Pending {
  readonly key: string
  readonly namespace: string
  readonly priority: number
  readonly createdAt: string
  readonly arrival: number
}

/**
 * Lets no more workflows run than there is room for: the higher priority goes first, then the older one. What runs is
 * never stopped. Pure. argo: multiThrottler.
 */
export class Throttle {
  readonly #running = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  /** By namespace, the first to go first. */
  readonly #pending = new Map<string, Pending[]>()
  readonly #waiting = new Map<string, Pending>()
  #limits: Limits = { total: 0, perNamespace: 0, own: new Map() }
  #admitted: string[] = []
  #arrived = 0

  /** True when it may run. Asking again is harmless, and heeds another priority. */
  admit(key: string, rank: { readonly priority: number; readonly createdAt: string }): boolean {
    if (this.#running.has(key)) return true
    const namespace = key.slice(0, key.indexOf('/'))
    const arrival = this.#waiting.get(key)?.arrival ?? ++this.#arrived
    this.#dequeue(key)
    const pending = { key, namespace, arrival, ...rank }
    const line = this.#pending.get(namespace) ?? []
    line.splice(placeIn(line, pending), 0, pending)
    this.#pending.set(namespace, line)
    this.#waiting.set(key, pending)
    this.#fill()
    this.#admitted = this.#admitted.filter((other) => other !== key)
    return this.#running.has(key)
  }

  /** It runs already, whatever the limits. */
  hold(key: string): void {
    if (this.#running.has(key)) return
    this.#dequeue(key)
    this.#start(key, key.slice(0, key.indexOf('/')))
  }

  remove(key: string): void {
    this.#dequeue(key)
    const namespace = this.#running.get(key)
    if (namespace === undefined) return
    this.#running.delete(key)
    this.#counts.set(namespace, (this.#counts.get(namespace) ?? 1) - 1)
    this.#fill()
  }

  set limits(limits: Limits) {
    this.#limits = limits
    this.#fill()
  }

  /** Who may run since the last call. */
  takeAdmitted(): readonly string[] {
    const admitted = this.#admitted
    this.#admitted = []
    return admitted
  }

  #fill(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#dequeue(next.key)
      this.#start(next.key, next.namespace)
      this.#admitted.push(next.key)
    }
  }

  #next(): Pending | undefined {
    const { total } = this.#limits
    if (total > 0 && this.#running.size >= total) return undefined
    let best: Pending | undefined
    for (const [namespace, [first]] of this.#pending) {
      if (first === undefined || !this.#hasRoom(namespace)) continue
      if (best === undefined || compare(first, best) < 0) best = first
    }
    return best
  }

  #hasRoom(namespace: string): boolean {
    const limit = this.#limits.own.get(namespace) ?? this.#limits.perNamespace
    return limit <= 0 || (this.#counts.get(namespace) ?? 0) < limit
  }

  #start(key: string, namespace: string): void {
    this.#running.set(key, namespace)
    this.#counts.set(namespace, (this.#counts.get(namespace) ?? 0) + 1)
  }

  #dequeue(key: string): void {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    this.#waiting.delete(key)
    const line = this.#pending.get(waiting.namespace) ?? []
    line.splice(placeIn(line, waiting), 1)
    if (line.length === 0) this.#pending.delete(waiting.namespace)
  }
}

function placeIn(line: readonly Pending[], pending: Pending): number {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = line[middle]
    if (other !== undefined && compare(other, pending) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function compare(a: Pending, b: Pending): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return a.arrival - b.arrival
}
