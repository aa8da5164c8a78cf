const first = 10_000
const longest = 300_000
/** After running this long a container's restarts are forgiven. */
const forgiven = 600_000

/** The kubelet's wait before the next start: none at first, then 10 s doubling to 5 min. */
export class BackOff {
  #next = 0

  /** Milliseconds to wait after a run of `ranMs`. */
  after(ranMs: number): number {
    if (ranMs >= forgiven) this.#next = 0
    const wait = this.#next
    this.#next = wait === 0 ? first : Math.min(wait * 2, longest)
    return wait
  }
}
