import type { Amounts } from '@argosy/kube/placement'

export interface AdmissionOptions {
  readonly capacity: Amounts
  /** Pods that may be here at once. */
  readonly pods: number
  /** Pods that may be on their way from admitted to launched. */
  readonly starts: number
  start(uid: string): void
  /** Said once for each pod that reached the front and does not fit. */
  unschedulable(uid: string, message: string): void
}

/**
 * Which pod may start next: by order of arrival among those that fit. A pod that does not fit holds back only pods that
 * ask for the same amounts, so a waiting pod costs nothing, whatever their number.
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #lines = new Map<string, Line>()
  readonly #lineOf = new Map<string, Line>()
  readonly #here = new Map<string, Amounts>()
  readonly #starting = new Set<string>()
  readonly #told = new Set<string>()
  readonly #used: Record<string, number> = {}
  #arrivals = 0
  #closed = false

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  /** Queues a pod; call `pump` when all that arrived together are in. */
  offer(uid: string, amounts: Amounts): void {
    if (this.#lineOf.has(uid) || this.#here.has(uid)) return
    const key = JSON.stringify(amounts)
    let line = this.#lines.get(key)
    if (!line) {
      line = { key, amounts, waiting: new Map() }
      this.#lines.set(key, line)
    }
    line.waiting.set(uid, this.#arrivals++)
    this.#lineOf.set(uid, line)
  }

  /** Counts a pod that is here already, whatever the limits say. */
  adopt(uid: string, amounts: Amounts): void {
    this.#take(uid, amounts)
  }

  isWaiting(uid: string): boolean {
    return this.#lineOf.has(uid)
  }

  /** The pod's programs run: the next may start. */
  launched(uid: string): void {
    if (this.#starting.delete(uid)) this.pump()
  }

  /** The pod has left, or does not want to come any more. */
  release(uid: string): void {
    const line = this.#lineOf.get(uid)
    if (line) this.#leave(uid, line)
    const amounts = this.#here.get(uid)
    if (amounts) {
      this.#here.delete(uid)
      this.#starting.delete(uid)
      for (const [name, amount] of Object.entries(amounts)) {
        this.#used[name] = (this.#used[name] ?? 0) - amount
      }
    }
    this.#told.delete(uid)
    if (line || amounts) this.pump()
  }

  close(): void {
    this.#closed = true
  }

  /** Starts whatever may start now. */
  pump(): void {
    while (!this.#closed && this.#starting.size < this.#options.starts) {
      if (this.#here.size >= this.#options.pods) return
      const next = this.#next()
      if (!next) return
      const { uid, line } = next
      this.#leave(uid, line)
      this.#take(uid, line.amounts)
      this.#starting.add(uid)
      this.#options.start(uid)
    }
  }

  #next(): { uid: string; line: Line } | undefined {
    let best: { uid: string; line: Line; arrival: number } | undefined
    for (const line of this.#lines.values()) {
      const [first] = line.waiting
      if (!first) continue
      const [uid, arrival] = first
      const missing = this.#missing(line.amounts)
      if (missing.length > 0) this.#tell(uid, missing)
      else if (!best || arrival < best.arrival) best = { uid, line, arrival }
    }
    return best
  }

  #missing(amounts: Amounts): readonly string[] {
    return Object.keys(amounts).filter((name) => {
      const amount = amounts[name] ?? 0
      return amount > 0 && (this.#used[name] ?? 0) + amount > (this.#options.capacity[name] ?? 0)
    })
  }

  #tell(uid: string, missing: readonly string[]): void {
    if (this.#told.has(uid)) return
    this.#told.add(uid)
    const reasons = missing.map((name) => `1 Insufficient ${name}`).join(', ')
    this.#options.unschedulable(uid, `0/1 nodes are available: ${reasons}.`)
  }

  #take(uid: string, amounts: Amounts): void {
    this.#here.set(uid, amounts)
    for (const [name, amount] of Object.entries(amounts)) {
      this.#used[name] = (this.#used[name] ?? 0) + amount
    }
  }

  #leave(uid: string, line: Line): void {
    line.waiting.delete(uid)
    this.#lineOf.delete(uid)
    if (line.waiting.size === 0) this.#lines.delete(line.key)
  }
}

/** Pods that ask for the same amounts, with their numbers of arrival. */
interface Line {
  readonly key: string
  readonly amounts: Amounts
  readonly waiting: Map<string, number>
}
