import { type Bound, PathMistake, type PathStep } from './path.ts'
import { compileScript, type Script } from './script.ts'
import { type Argument, argumentsOf } from './subscript.ts'
import { tokensOf } from './tokens.ts'

const words: Readonly<Record<string, PathStep>> = {
  $: { kind: 'root' },
  '@': { kind: 'current' },
  '*': { kind: 'wildcard' },
  '..': { kind: 'recursive' },
  length: { kind: 'length' },
}

/** Reads a path. */
export function stepsOf(path: string): readonly PathStep[] {
  return tokensOf(path).map(parseStep)
}

function parseStep(text: string): PathStep {
  const token = text.trim()
  if (token === '') throw new PathMistake('invalid token. token string is empty')
  const word = Object.hasOwn(words, token) ? words[token] : undefined
  if (word !== undefined) return word
  if (!token.startsWith('[')) return { kind: 'key', key: token }
  const inside = token.slice(1, -1).trim()
  if (!token.endsWith(']') || inside === '') throw malformed(token)
  if (inside === '*') return { kind: 'wildcard' }
  return inside.startsWith('?') ? filter(inside, token) : subscript(inside, token)
}

function filter(inside: string, token: string): PathStep {
  if (!inside.startsWith('?(') || !inside.endsWith(')')) throw malformed(token)
  return { kind: 'filter', script: compileScript(inside.slice(2, -1).trim(), stepsOf) }
}

function subscript(inside: string, token: string): PathStep {
  const parts = argumentsOf(inside, token)
  const [only] = parts
  if (parts.length === 1) return single(only, token)
  const colons = parts.filter((part) => part === ':').length
  const commas = parts.filter((part) => part === ',').length
  if (colons > 0 && commas > 0) throw malformed(token)
  if (commas > 0) return union(parts, commas, token)
  if (colons > 0 && colons <= 2) return range(parts, colons)
  throw malformed(token)
}

function single(part: Argument, token: string): PathStep {
  if (typeof part === 'number') return { kind: 'index', index: part }
  if (typeof part === 'string' && isQuoted(part)) return { kind: 'key', key: part.slice(1, -1) }
  if (typeof part === 'string' && isScript(part))
    return { kind: 'script', script: compileScript(part.slice(1, -1), stepsOf) }
  throw malformed(token)
}

function union(parts: readonly Argument[], commas: number, token: string): PathStep {
  const given = parts.filter((part) => part !== ',')
  if (commas >= given.length) throw malformed(token)
  return {
    kind: 'union',
    parts: given.map((part) => {
      if (typeof part === 'number') return part
      if (typeof part === 'string' && isScript(part)) return inner(part)
      if (typeof part === 'string' && isQuoted(part)) return part.slice(1, -1)
      throw malformed(token)
    }),
  }
}

function range(parts: readonly Argument[], colons: number): PathStep {
  const given: Argument[] = []
  for (const [index, part] of parts.entries()) {
    if (part !== ':') given.push(part)
    else if (parts[index - 1] === ':') given.push(undefined)
  }
  if (colons === 1 && given.length === 1) given.push(undefined)
  const [from, to, step] = given.map(bound)
  return { kind: 'range', from, to, step }
}

function bound(part: Argument): Bound {
  if (typeof part !== 'string') return part
  if (!isScript(part)) throw new PathMistake(`invalid expression. invalid format '${part}'`)
  return inner(part)
}

function inner(part: string): Script {
  try {
    return compileScript(part.slice(1, -1), stepsOf)
  } catch (mistake) {
    if (mistake instanceof PathMistake)
      throw new PathMistake(`invalid expression. ${mistake.message}`)
    throw mistake
  }
}

const isQuoted = (text: string) => text.length > 1 && /^(?:'.*'|".*")$/s.test(text)
const isScript = (text: string) => text.length > 2 && /^\(.*\)$/s.test(text)

function malformed(token: string): PathMistake {
  return new PathMistake(`invalid token. '${token}' does not match any token format`)
}
