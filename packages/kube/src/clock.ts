/** Time as an argument: everything that reads or waits for the time is given one of these. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Resolves at `at` or later; rejects with the signal's reason when aborted. */
  until(at: number, signal?: AbortSignal): Promise<void>
}
