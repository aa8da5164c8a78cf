import { isObject, type Json, type JsonObject } from './json.ts'

type Labels = Readonly<Record<string, Json | undefined>>

/** Whether labels satisfy Kubernetes' LabelSelector, as an object. An empty one selects everything; what nobody understands in one, nothing. */
export function matchesLabelSelector(selector: JsonObject, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = selector
  const wanted = Object.entries(isObject(matchLabels) ? matchLabels : {})
  const expressions = Array.isArray(matchExpressions) ? (matchExpressions as readonly Json[]) : []
  return (
    wanted.every(([name, value]) => labels[name] === value) &&
    expressions.every((expression) => isObject(expression) && holds(expression, labels))
  )
}

function holds({ key, operator, values }: JsonObject, labels: Labels): boolean {
  const value = labels[String(key)]
  const isListed = value !== undefined && Array.isArray(values) && values.includes(value)
  switch (operator) {
    case 'In':
      return isListed
    case 'NotIn':
      return !isListed
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
