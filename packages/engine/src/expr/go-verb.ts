import { formatDuration, GoDuration } from '../spec/duration.ts'
import { formatFloat } from './go-float.ts'
import { quote, quoteRune, quoteToAscii, utf8 } from './go-quote.ts'
import { formatLayout } from './go-time/format-layout.ts'
import { GoEnum } from './go-time/go-enum.ts'
import { GoTime } from './go-time/go-time.ts'
import { stringLayout } from './go-time/layout.ts'
import { GoLocation } from './go-time/zone.ts'
import { compareText, goType, isNil, isRecord, sortedKeys } from './go-value.ts'

/** One parsed `%` directive of a format. */
export interface Verb {
  readonly letter: string
  readonly flags: string
  readonly width: number | undefined
  readonly precision: number | undefined
}

/** Writes one value as fmt does. */
export function formatVerb(verb: Verb, value: unknown): string {
  if (verb.letter === 'T') return pad(verb, goType(value))
  return format(verb, value, 0)
}

const deepest = 200

function format(verb: Verb, value: unknown, depth: number): string {
  if (isNil(value)) return formatNil(verb, depth)
  if (depth > deepest) return '...'
  switch (typeof value) {
    case 'string':
      return formatText(verb, value)
    case 'bigint':
      return formatInt(verb, value)
    case 'number':
      return formatNumber(verb, value)
    case 'boolean':
      return verb.letter === 't' || verb.letter === 'v'
        ? pad(verb, String(value))
        : bad(verb, value)
    default:
      return formatObject(verb, value as object, depth)
  }
}

function formatNil(verb: Verb, depth: number): string {
  if (verb.letter !== 'v') return `%!${verb.letter}(<nil>)`
  if (verb.flags.includes('#') && depth > 0) return pad(verb, 'interface {}(nil)')
  return pad(verb, '<nil>')
}

function formatObject(verb: Verb, value: object, depth: number): string {
  if (value instanceof GoTime) return formatText(verb, formatLayout(value, stringLayout))
  if (value instanceof GoEnum)
    return /[vsq]/.test(verb.letter) ? formatText(verb, value.text) : formatInt(verb, value.value)
  if (value instanceof GoLocation) return formatText(verb, value.zone.name)
  if (value instanceof GoDuration)
    return /[vsq]/.test(verb.letter)
      ? formatText(verb, formatDuration(value.ns))
      : formatInt(verb, value.ns)
  if (value instanceof Uint8Array) return formatBytes(verb, value)
  if (Array.isArray(value)) return formatList(verb, value, depth)
  if (typeof value === 'function') return pad(verb, '0x0')
  return formatMap(verb, value, depth)
}

function formatBytes(verb: Verb, value: Uint8Array): string {
  if (/[sqxX]/.test(verb.letter)) return formatText(verb, new TextDecoder().decode(value))
  return formatList(verb, Array.from(value, BigInt), 0)
}

function formatList(verb: Verb, list: readonly unknown[], depth: number): string {
  const items = list.map((item) => format(verb, item, depth + 1))
  return isSharpV(verb) ? `[]interface {}{${items.join(', ')}}` : `[${items.join(' ')}]`
}

function formatMap(verb: Verb, map: object, depth: number): string {
  const pairs = entries(map).map(
    ([key, value]) => `${format(verb, key, depth + 1)}:${format(verb, value, depth + 1)}`,
  )
  return isSharpV(verb) ? `${goType(map)}{${pairs.join(', ')}}` : `map[${pairs.join(' ')}]`
}

function entries(map: object): readonly (readonly [unknown, unknown])[] {
  if (map instanceof Map) return [...map].sort(([a], [b]) => compareKeys(a, b))
  return isRecord(map) ? sortedKeys(map).map((key) => [key, map[key]] as const) : []
}

// fmt sorts keys of mixed types by kind first: ints, floats, text.
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'string' || typeof b === 'string') return typeof a === 'string' ? 1 : -1
  return Number(a) - Number(b)
}

function formatText(verb: Verb, value: string): string {
  switch (verb.letter) {
    case 'v':
      return isSharpV(verb) ? pad(verb, quote(value)) : pad(verb, cut(verb, value))
    case 's':
      return pad(verb, cut(verb, value))
    case 'q':
      return pad(verb, quoted(verb, cut(verb, value)))
    case 'x':
      return pad(verb, hex(verb, value))
    case 'X':
      return pad(verb, hex(verb, value).toUpperCase())
    default:
      return bad(verb, value)
  }
}

function quoted(verb: Verb, value: string): string {
  if (verb.flags.includes('#') && !/[`\u0000-\u001f\u007f\ufeff]/.test(value.replaceAll('\t', '')))
    return `\`${value}\``
  return verb.flags.includes('+') ? quoteToAscii(value) : quote(value)
}

function cut(verb: Verb, value: string): string {
  return verb.precision === undefined ? value : Array.from(value).slice(0, verb.precision).join('')
}

function hex(verb: Verb, value: string): string {
  const bytes = utf8(value).slice(0, verb.precision ?? value.length * 3)
  const prefix = verb.flags.includes('#') ? '0x' : ''
  const spaced = verb.flags.includes(' ')
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
  if (pairs.length === 0) return ''
  return prefix + pairs.join(spaced ? ` ${prefix}` : '')
}

const radixes: Readonly<Record<string, readonly [number, string]>> = {
  d: [10, ''],
  v: [10, ''],
  b: [2, '0b'],
  o: [8, '0'],
  O: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
}

function formatInt(verb: Verb, value: bigint): string {
  const radix = radixes[verb.letter]
  if (radix) return integer(verb, value, radix)
  const code = value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd
  switch (verb.letter) {
    case 'c':
      return pad(verb, String.fromCodePoint(code))
    case 'q':
      return pad(verb, quoteRune(code))
    case 'U': {
      const text = `U+${value
        .toString(16)
        .toUpperCase()
        .padStart(Math.max(4, verb.precision ?? 4), '0')}`
      return pad(verb, verb.flags.includes('#') ? `${text} '${String.fromCodePoint(code)}'` : text)
    }
    default:
      return bad(verb, value)
  }
}

function integer(verb: Verb, value: bigint, [base, prefix]: readonly [number, string]): string {
  const spaced = { ...verb, flags: verb.flags.replaceAll('0', '') }
  if (verb.precision === 0 && value === 0n) return pad(spaced, '')
  const sign = signOf(verb, value < 0n)
  const zeros = verb.precision ?? (isZeroPadded(verb) ? (verb.width ?? 0) - sign.length : 0)
  const digits = (value < 0n ? -value : value).toString(base).padStart(zeros, '0')
  const shown = prefixFor(verb, prefix, digits)
  return pad(spaced, sign + shown + (verb.letter === 'X' ? digits.toUpperCase() : digits))
}

function prefixFor({ letter, flags }: Verb, prefix: string, digits: string): string {
  if (letter === 'O') return prefix
  if (!flags.includes('#') || letter === 'v') return ''
  return letter === 'o' && digits.startsWith('0') ? '' : prefix
}

function formatNumber(verb: Verb, value: number): string {
  const { letter, precision } = verb
  if (!/[vgGeEfF]/.test(letter)) return bad(verb, value)
  const usual = letter === 'v' || letter === 'g' || letter === 'G' ? -1 : 6
  const text = formatFloat(value, letter === 'v' ? 'g' : letter, precision ?? usual)
  const negative = text.startsWith('-')
  const body = text.replace(/^[+-]/, '')
  const sign = text.startsWith('+') && !verb.flags.includes(' ') ? '+' : signOf(verb, negative)
  if (!isZeroPadded(verb) || !Number.isFinite(value))
    return pad({ ...verb, flags: verb.flags.replaceAll('0', '') }, sign + body)
  return sign + body.padStart((verb.width ?? 0) - sign.length, '0')
}

function signOf({ flags }: Verb, negative: boolean): string {
  if (negative) return '-'
  if (flags.includes('+')) return '+'
  return flags.includes(' ') ? ' ' : ''
}

function isSharpV({ letter, flags }: Verb): boolean {
  return letter === 'v' && flags.includes('#')
}

function isZeroPadded({ flags }: Verb): boolean {
  return flags.includes('0') && !flags.includes('-')
}

function pad(verb: Verb, text: string): string {
  if (verb.width === undefined) return text
  const missing = verb.width - Array.from(text).length
  if (missing <= 0) return text
  if (verb.flags.includes('-')) return text + ' '.repeat(missing)
  return (isZeroPadded(verb) ? '0' : ' ').repeat(missing) + text
}

function bad(verb: Verb, value: unknown): string {
  const plain: Verb = { letter: 'v', flags: '', width: undefined, precision: undefined }
  return `%!${verb.letter}(${goType(value)}=${format(plain, value, 0)})`
}
