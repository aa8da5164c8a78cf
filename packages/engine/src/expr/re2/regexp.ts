import { type Captures, search } from './match.ts'
import { parseRegex } from './parse.ts'
import { compileProgram, type Instruction } from './program.ts'
import { SyntaxMistake } from './syntax.ts'

/** A compiled Go regular expression. */
export interface GoRegexp {
  readonly source: string
  readonly program: readonly Instruction[]
  /** Names of the groups, '' without; 0 is the whole match. */
  readonly names: readonly string[]
}

/** Compiles Go's syntax; the error is the text of regexp.Compile. */
export function compileRegexp(source: string): GoRegexp | { readonly error: string } {
  try {
    const { tree, names } = parseRegex(source)
    return { source, program: compileProgram(tree), names }
  } catch (mistake) {
    if (mistake instanceof SyntaxMistake) return { error: mistake.message }
    if (mistake instanceof RangeError)
      return { error: `error parsing regexp: expression nests too deeply: \`${source}\`` }
    throw mistake
  }
}

/** Whether the text holds a match anywhere. */
export function matches(regexp: GoRegexp, text: string): boolean {
  return search(regexp.program, text, 0) !== undefined
}

/** The first match at or after `from`. */
export function find(regexp: GoRegexp, text: string, from = 0): Captures | undefined {
  return search(regexp.program, text, from)
}

/** All matches that do not overlap, at most `limit` when it is not negative. */
export function findAll(regexp: GoRegexp, text: string, limit = -1): readonly Captures[] {
  const found: Captures[] = []
  let previousEnd = -1
  for (let at = 0; at <= text.length && found.length !== limit; ) {
    const captures = search(regexp.program, text, at)
    if (captures === undefined) break
    const [start = 0, end = 0] = captures
    // An empty match right after another match does not count.
    if (end !== start || start !== previousEnd) found.push(captures)
    previousEnd = end
    at = end === start ? afterCharacter(text, end) : end
  }
  return found
}

function afterCharacter(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
}

/** Go's ReplaceAllString: `$1`, `${name}`, `$$` in the template stand for groups. */
export function replaceAll(regexp: GoRegexp, text: string, template: string): string {
  return replaceWith(regexp, text, (captures) => expand(regexp, text, template, captures))
}

/** Go's ReplaceAllLiteralString. */
export function replaceAllLiteral(regexp: GoRegexp, text: string, literal: string): string {
  return replaceWith(regexp, text, () => literal)
}

function replaceWith(regexp: GoRegexp, text: string, by: (captures: Captures) => string): string {
  let out = ''
  let copied = 0
  for (const captures of findAll(regexp, text)) {
    const [start = 0, end = 0] = captures
    out += text.slice(copied, start) + by(captures)
    copied = end
  }
  return out + text.slice(copied)
}

function expand(regexp: GoRegexp, text: string, template: string, captures: Captures): string {
  return template.replace(
    /\$(?:\$|(\w+)|\{(\w+)\})/g,
    (all, bare: string | undefined, braced: string | undefined) => {
      if (all === '$$') return '$'
      const name = bare ?? braced ?? ''
      const index = /^\d+$/.test(name) ? Number(name) : regexp.names.indexOf(name)
      return index < 0 ? '' : group(text, captures, index)
    },
  )
}

/** The text of a group, '' when it took no part. */
export function group(text: string, captures: Captures, index: number): string {
  const start = captures[index * 2] ?? -1
  const end = captures[index * 2 + 1] ?? -1
  return start < 0 || end < 0 ? '' : text.slice(start, end)
}

/** Go's Split: at most `limit` pieces when it is positive, all when negative, none when 0. */
export function split(regexp: GoRegexp, text: string, limit: number): readonly string[] {
  if (limit === 0) return []
  if (regexp.source !== '' && text === '') return ['']
  const pieces: string[] = []
  let from = 0
  let end = 0
  for (const captures of findAll(regexp, text, limit)) {
    if (limit > 0 && pieces.length === limit - 1) break
    const [start = 0, stop = 0] = captures
    end = start
    if (stop !== 0) {
      pieces.push(text.slice(from, end))
      from = stop
    } else from = 0
  }
  if (end !== text.length) pieces.push(text.slice(from))
  return pieces
}
