import { sprint, sprintf } from '../go-format.ts'
import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { quote } from '../go-quote.ts'
import {
  byteLength,
  byteSlice,
  latinOf,
  lower,
  replaceText,
  splitText,
  trimSet,
  trimSpace,
  upper,
} from '../go-text.ts'
import { isNil, textMap } from '../go-value.ts'
import { abbreviate, abbreviateBoth, wrap } from './layout-text.ts'
import { camelCase, swapCase, title, untitle } from './letter-case.ts'
import { strval } from './strval.ts'
import { withConnector } from './word-case.ts'

const latinSpace = /[\t-\r \u0085\u00a0]/g
const latinInitial = /(?<![^\t-\r \u0085\u00a0])[^\t-\r \u0085\u00a0]/g

const text1 = (run: (text: string) => string) => goFunction('string -> string', run)
const trimAll = goFunction('string, string -> string', (set: string, text: string) =>
  trimSet(text, set),
)

/** Sprig's functions on text. */
export const textFunctions: Readonly<Record<string, GoFunction>> = {
  trim: text1(trimSpace),
  upper: text1(upper),
  lower: text1(lower),
  title: text1(title),
  untitle: text1(untitle),

  swapcase: text1(swapCase),
  snakecase: text1((text) => withConnector(text, '_')),
  kebabcase: text1((text) => withConnector(text, '-')),
  camelcase: text1(camelCase),
  // goutils: both look at bytes, and write each as a character of its own.
  nospace: text1((text) => {
    const latin = latinOf(text)
    return latin.replace(latinSpace, '') === latin ? text : latin.replace(latinSpace, '')
  }),
  initials: text1((text) => (latinOf(text).match(latinInitial) ?? []).join('')),
  trimAll,
  trimall: trimAll,
  trimPrefix: goFunction('string, string -> string', (prefix: string, text: string) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trimSuffix: goFunction('string, string -> string', (suffix: string, text: string) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  contains: goFunction('string, string -> bool', (part: string, text: string) =>
    text.includes(part),
  ),
  hasPrefix: goFunction('string, string -> bool', (part: string, text: string) =>
    text.startsWith(part),
  ),
  hasSuffix: goFunction('string, string -> bool', (part: string, text: string) =>
    text.endsWith(part),
  ),
  replace: goFunction(
    'string, string, string -> string',
    (from: string, to: string, text: string) => replaceText(text, from, to),
  ),
  repeat: goFunction('int, string -> string', (count: bigint, text: string) => {
    if (count < 0n) return panic('strings: negative Repeat count')
    if (count * BigInt(text.length) > 10_000_000n) return panic('memory budget exceeded')
    return text.repeat(Number(count))
  }),
  substr: goFunction('int, int, string -> string', substr),
  trunc: goFunction('int, string -> string', (size: bigint, text: string) => {
    const length = byteLength(text)
    const count = Number(size)
    if (count < 0) return length + count > 0 ? byteSlice(text, length + count, length) : text
    return length > count ? byteSlice(text, 0, count) : text
  }),
  abbrev: goFunction('int, string -> string', (width: bigint, text: string) =>
    abbreviate(text, Number(width)),
  ),
  abbrevboth: goFunction(
    'int, int, string -> string',
    (left: bigint, right: bigint, text: string) =>
      abbreviateBoth(text, Number(left), Number(right)),
  ),
  wrap: goFunction('int, string -> string', (width: bigint, text: string) =>
    wrap(text, Number(width), { newline: '\n', breakWords: false }),
  ),
  wrapWith: goFunction(
    'int, string, string -> string',
    (width: bigint, newline: string, text: string) =>
      wrap(text, Number(width), { newline: newline || '\n', breakWords: true }),
  ),
  quote: goFunction('...any -> string', (...values: unknown[]) =>
    values
      .filter((value) => !isNil(value))
      .map((value) => quote(strval(value)))
      .join(' '),
  ),
  squote: goFunction('...any -> string', (...values: unknown[]) =>
    values
      .filter((value) => !isNil(value))
      .map((value) => sprintf("'%v'", value))
      .join(' '),
  ),
  cat: goFunction('...any -> string', (...values: unknown[]) =>
    values
      .filter((value) => !isNil(value))
      .map(sprint)
      .join(' '),
  ),
  indent: goFunction('int, string -> string', indent),
  nindent: goFunction(
    'int, string -> string',
    (spaces: bigint, text: string) => `\n${indent(spaces, text)}`,
  ),
  plural: goFunction('string, string, int -> string', (one: string, many: string, count: bigint) =>
    count === 1n ? one : many,
  ),
  toString: goFunction('any -> string', strval),
  split: goFunction('string, string -> map', (separator: string, text: string) =>
    numbered(splitText(text, separator)),
  ),
  splitn: goFunction(
    'string, int, string -> map',
    (separator: string, count: bigint, text: string) =>
      numbered(splitText(text, separator, Number(count))),
  ),
  splitList: goFunction('string, string -> strings', (separator: string, text: string) =>
    splitText(text, separator),
  ),
}

function indent(spaces: bigint, text: string): string {
  if (spaces < 0n) return panic('strings: negative Repeat count')
  const pad = ' '.repeat(Math.min(Number(spaces), 100_000))
  return pad + text.replaceAll('\n', `\n${pad}`)
}

function numbered(parts: readonly string[]): Record<string, string> {
  return textMap(parts.map((part, index) => [`_${index}`, part]))
}

function substr(start: bigint, end: bigint, text: string): string {
  const length = byteLength(text)
  const [from, to] = [Number(start), Number(end)]
  const upTo = from >= 0 && (to < 0 || to > length) ? length : to
  const first = Math.max(0, from)
  if (upTo < first || upTo > length || first > length)
    panic(
      `runtime error: slice bounds out of range [${upTo > length ? `:${upTo}` : `${first}:${upTo}`}]${upTo > length ? ` with length ${length}` : ''}`,
    )
  return byteSlice(text, first, upTo)
}
