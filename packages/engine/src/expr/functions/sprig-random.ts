import { type GoFunction, goFunction } from '../go-function.ts'
import { base64 } from '../go-json.ts'
import { panic } from '../go-panic.ts'
import type { Impure } from './impure.ts'

const digits = '0123456789'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')

/** Sprig's functions that need chance. */
export function randomFunctions(impure: Impure | undefined): Readonly<Record<string, GoFunction>> {
  const bytes = (name: string, size: bigint): Uint8Array => {
    if (!impure) return panic(`${name} is not available here`)
    if (size < 0n || size > 1_000_000n) return panic(`${name}: bad size ${size}`)
    return impure.random(Number(size))
  }
  const below = (name: string, limit: number) => {
    let value = 0
    for (const byte of bytes(name, 6n)) value = value * 256 + byte
    return value % limit
  }
  const text = (name: string, alphabet: string) =>
    goFunction('int -> string', (count: bigint) => {
      const chosen = Array.from(
        bytes(name, count),
        () => alphabet[below(name, alphabet.length)] ?? '',
      )
      return chosen.join('')
    })
  return {
    randAlphaNum: text('randAlphaNum', letters + digits),
    randAlpha: text('randAlpha', letters),
    randAscii: text('randAscii', ascii),
    randNumeric: text('randNumeric', digits),
    randBytes: goFunction('int -> string', (count: bigint) => base64(bytes('randBytes', count))),
    randInt: goFunction('int, int -> int', (from: bigint, to: bigint) =>
      to <= from
        ? panic('invalid argument to Intn')
        : from + BigInt(below('randInt', Number(to - from))),
    ),
    shuffle: goFunction('string -> string', (source: string) => {
      const chars = Array.from(source)
      for (let i = chars.length - 1; i > 0; i--) {
        const j = below('shuffle', i + 1)
        const held = chars[i] ?? ''
        chars[i] = chars[j] ?? ''
        chars[j] = held
      }
      return chars.join('')
    }),
    uuidv4: goFunction('-> string', () => uuid(bytes('uuidv4', 16n))),
  }
}

function uuid(bytes: Uint8Array): string {
  const marked = Array.from(bytes, (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40
    return index === 8 ? (byte & 0x3f) | 0x80 : byte
  })
  const hex = marked.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
