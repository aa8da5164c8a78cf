import { isObject, type Json } from '@argosy/engine'
import { pathText } from './field-set.ts'
import { type ListShape, type ObjectShape, type Shape, stepOf } from './shape.ts'

/** Why an applied object is not of its type, in the words of Kubernetes; `undefined` when it is. */
export function typeFlaws(config: Json, shape: Shape): string | undefined {
  const flaws = flawsIn(config, shape, '')
  if (flaws.length < 2) return flaws[0]
  return ['errors:', ...flaws.map((flaw) => `  ${flaw}`)].join('\n')
}

function flawsIn(value: Json, shape: Shape, path: string): readonly string[] {
  if (value === null) return []
  if (shape.is === 'object') return flawsInObject(value, shape, path)
  return shape.is === 'list' ? flawsInList(value, shape, path) : []
}

function flawsInObject(value: Json, shape: ObjectShape, path: string): readonly string[] {
  if (!isObject(value)) return [at(path, `expected map, got ${JSON.stringify(value)}`)]
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = `${path}.${name}`
    if (shape.knows?.(name) === false) return [at(here, 'field not declared in schema')]
    return inner === undefined ? [] : flawsIn(inner, shape.member(name), here)
  })
}

function flawsInList(value: Json, shape: ListShape, path: string): readonly string[] {
  if (!Array.isArray(value)) return [at(path, `expected list, got ${JSON.stringify(value)}`)]
  const seen = new Set<string>()
  const flaws: string[] = []
  for (const [index, item] of (value as readonly Json[]).entries()) {
    const unfit = shape.relation === 'atomic' ? undefined : unfitItem(item, shape)
    // What cannot be told from the others hides what comes after it.
    if (unfit !== undefined) return [...flaws, at(path, `element ${index}: ${unfit}`)]
    const step = shape.relation === 'atomic' ? `i:${index}` : stepOf(item, shape, index)
    if (seen.has(step)) flaws.push(at(path, `duplicate entries for key ${pathText([step])}`))
    seen.add(step)
    flaws.push(...flawsIn(item, shape.item, `${path}${pathText([step])}`))
  }
  return flaws
}

function unfitItem(item: Json, shape: ListShape): string | undefined {
  if (shape.relation === 'set') return unfitValue(item)
  if (item === null) return 'associative list with keys may not have a null element'
  if (!isObject(item)) return 'associative list with keys may not have non-map elements'
  if (shape.keys.some((key) => (item[key] ?? shape.keyDefaults[key]) !== undefined))
    return undefined
  const keys = shape.keys.map((key) => JSON.stringify(key)).join(' ')
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`
}

function unfitValue(item: Json): string | undefined {
  if (item === null) return "associative list without keys has an element that's an explicit null"
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements'
  if (isObject(item)) return "associative list without keys has an element that's a map type"
  return undefined
}

function at(path: string, flaw: string): string {
  return path === '' ? flaw : `${path}: ${flaw}`
}
