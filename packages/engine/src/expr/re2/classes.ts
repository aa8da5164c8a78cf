import type { CharTest } from './syntax.ts'

/** Code points from lo to hi, both included. */
export type Range = readonly [number, number]

const digit: readonly Range[] = [[48, 57]]
const space: readonly Range[] = [
  [9, 10],
  [12, 13],
  [32, 32],
]
const word: readonly Range[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]

const perl: Readonly<Record<string, readonly Range[]>> = { d: digit, s: space, w: word }

/** The set of `\d`, `\S` and their kind. */
export function perlClass(letter: string): CharTest | undefined {
  const ranges = perl[letter.toLowerCase()]
  if (!ranges) return undefined
  const test = inRanges(ranges)
  return letter === letter.toLowerCase() ? test : negate(test)
}

const posix: Readonly<Record<string, readonly Range[]>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit,
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
}

/** The set of `[:name:]` or `[:^name:]`. */
export function posixClass(name: string): CharTest | undefined {
  const plain = name.startsWith('^') ? name.slice(1) : name
  const ranges = Object.hasOwn(posix, plain) ? posix[plain] : undefined
  if (!ranges) return undefined
  const test = inRanges(ranges)
  return plain === name ? test : negate(test)
}

/** The set of `\pL`, `\p{Greek}`, `\P{…}`: a general category or a script. */
export function unicodeClass(name: string): CharTest | undefined {
  const plain = name.startsWith('^') ? name.slice(1) : name
  const pattern = unicodePattern(plain)
  if (!pattern) return undefined
  const test: CharTest = (code) => pattern.test(String.fromCodePoint(code))
  return plain === name ? test : negate(test)
}

function unicodePattern(name: string): RegExp | undefined {
  if (name === 'Any') return /^.$/su
  if (!/^[A-Z]\w*$/.test(name)) return undefined
  const key = name.length <= 2 ? 'General_Category' : 'Script'
  try {
    return new RegExp(`^\\p{${key}=${name}}$`, 'u')
  } catch {
    return undefined
  }
}

export function inRanges(ranges: readonly Range[]): CharTest {
  const [only, second] = ranges
  if (only && !second) return (code) => code >= only[0] && code <= only[1]
  return (code) => ranges.some(([lo, hi]) => code >= lo && code <= hi)
}

export function negate(test: CharTest): CharTest {
  return (code) => !test(code)
}

export function anyOf(tests: readonly CharTest[]): CharTest {
  const [only] = tests
  if (only && tests.length === 1) return only
  return (code) => tests.some((test) => test(code))
}

/** The form that all case variants of a code point share: lower case of its upper case. */
export function folded(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code
  return single(lower(single(upper(code), code)), code)
}

/** The same set without regard to case. */
export function ignoringCase(test: CharTest): CharTest {
  return (code) => {
    if (test(code)) return true
    const low = folded(code)
    if (test(low) || test(single(upper(low), low))) return true
    // The long s and the Kelvin sign are the third variants of s and k.
    return (low === 115 && test(0x17f)) || (low === 107 && test(0x212a))
  }
}

const upper = (code: number) => String.fromCodePoint(code).toUpperCase()
const lower = (code: number) => String.fromCodePoint(code).toLowerCase()

function single(text: string, otherwise: number): number {
  const code = text.codePointAt(0) ?? otherwise
  return text.length === (code > 0xffff ? 2 : 1) ? code : otherwise
}
