import { isSpaceText, lower, upper } from '../go-text.ts'

const isBig = (char: string) => /^\p{Lu}$/u.test(char)
const isSmall = (char: string) => /^\p{Ll}$/u.test(char)
const isConnector = (char: string) => char === '-' || char === '_' || isSpaceText(char)

/** Go's strings.Title: the first letter of every word. */
export function title(text: string): string {
  let before = ' '
  return Array.from(text, (char) => {
    const begins = isSeparator(before)
    before = char
    return begins ? titled(char) : char
  }).join('')
}

// Beyond ASCII only white space separates words, and letters with a title form of their own have it already.
function isSeparator(char: string): boolean {
  if (char <= '\u007f') return !/^\w$/.test(char)
  return !/^[\p{L}\p{Nd}]$/u.test(char) && isSpaceText(char)
}

function titled(char: string): string {
  return /^\p{Lt}$/u.test(char) ? char : upper(char)
}

/** Small letters become big ones and the other way round. */
export function swapCase(text: string): string {
  return Array.from(text, (char) => {
    if (/^[\p{Lu}\p{Lt}]$/u.test(char)) return lower(char)
    return isSmall(char) ? upper(char) : char
  }).join('')
}

/** The first letter of every word made small. */
export function untitle(text: string): string {
  let begins = true
  return Array.from(text, (char) => {
    const change = begins && !isSpaceText(char)
    begins = isSpaceText(char)
    return change ? lower(char) : char
  }).join('')
}

/** `some_thing` as `SomeThing`; a word that begins with several big letters keeps only the first of them. */
export function camelCase(text: string): string {
  const chars = Array.from(text)
  const start = chars.findIndex((char) => !isConnector(char))
  // xstrings: text of connectors only ends in its last one twice.
  if (start < 0) return text + (chars.at(-1) ?? '')
  const first = chars[start] ?? ''
  const head = { done: chars.slice(0, start).join(''), last: upper(first), afterBig: isBig(first) }
  const { done, last } = chars.slice(start + 1).reduce(cased, head)
  return done + last
}

interface Cased {
  readonly done: string
  readonly last: string
  /** Only big letters since the word began. */
  readonly afterBig: boolean
}

function cased({ done, last, afterBig }: Cased, char: string): Cased {
  if (!isConnector(last)) {
    const isRun = afterBig && isBig(char)
    return { done: done + last, last: isRun ? lower(char) : char, afterBig: isRun }
  }
  if (isConnector(char)) return { done: done + last, last: char, afterBig }
  return { done, last: upper(char), afterBig: isBig(char) }
}
