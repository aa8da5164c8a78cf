import type { Json } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { type LabelRequirement, labelRequirements } from '@argosy/kube'

export type Requirement = LabelRequirement

/** The clauses of a `successCondition` or `failureCondition`; throws in upstream's words. */
export function readCondition(what: 'success' | 'fail', text: string): readonly Requirement[] {
  try {
    return labelRequirements(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${what} condition '${text}' failed to parse: ${why}`, { cause: error })
  }
}

/** What an object's state means for a template that waits for it. */
export type Verdict = 'wait' | 'success' | { readonly failure: string }

/** argo: matchConditions. One failure requirement is enough; of success all are needed. */
export function judge(
  object: Json,
  success: readonly Requirement[],
  failure: readonly Requirement[],
): Verdict {
  const broken = failure.find((one) => one.matches(textAt(object, one.key)))
  if (broken) return { failure: `failure condition '${shown(broken)}' evaluated true` }
  return success.every((one) => one.matches(textAt(object, one.key))) ? 'success' : 'wait'
}

/** As Go prints a requirement. */
function shown({ key, operator, values }: Requirement): string {
  const sign = { '>': 'gt', '<': 'lt' }[operator] ?? operator
  return `{${key} ${sign} [${[...values].sort().join(' ')}]}`
}

/** A gjson path, as far as a label's key can be one: names and indexes, with dots between. */
function textAt(object: Json, path: string): string | undefined {
  let value: Json | undefined = object
  for (const part of path.split('.')) value = inside(value, part)
  if (value === undefined) return undefined
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function inside(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
}
