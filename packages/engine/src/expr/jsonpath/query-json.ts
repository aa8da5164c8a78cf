import { isRecord } from '../go-value.ts'
import { parseSteps } from './parse-path.ts'
import { PathMistake, type PathStep } from './path.ts'
import { select } from './select.ts'

/**
 * The dialect of the expression function `jsonpath()`: `$.a[0]`. A path that can lead to one
 * value only gives that value and refuses when it is missing; any other gives a list.
 */
export function queryJson(
  path: string,
  root: unknown,
): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: query(path, root) }
  } catch (mistake) {
    if (mistake instanceof PathMistake) return { error: mistake.message }
    if (mistake instanceof RangeError) return { error: 'the path is nested too deeply' }
    throw mistake
  }
}

function query(path: string, root: unknown): unknown {
  const trimmed = path.trim()
  const hasRoot = trimmed.startsWith('$')
  const reader = { text: hasRoot ? trimmed : `.${trimmed}`, at: hasRoot ? 1 : 0 }
  if (trimmed === '')
    throw new PathMistake("invalid JSONPath query '' unexpected token '' at index 0")
  const steps = parseSteps(reader)
  if (reader.at < reader.text.length)
    throw new PathMistake(`invalid JSONPath query '${path}' unexpected token at index ${reader.at}`)
  const isDefinite = steps.every(
    ({ kind }) => kind === 'name' || kind === 'index' || kind === 'fromEnd',
  )
  const missing = isDefinite ? refuse : () => undefined
  const values = select([root], steps, { root, missing })
  return isDefinite ? values[0] : values
}

function refuse(step: PathStep, value: unknown): never {
  if (step.kind === 'name') {
    if (isRecord(value)) throw new PathMistake(`key: invalid token key '${step.name}' not found`)
    throw new PathMistake(`key: invalid token target. expected [map] got [${kindOf(value)}]`)
  }
  if (Array.isArray(value)) throw new PathMistake('index: invalid token out of range')
  throw new PathMistake(
    `index: invalid token target. expected [array slice] got [${kindOf(value)}]`,
  )
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  if (Array.isArray(value)) return 'slice'
  if (isRecord(value)) return 'map'
  return (
    { string: 'string', number: 'float64', boolean: 'bool', bigint: 'int' }[
      typeof value as string
    ] ?? 'nil'
  )
}
