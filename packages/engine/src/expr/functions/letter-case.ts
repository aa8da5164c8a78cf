import { lower, upper } from '../go-text.ts'

/** Go's strings.Title: the first letter of every word. */
export function title(text: string): string {
  return text
    .replace(
      /(^|[^\p{L}\p{N}_'\u0080-\uffff]|[\s])([\p{L}])/gu,
      (_, gap: string, letter: string) => gap + upper(letter),
    )
    .replace(/(')(\p{L})/gu, (_, gap: string, letter: string) => gap + upper(letter))
}

/** Small letters become big ones and the other way round. */
export function swapCase(text: string): string {
  return Array.from(text, (char) => (upper(char) === char ? lower(char) : upper(char))).join('')
}

/** `someThing-else` as `some_thing_else`. */
export function withConnector(text: string, connector: string): string {
  const mark = '\u0000'
  const parted = text
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, `$1${mark}$2`)
    .replace(/(\p{Ll})(\p{Lu})/gu, `$1${mark}$2`)
    .replace(/(\p{N})(\p{Lu})/gu, `$1${mark}$2`)
    .replace(/(\p{L})(\p{N}+\p{Ll})/gu, `$1${mark}$2`)
  return lower(parted.replace(/[-_\s]/gu, mark)).replaceAll(mark, connector)
}

/** `some_thing` as `SomeThing`. */
export function camelCase(text: string): string {
  const [, lead = '', body = ''] = /^([-_\s]*)([\s\S]*)$/.exec(text) ?? []
  const words = body.split(/(?<=[^-_\s])[-_\s](?=[^-_\s]|$)/u)
  return lead + words.map(word).join('')
}

// A word that begins with several big letters keeps only the first of them.
function word(text: string): string {
  const [, first = '', bigs = '', rest = ''] = /^(.?)(\p{Lu}*)([\s\S]*)$/u.exec(text) ?? []
  const startsBig = /^\p{Lu}$/u.test(first)
  return upper(first) + (startsBig ? lower(bigs) : bigs) + rest
}
