const polynomial = 0x82f63b78

/** Eight tables, so that eight bytes are taken at a time: bytes, and bytes with one to seven noughts behind them. */
const tables: readonly Uint32Array[] = tablesOf()

function tablesOf(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })
  const all = [first]
  for (let at = 1; at < 8; at++) {
    const before = all[at - 1] ?? first
    all.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0)))
  }
  return all
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as readonly [
  ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
]

/** Castagnoli's checksum, which Hadoop keeps for every few hundred bytes. (`zlib.crc32` is the other one.) */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  let at = 0
  for (const end = bytes.length - 8; at <= end; at += 8) {
    crc ^= word(bytes, at)
    const next = word(bytes, at + 4)
    crc =
      entry(t7, crc) ^
      entry(t6, crc >>> 8) ^
      entry(t5, crc >>> 16) ^
      entry(t4, crc >>> 24) ^
      entry(t3, next) ^
      entry(t2, next >>> 8) ^
      entry(t1, next >>> 16) ^
      entry(t0, next >>> 24)
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ entry(t0, crc ^ (bytes[at] ?? 0))
  return ~crc >>> 0
}

function entry(table: Uint32Array, byte: number): number {
  return table[byte & 0xff] ?? 0
}

function word(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at + 3] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16)
  return high | ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0)
}
