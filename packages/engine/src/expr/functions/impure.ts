/** Where functions get what they cannot compute: the time and randomness. */
export interface Impure {
  /** Milliseconds since 1970. */
  now(): number
  /** That many random bytes. */
  random(size: number): Uint8Array
}
