import type { Refusal } from './refusal.ts'

/** Whether the fields satisfy the selector; a field that is not there is ''. */
export type FieldSelector = (fields: Readonly<Record<string, string | undefined>>) => boolean

/** One clause of a field selector. */
export interface FieldRequirement {
  readonly field: string
  readonly equal: boolean
  readonly value: string
}

/** Kubernetes' field selectors: `a=b,c!=d`, with `\` before a comma, an equals sign or a backslash of the value. */
export function parseFieldSelector(text: string): { readonly matches: FieldSelector } | Refusal {
  const read = fieldTerms(text)
  if ('refused' in read) return read
  return {
    matches: (fields) =>
      read.terms.every(({ field, equal, value }) => ((fields[field] ?? '') === value) === equal),
  }
}

/** Its clauses one by one, sorted by their text as Kubernetes sorts them. */
export function fieldTerms(
  text: string,
): { readonly terms: readonly FieldRequirement[] } | Refusal {
  const terms: FieldRequirement[] = []
  for (const part of splitTerms(text).sort()) {
    if (part === '') continue
    const term = readTerm(part)
    if (term === undefined) {
      return { refused: `invalid selector: '${text}'; can't understand '${part}'` }
    }
    if ('refused' in term) return term
    terms.push(term)
  }
  return { terms }
}

function splitTerms(text: string): string[] {
  const terms = ['']
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === ',') terms.push('')
    else {
      const taken = char === '\\' ? text.slice(at, at + 2) : char
      terms[terms.length - 1] += taken
      at += taken.length - 1
    }
  }
  return terms
}

function readTerm(part: string): FieldRequirement | Refusal | undefined {
  const match = /!=|==|=/.exec(part)
  if (match === null) return undefined
  const value = unescaped(part.slice(match.index + match[0].length))
  if (typeof value !== 'string') return value
  return { field: part.slice(0, match.index), equal: match[0] !== '!=', value }
}

function unescaped(text: string): string | Refusal {
  let value = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') {
      const next = text[++at] ?? ''
      if (next === '' || !'\\,='.includes(next)) {
        return { refused: `invalid field selector: invalid escape sequence: \\${next}` }
      }
      value += next
    } else if (char === '=') {
      return {
        refused: `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`,
      }
    } else value += char
  }
  return value
}
