import { compareText } from '../go-value.ts'
import { JsonPathMistake, Real } from './node.ts'

type Basic = string | number | boolean

/** Go templates' comparisons: both sides are of one kind, and an integer is no float. */
export function holds(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case '<':
      return less(left, right)
    case '<=':
      return less(left, right) || equal(left, right)
    case '>':
      return !(less(left, right) || equal(left, right))
    case '>=':
      return !less(left, right)
    default:
      throw new JsonPathMistake(`unrecognized filter operator ${operator}`)
  }
}

function equal(left: unknown, right: unknown): boolean {
  const [a, b] = alike(left, right)
  return a === b
}

function less(left: unknown, right: unknown): boolean {
  const [a, b] = alike(left, right)
  if (typeof a === 'boolean' || typeof b === 'boolean') throw badType()
  return typeof a === 'string' ? compareText(a, String(b)) < 0 : a < Number(b)
}

function alike(left: unknown, right: unknown): readonly [Basic, Basic] {
  const kinds = [kindOf(left), kindOf(right)]
  if (kinds[0] !== kinds[1]) throw new JsonPathMistake('incompatible types for comparison')
  return [basic(left), basic(right)]
}

function kindOf(value: unknown): string {
  if (value instanceof Real) return 'float'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value
  throw badType()
}

function basic(value: unknown): Basic {
  return value instanceof Real ? value.value : (value as Basic)
}

function badType(): JsonPathMistake {
  return new JsonPathMistake('invalid type for comparison')
}
