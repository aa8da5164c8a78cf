import { GoDuration } from '../spec/duration.ts'
import { jsonMistake } from './go-json-mistake.ts'
import { panic } from './go-panic.ts'
import { formatLayout } from './go-time/format-layout.ts'
import { GoEnum } from './go-time/go-enum.ts'
import { GoTime } from './go-time/go-time.ts'
import { rfc3339Nano } from './go-time/layout.ts'
import { goType, isNil, sortedKeys } from './go-value.ts'

/** Go's json.Marshal: sorted keys, and `<`, `>`, `&` escaped; panics with Go's text. */
export function marshal(value: unknown, options: { indent?: string; html?: boolean } = {}): string {
  return write(value, { indent: options.indent ?? '', html: options.html ?? true }, '\n')
}

interface Style {
  readonly indent: string
  readonly html: boolean
}

function write(value: unknown, style: Style, newline: string): string {
  if (isNil(value)) return 'null'
  switch (typeof value) {
    case 'string':
      return text(value, style)
    case 'number':
      return number(value)
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'function':
      return panic(`json: unsupported type: ${goType(value)}`)
    default:
      return object(value as object, style, newline)
  }
}

function object(value: object, style: Style, newline: string): string {
  if (value instanceof GoTime) return `"${formatLayout(value, rfc3339Nano)}"`
  if (value instanceof GoDuration) return String(value.ns)
  if (value instanceof GoEnum) return String(value.value)
  if (value instanceof Uint8Array) return `"${base64(value)}"`
  if (value instanceof Map) return panic(`json: unsupported type: ${goType(value)}`)
  const inner = newline + style.indent
  if (Array.isArray(value))
    return enclosed(
      '[]',
      value.map((item) => write(item, style, inner)),
      style,
      newline,
    )
  const map = value as Readonly<Record<string, unknown>>
  const colon = style.indent === '' ? ':' : ': '
  const pairs = sortedKeys(map)
    .filter((key) => map[key] !== undefined)
    .map((key) => text(key, style) + colon + write(map[key], style, inner))
  return enclosed('{}', pairs, style, newline)
}

function enclosed(
  brackets: string,
  items: readonly string[],
  { indent }: Style,
  newline: string,
): string {
  const [open = '', close = ''] = brackets
  if (items.length === 0) return open + close
  if (indent === '') return open + items.join(',') + close
  const inner = newline + indent
  return open + inner + items.join(`,${inner}`) + newline + close
}

function number(value: number): string {
  if (!Number.isFinite(value))
    panic(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`)
  return Object.is(value, -0) ? '-0' : String(value)
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function text(value: string, { html }: Style): string {
  const special = html
    ? /["\\\u0000-\u001f<>&\u2028\u2029]|\p{Cs}/gu
    : /["\\\u0000-\u001f\u2028\u2029]|\p{Cs}/gu
  if (!special.test(value)) return `"${value}"`
  return `"${value.replace(special, escapeUnit)}"`
}

function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0)
  // A lone surrogate is no character.
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  return named[unit] ?? `\\u${code.toString(16).padStart(4, '0')}`
}

/** Go's json.Unmarshal into `any`: numbers are float64; panics with Go's text. */
export function unmarshal(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return panic(jsonMistake(source))
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64(bytes: Uint8Array): string {
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (const shift of [18, 12, 6, 0]) out += alphabet[(bits >> shift) & 63]
  }
  const missing = (3 - (bytes.length % 3)) % 3
  return missing === 0 ? out : out.slice(0, -missing) + '='.repeat(missing)
}

/** Bytes of standard base64, or the offset of what is wrong with it as Go counts. */
export function fromBase64(source: string): Uint8Array | number {
  const body = source.replace(/[\r\n]/g, '')
  const end = /[^A-Za-z0-9+/]/.exec(body)?.index ?? body.length
  const mistake = paddingMistake(body, end)
  if (mistake !== undefined) return mistake
  const out: number[] = []
  for (let i = 0; i < end; i += 4) {
    let bits = 0
    for (let j = i; j < i + 4; j++)
      bits = (bits << 6) | (j < end ? alphabet.indexOf(body[j] ?? 'A') : 0)
    out.push((bits >> 16) & 255, (bits >> 8) & 255, bits & 255)
  }
  return Uint8Array.from(out.slice(0, out.length - (body.length - end)))
}

function paddingMistake(body: string, end: number): number | undefined {
  const inGroup = end % 4
  const tail = body.slice(end)
  if (tail === '') return inGroup === 0 ? undefined : end - inGroup
  if (tail[0] !== '=' || inGroup < 2) return end
  if (inGroup === 2 && tail.length === 1) return body.length
  if (inGroup === 2 && tail[1] !== '=') return end
  const wanted = 4 - inGroup
  return tail.length > wanted ? end + wanted : undefined
}
