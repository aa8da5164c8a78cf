/*
 * FIPS 180-4 in pure code, because the engine has no platform's crypto. SHA-256 and SHA-512 are one
 * algorithm with words of 32 and 64 bits; their constants are roots of primes, worked out once.
 */

export function sha256(bytes: Uint8Array): string {
  return sha2(bytes, {
    width: 32,
    rounds: 64,
    sums: [2, 13, 22, 6, 11, 25],
    schedule: [7, 18, 3, 17, 19, 10],
  })
}

export function sha512(bytes: Uint8Array): string {
  return sha2(bytes, {
    width: 64,
    rounds: 80,
    sums: [28, 34, 39, 14, 18, 41],
    schedule: [1, 8, 7, 19, 61, 6],
  })
}

type Six = readonly [number, number, number, number, number, number]

interface Sizes {
  readonly width: 32 | 64
  readonly rounds: number
  readonly sums: Six
  readonly schedule: Six
}

function sha2(bytes: Uint8Array, sizes: Sizes): string {
  const { width } = sizes
  const primes = firstPrimes(sizes.rounds)
  const constants = primes.map((prime) => rootFraction(prime, 3n, width))
  let state = primes.slice(0, 8).map((prime) => rootFraction(prime, 2n, width))
  for (const block of blocks(bytes, width))
    state = sha2Block(state, expand(block, sizes), constants, sizes)
  return state.map((word) => word.toString(16).padStart(width / 4, '0')).join('')
}

function expand(block: readonly bigint[], { width, rounds, schedule }: Sizes): bigint[] {
  const [a, b, c, d, e, f] = schedule
  const words = [...block]
  const at = (index: number) => words[index] ?? 0n
  for (let i = 16; i < rounds; i++) {
    const low = at(i - 15)
    const high = at(i - 2)
    const s0 = rotate(low, a, width) ^ rotate(low, b, width) ^ (low >> BigInt(c))
    const s1 = rotate(high, d, width) ^ rotate(high, e, width) ^ (high >> BigInt(f))
    words.push(BigInt.asUintN(width, at(i - 16) + s0 + at(i - 7) + s1))
  }
  return words
}

function sha2Block(
  state: readonly bigint[],
  words: readonly bigint[],
  constants: readonly bigint[],
  { width, sums }: Sizes,
): bigint[] {
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state
  for (const [index, word] of words.entries()) {
    const s1 = rotate(e, sums[3], width) ^ rotate(e, sums[4], width) ^ rotate(e, sums[5], width)
    const choice = (e & f) ^ (~e & g)
    const t1 = h + s1 + choice + (constants[index] ?? 0n) + word
    const s0 = rotate(a, sums[0], width) ^ rotate(a, sums[1], width) ^ rotate(a, sums[2], width)
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c))
    ;[h, g, f, e] = [g, f, e, BigInt.asUintN(width, d + t1)]
    ;[d, c, b, a] = [c, b, a, BigInt.asUintN(width, t1 + t2)]
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => BigInt.asUintN(width, word + (state[i] ?? 0n)))
}

function rotate(word: bigint, count: number, width: number): bigint {
  return (word >> BigInt(count)) | BigInt.asUintN(width, word << BigInt(width - count))
}

/** The message in blocks of 16 words, padded with its length. */
function* blocks(bytes: Uint8Array, width: 32 | 64): Generator<bigint[]> {
  const wordBytes = width / 8
  const blockBytes = wordBytes * 16
  const size = Math.ceil((bytes.length + 1 + wordBytes * 2) / blockBytes) * blockBytes
  const padded = new Uint8Array(size)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n)
  for (let at = 0; at < size; at += blockBytes) {
    yield Array.from({ length: 16 }, (_, index) =>
      width === 32 ? BigInt(view.getUint32(at + index * 4)) : view.getBigUint64(at + index * 8),
    )
  }
}

function firstPrimes(count: number): bigint[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++)
    if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes.map(BigInt)
}

/** The first bits of the fraction of a square or cube root. */
function rootFraction(value: bigint, root: bigint, width: number): bigint {
  const target = value << (BigInt(width) * root)
  let low = 0n
  let high = 1n << BigInt(width + 6)
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (middle ** root <= target) low = middle
    else high = middle
  }
  return BigInt.asUintN(width, low)
}

export function sha1(bytes: Uint8Array): string {
  let state = [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n]
  for (const block of blocks(bytes, 32)) state = sha1Block(state, block)
  return state.map((word) => word.toString(16).padStart(8, '0')).join('')
}

const left = (word: bigint, count: number) => rotate(word, 32 - count, 32)

function sha1Block(state: readonly bigint[], block: readonly bigint[]): bigint[] {
  const words = [...block]
  const at = (index: number) => words[index] ?? 0n
  for (let i = 16; i < 80; i++) words.push(left(at(i - 3) ^ at(i - 8) ^ at(i - 14) ^ at(i - 16), 1))
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = state
  for (const [index, word] of words.entries()) {
    const mixed = left(a, 5) + sha1Mix(index, b, c, d) + e + word
    ;[e, d, c, b, a] = [d, c, left(b, 30), a, BigInt.asUintN(32, mixed)]
  }
  return [a, b, c, d, e].map((word, i) => BigInt.asUintN(32, word + (state[i] ?? 0n)))
}

function sha1Mix(round: number, b: bigint, c: bigint, d: bigint): bigint {
  if (round < 20) return ((b & c) | (BigInt.asUintN(32, ~b) & d)) + 0x5a827999n
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1n
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcn
  return (b ^ c ^ d) + 0xca62c1d6n
}

/** As a decimal number, as sprig shows it. */
export function adler32(bytes: Uint8Array): string {
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return String(b * 65_536 + a)
}
