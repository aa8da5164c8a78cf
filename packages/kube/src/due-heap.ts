/** What is due when: the earliest first, each key once. */
export class DueHeap {
  readonly #items: { at: number; readonly key: string }[] = []
  readonly #dueAt = new Map<string, number>()

  /** When the first one is due. */
  get next(): number | undefined {
    this.#dropStale()
    return this.#items[0]?.at
  }

  get size(): number {
    return this.#dueAt.size
  }

  /** Keeps the earlier time when the key is waiting already. */
  add(key: string, at: number): void {
    if ((this.#dueAt.get(key) ?? Number.POSITIVE_INFINITY) <= at) return
    this.#dueAt.set(key, at)
    this.#items.push({ at, key })
    this.#rise(this.#items.length - 1)
  }

  delete(key: string): void {
    this.#dueAt.delete(key)
  }

  /** Takes out all that are due, in order. */
  take(now: number): string[] {
    const keys: string[] = []
    for (let at = this.next; at !== undefined && at <= now; at = this.next) {
      const { key } = this.#pop()
      this.#dueAt.delete(key)
      keys.push(key)
    }
    return keys
  }

  /** A key that was moved forward or deleted leaves its old place behind. */
  #dropStale(): void {
    for (
      let top = this.#items[0];
      top && this.#dueAt.get(top.key) !== top.at;
      top = this.#items[0]
    ) {
      this.#pop()
    }
  }

  #pop() {
    const items = this.#items
    const [top] = items
    const last = items.pop()
    if (!top || !last) throw new Error('nothing is due')
    if (items.length > 0) {
      items[0] = last
      this.#sink()
    }
    return top
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1
      if (!this.#swap(parent, index)) return
      index = parent
    }
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const left = index * 2 + 1
      const smaller = this.#at(left + 1) < this.#at(left) ? left + 1 : left
      if (!this.#swap(index, smaller)) return
      index = smaller
    }
  }

  #at(index: number): number {
    return this.#items[index]?.at ?? Number.POSITIVE_INFINITY
  }

  /** Puts the earlier of the two above; false when it is there already. */
  #swap(above: number, below: number): boolean {
    const a = this.#items[above]
    const b = this.#items[below]
    if (!a || !b || a.at <= b.at) return false
    this.#items[above] = b
    this.#items[below] = a
    return true
  }
}
