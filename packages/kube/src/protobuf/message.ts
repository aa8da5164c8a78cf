import { BadWire, type WireField, wireFields } from './wire-fields.ts'

/** A message for readers who know its schema: fields by their numbers, the last one of a number where one is asked for. */
export interface Message {
  /** The message as it came. */
  readonly raw: Uint8Array
  /** '' when it is absent. */
  text(number: number): string
  /** 0 when it is absent. */
  number(number: number): number
  big(number: number): bigint
  numbers(number: number): readonly number[]
  texts(number: number): readonly string[]
  bytes(number: number): Uint8Array | undefined
  message(number: number): Message | undefined
  messages(number: number): readonly Message[]
}

/** Throws `BadWire` for what is no message, at once or when a field is read as what it is not. */
export function messageIn(raw: Uint8Array): Message {
  const fields = [...wireFields(raw)]
  const all = (number: number) => fields.filter((field) => field.number === number)
  const last = (number: number) => all(number).at(-1)
  const big = (number: number) => {
    const field = last(number)
    return field ? numberIn(field) : 0n
  }
  const bytes = (number: number) => {
    const field = last(number)
    return field && bytesOf(field)
  }
  return {
    raw,
    text: (number) => decoded(bytes(number) ?? new Uint8Array()),
    number: (number) => Number(big(number)),
    big,
    numbers: (number) => all(number).map((field) => Number(numberIn(field))),
    texts: (number) => all(number).map((field) => decoded(bytesOf(field))),
    bytes,
    message(number) {
      const found = bytes(number)
      return found && messageIn(found)
    },
    messages: (number) => all(number).map((field) => messageIn(bytesOf(field))),
  }
}

/** Splits what begins with a message that has its length before it. */
export function undelimited(bytes: Uint8Array): {
  readonly message: Message
  readonly rest: Uint8Array
} {
  let length = 0
  for (let at = 0; at < 5; at++) {
    const byte = bytes[at]
    if (byte === undefined) break
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte >= 0x80) continue
    const end = at + 1 + length
    if (end > bytes.length) break
    return { message: messageIn(bytes.subarray(at + 1, end)), rest: bytes.subarray(end) }
  }
  throw new BadWire('unexpected end')
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function numberIn(field: WireField): bigint {
  if ('value' in field) return field.value
  throw new BadWire(`field ${field.number} is no number`)
}

function bytesOf(field: WireField): Uint8Array {
  if ('bytes' in field) return field.bytes
  throw new BadWire(`field ${field.number} has no bytes`)
}
