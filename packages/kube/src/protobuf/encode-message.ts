/** One field to write: its number, and a number (a varint), a truth, text or bytes. What is undefined is left out. */
export type Part = readonly [
  number: number,
  value: number | bigint | boolean | string | Uint8Array | undefined,
]

/** A message of these fields, in this order; who repeats a number repeats the field. */
export function encodeMessage(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.flatMap(([number, value]) => {
      if (value === undefined) return []
      if (typeof value === 'string') return lengthy(number, Buffer.from(value))
      if (value instanceof Uint8Array) return lengthy(number, value)
      return [varint(number * 8), varint(BigInt(value))]
    }),
  )
}

function lengthy(number: number, bytes: Uint8Array): readonly Uint8Array[] {
  return [varint(number * 8 + 2), varint(bytes.length), bytes]
}

/** A message with its length before it. */
export function delimited(message: Uint8Array): Buffer {
  return Buffer.concat([varint(message.length), message])
}

/** How a `sint32` stands as a varint: small for small numbers of either sign. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
