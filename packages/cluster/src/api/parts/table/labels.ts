import { isObject, type JsonObject } from '@argosy/engine'
import { objectsAt, textAt, textsAt } from './at.ts'

/** Labels as `a=1,b=2`, in their order. */
export function labelsText(labels: JsonObject): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${textAt(labels, name)}`)
  return pairs.length === 0 ? '<none>' : pairs.join(',')
}

/** A label selector as the text that one would give to `kubectl -l`. */
export function selectorText(selector: unknown): string {
  if (!isObject(selector)) return '<none>'
  const { matchLabels } = selector
  const equal = isObject(matchLabels)
    ? Object.keys(matchLabels).map((key) => ({ key, text: `${key}=${textAt(matchLabels, key)}` }))
    : []
  const others = objectsAt(selector, 'matchExpressions').map((one) => {
    const key = textAt(one, 'key')
    return { key, text: requirement(key, textAt(one, 'operator'), textsAt(one, 'values')) }
  })
  const all = [...equal, ...others].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return all.length === 0 ? '<none>' : all.map(({ text }) => text).join(',')
}

function requirement(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  return `${key} ${operator.toLowerCase()} (${values.toSorted().join(',')})`
}
