import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { textAt } from '../table/at.ts'
import { labelValue, qualifiedName } from './name-rules.ts'
import { oneOf } from './rules.ts'

const effects = oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])

/** What is wrong with a toleration. */
export function tolerationFlaws(toleration: JsonObject, path: string): readonly Flaw[] {
  const { key, effect } = toleration
  const operator = textAt(toleration, 'operator')
  const all =
    'operator must be Exists when `key` is empty, which means "match all values and all keys"'
  const isBare = textAt(toleration, 'key') === '' && operator !== 'Exists'
  const isOdd = toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute'
  const why = "effect must be 'NoExecute' when `tolerationSeconds` is set"
  return [
    ...(key === undefined ? [] : qualifiedName(`${path}.key`, key)),
    ...(isBare ? [flawOf.invalid(`${path}.operator`, operator, all)] : []),
    ...(isOdd ? [flawOf.invalid(`${path}.effect`, effect ?? '', why)] : []),
    ...operatorFlaws(operator, textAt(toleration, 'value'), `${path}.operator`),
    ...(effect === '' ? [] : effects(`${path}.effect`, effect)),
  ]
}

// Kubernetes tells of the value at the operator's path.
function operatorFlaws(operator: string, value: string, path: string): readonly Flaw[] {
  if (operator === '' || operator === 'Equal') return labelValue(path, value)
  if (operator !== 'Exists') return [flawOf.notSupported(path, operator, ['Equal', 'Exists'])]
  const why = "value must be empty when `operator` is 'Exists'"
  return value === '' ? [] : [flawOf.invalid(path, value, why)]
}
