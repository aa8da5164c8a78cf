import { isObject, type Json, type JsonObject, type PodSpec } from '@argosy/engine'

/** What a pod's wishes look at. */
export interface NodeFacts {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** Whether a node is one that the pod wants: its nodeSelector, and one of the terms that its affinity requires. */
export function wantsNode({ nodeSelector, affinity }: PodSpec, node: NodeFacts): boolean {
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    if (node.labels[key] !== value) return false
  }
  const required = at(affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
  if (required === undefined) return true
  return objectsIn(required['nodeSelectorTerms']).some((term) => matchesTerm(term, node))
}

/** Whether the affinity of a pod leaves open a node of this name; what it says of labels is not asked. */
export function mayBeAt({ affinity }: PodSpec, name: string): boolean {
  const required = at(affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
  if (required === undefined) return true
  const isOpen = (fields: Json | undefined) => objectsIn(fields).every((one) => holds(one, name))
  return objectsIn(required['nodeSelectorTerms']).some((term) => isOpen(term['matchFields']))
}

/** The sum of the weights of the terms that the pod would like a node to match. */
export function nodePreference({ affinity }: PodSpec, node: NodeFacts): number {
  const preferred = isObject(affinity?.['nodeAffinity'])
    ? objectsIn(affinity['nodeAffinity']['preferredDuringSchedulingIgnoredDuringExecution'])
    : []
  let sum = 0
  for (const { weight, preference } of preferred) {
    if (isObject(preference) && matchesTerm(preference, node)) sum += Number(weight)
  }
  return sum
}

/** A term without any requirement matches nothing. */
function matchesTerm({ matchExpressions, matchFields }: JsonObject, node: NodeFacts): boolean {
  const labels = objectsIn(matchExpressions)
  const fields = objectsIn(matchFields)
  if (labels.length + fields.length === 0) return false
  return (
    labels.every((one) => holds(one, node.labels[String(one['key'])])) &&
    fields.every((one) => one['key'] === 'metadata.name' && holds(one, node.name))
  )
}

type Test = (actual: string | undefined, values: readonly Json[]) => boolean

const tests: Readonly<Record<string, Test>> = {
  In: (actual, values) => actual !== undefined && values.includes(actual),
  NotIn: (actual, values) => actual === undefined || !values.includes(actual),
  Exists: (actual) => actual !== undefined,
  DoesNotExist: (actual) => actual === undefined,
  Gt: (actual, [wanted]) => isWhole(actual) && isWhole(wanted) && BigInt(actual) > BigInt(wanted),
  Lt: (actual, [wanted]) => isWhole(actual) && isWhole(wanted) && BigInt(actual) < BigInt(wanted),
}

function holds({ operator, values }: JsonObject, actual: string | undefined): boolean {
  const test = tests[String(operator)]
  return test?.(actual, Array.isArray(values) ? values : []) ?? false
}

function isWhole(text: Json | undefined): text is string {
  return typeof text === 'string' && /^[+-]?\d+$/.test(text)
}

function at(from: Json | undefined, ...path: readonly string[]): JsonObject | undefined {
  let found = from
  for (const name of path) found = isObject(found) ? found[name] : undefined
  return isObject(found) ? found : undefined
}

function objectsIn(list: Json | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}
