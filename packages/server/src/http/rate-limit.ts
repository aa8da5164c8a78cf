/** How many requests of one address are answered within a second. */
export class RateLimit {
  readonly #most: number
  #second = Number.NaN
  /** Of this second only: nobody is remembered for longer. */
  #asked = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Whether one more may be answered. */
  take(address: string, now: number): boolean {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#asked = new Map()
    }
    const asked = (this.#asked.get(address) ?? 0) + 1
    this.#asked.set(address, asked)
    return asked <= this.#most
  }
}
