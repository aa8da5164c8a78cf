import { fnv1a32 } from './names.ts'

/**
 * Bytes that look random and follow from `seed` alone: what a run's expressions get for chance (`sprig.randAlphaNum`),
 * since the engine has none. Not for secrets.
 */
export function seededBytes(seed: string): (size: number) => Uint8Array {
  let state = fnv1a32(seed) || 1
  return (size) =>
    Uint8Array.from({ length: size }, () => {
      // Marsaglia's xorshift, 32 bits.
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 0xff
    })
}
