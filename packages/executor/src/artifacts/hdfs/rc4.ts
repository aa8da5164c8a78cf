/** A stream cipher that Java's SASL still uses and OpenSSL no longer has. Both directions are the same. */
export function rc4(key: Uint8Array): (bytes: Uint8Array) => Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, at) => at)
  const swap = (a: number, b: number) => {
    const before = state[a] ?? 0
    const after = state[b] ?? 0
    state[a] = after
    state[b] = before
    return (before + after) & 0xff
  }
  for (let at = 0, other = 0; at < 256; at++) {
    other = (other + (state[at] ?? 0) + (key[at % key.length] ?? 0)) & 0xff
    swap(at, other)
  }
  let [i, j] = [0, 0]
  return (bytes) => {
    const out = Buffer.alloc(bytes.length)
    for (let at = 0; at < bytes.length; at++) {
      i = (i + 1) & 0xff
      j = (j + (state[i] ?? 0)) & 0xff
      out[at] = (bytes[at] ?? 0) ^ (state[swap(i, j)] ?? 0)
    }
    return out
  }
}
