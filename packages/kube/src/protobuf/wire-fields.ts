/** One field as it stands in the bytes: a number of at most 64 bits, or bytes. */
export type WireField =
  | { readonly number: number; readonly value: bigint }
  | { readonly number: number; readonly bytes: Uint8Array }

/** Bytes that are no protobuf. */
export class BadWire extends Error {}

/** The fields of a message, in their order. Throws `BadWire`. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  const reader = { bytes, at: 0 }
  while (reader.at < bytes.length) {
    const tag = varint(reader)
    const number = Number(tag >> 3n)
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, value: varint(reader) }
        break
      case 1:
        yield { number, bytes: take(reader, 8) }
        break
      case 2:
        yield { number, bytes: take(reader, Number(varint(reader))) }
        break
      case 5:
        yield { number, bytes: take(reader, 4) }
        break
      default:
        throw new BadWire(`illegal wire type of field ${number}`)
    }
  }
}

interface Reader {
  readonly bytes: Uint8Array
  at: number
}

function varint(reader: Reader): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++]
    if (byte === undefined) throw new BadWire('unexpected end')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asUintN(64, value)
  }
  throw new BadWire('a number of more than 64 bits')
}

function take(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length
  if (end > reader.bytes.length) throw new BadWire('unexpected end')
  const taken = reader.bytes.subarray(reader.at, end)
  reader.at = end
  return taken
}
