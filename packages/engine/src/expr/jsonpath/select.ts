import { deepEqual, isNumber } from '../expr-lang/operators.ts'
import { compareText, isRecord, sortedKeys } from '../go-value.ts'
import { type Condition, type Operand, PathMistake, type PathStep } from './path.ts'

/** How a dialect treats what is not there. */
export interface Dialect {
  readonly root: unknown
  /** Called for a name or an index that a value lacks; may throw. */
  missing(step: PathStep, value: unknown): void
}

// More than this comes only from `..` on hostile data.
const most = 1_000_000

/** All values that the steps lead to, in document order. */
export function select(
  start: readonly unknown[],
  steps: readonly PathStep[],
  dialect: Dialect,
): unknown[] {
  let values = [...start]
  for (const [index, step] of steps.entries()) {
    const lenient = steps[index - 1]?.kind === 'descend'
    const inner = lenient ? { ...dialect, missing: () => undefined } : dialect
    values = values.flatMap((value) => walk(value, step, inner))
    if (values.length > most) throw new PathMistake('too many results')
  }
  return values
}

function walk(value: unknown, step: PathStep, dialect: Dialect): readonly unknown[] {
  switch (step.kind) {
    case 'name':
      if (isRecord(value) && Object.hasOwn(value, step.name)) return [value[step.name]]
      dialect.missing(step, value)
      return []
    case 'index':
    case 'fromEnd':
      return indexed(value, step, dialect)
    case 'slice':
      return sliced(value, step, dialect)
    case 'wildcard':
      return childrenOf(value)
    case 'descend':
      return descendants(value, 0)
    case 'union':
      return step.steps.flatMap((each) => walk(value, each, dialect))
    case 'filter':
      return childrenOf(value).filter((child) => holds(step.condition, child, dialect))
  }
}

type Indexed = Extract<PathStep, { kind: 'index' | 'fromEnd' }>

function indexed(value: unknown, step: Indexed, dialect: Dialect): readonly unknown[] {
  if (Array.isArray(value)) {
    const index = step.kind === 'index' ? step.index : value.length - step.offset
    const at = index < 0 ? value.length + index : index
    if (at >= 0 && at < value.length) return [value[at]]
  }
  dialect.missing(step, value)
  return []
}

type Slice = Extract<PathStep, { kind: 'slice' }>

function sliced(value: unknown, step: Slice, dialect: Dialect): readonly unknown[] {
  if (!Array.isArray(value)) {
    dialect.missing(step, value)
    return []
  }
  const { length } = value
  const place = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, 0), length)
  if (step.step < 0) return backwards(value, step)
  const from = place(step.from ?? 0)
  const to = place(step.to ?? length)
  return value.slice(from, Math.max(from, to)).filter((_, index) => index % step.step === 0)
}

function backwards(list: readonly unknown[], { from, to, step }: Slice): readonly unknown[] {
  const { length } = list
  const place = (bound: number) => (bound < 0 ? bound + length : bound)
  const picked: unknown[] = []
  const end = to === undefined ? -1 : place(to)
  for (let at = Math.min(place(from ?? length - 1), length - 1); at > end && at >= 0; at += step)
    picked.push(list[at])
  return picked
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isRecord(value) ? sortedKeys(value).map((key) => value[key]) : []
}

function descendants(value: unknown, depth: number): readonly unknown[] {
  if (depth > 500) throw new PathMistake('the data is nested too deeply')
  return [value, ...childrenOf(value).flatMap((child) => descendants(child, depth + 1))]
}

function holds(condition: Condition, current: unknown, dialect: Dialect): boolean {
  switch (condition.kind) {
    case 'or':
      return condition.parts.some((part) => holds(part, current, dialect))
    case 'and':
      return condition.parts.every((part) => holds(part, current, dialect))
    case 'not':
      return !holds(condition.part, current, dialect)
    case 'exists':
      return valuesOf(condition.operand, current, dialect).length > 0
    case 'compare':
      return compared(condition, current, dialect)
  }
}

function valuesOf(operand: Operand, current: unknown, dialect: Dialect): readonly unknown[] {
  if (operand.kind === 'literal') return [operand.value]
  const start = operand.from === 'root' ? dialect.root : current
  return select([start], operand.steps, { ...dialect, missing: () => undefined })
}

function compared(
  { operator, left, right }: Extract<Condition, { kind: 'compare' }>,
  current: unknown,
  dialect: Dialect,
): boolean {
  const [a, ...moreLeft] = valuesOf(left, current, dialect)
  const [b, ...moreRight] = valuesOf(right, current, dialect)
  if (a === undefined || b === undefined || moreLeft.length + moreRight.length > 0) return false
  if (operator === '==' || operator === '!=') return same(a, b) === (operator === '==')
  const order = orderOf(a, b)
  if (order === undefined) return false
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator] ?? false
}

function same(a: unknown, b: unknown): boolean {
  return isNumber(a) && isNumber(b) ? Number(a) === Number(b) : deepEqual(a, b)
}

function orderOf(a: unknown, b: unknown): number | undefined {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b)
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : undefined
}
