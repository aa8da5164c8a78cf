import type { Json, JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { qualifiedNameOrEmpty } from './name-rules.ts'
import { oneOf, required } from './rules.ts'

const actions = oneOf(['Count', 'FailIndex', 'FailJob', 'Ignore'])
const operators = oneOf(['In', 'NotIn'])
const statuses = oneOf(['False', 'True', 'Unknown'])

/** What is wrong with what a job makes of pods that fail. */
export function failurePolicyFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  return objectsAt(spec, 'podFailurePolicy', 'rules').flatMap((rule, index) => {
    const here = `${path}.rules[${index}]`
    return [
      ...actionFlaws(rule, here, spec),
      ...sidesFlaws(rule, here),
      ...(at(rule, 'onExitCodes') === undefined
        ? []
        : exitFlaws(objectAt(rule, 'onExitCodes'), `${here}.onExitCodes`, spec)),
      ...objectsAt(rule, 'onPodConditions').flatMap((pattern, at) =>
        conditionFlaws(pattern, `${here}.onPodConditions[${at}]`),
      ),
    ]
  })
}

function actionFlaws(rule: JsonObject, path: string, spec: JsonObject): readonly Flaw[] {
  const { action } = rule
  const isLost = action === 'FailIndex' && spec['backoffLimitPerIndex'] === undefined
  const why = 'requires the backoffLimitPerIndex to be set'
  const all = '["Count" "FailIndex" "FailJob" "Ignore"]'
  return [
    ...required(`${path}.action`, action, `valid values: ${all}`),
    ...(isLost
      ? [flawOf.invalid(`${path}.action`, action, why)]
      : actions(`${path}.action`, action)),
  ]
}

function sidesFlaws(rule: JsonObject, path: string): readonly Flaw[] {
  const hasExit = at(rule, 'onExitCodes') !== undefined
  const hasConditions = objectsAt(rule, 'onPodConditions').length > 0
  if (hasExit !== hasConditions) return []
  const why = hasExit
    ? 'specifying both OnExitCodes and OnPodConditions is not supported'
    : 'specifying one of OnExitCodes and OnPodConditions is required'
  return [flawOf.invalid(path, rule, why)]
}

function exitFlaws(exit: JsonObject, path: string, spec: JsonObject): readonly Flaw[] {
  const { containerName, operator } = exit
  const values = (at(exit, 'values') ?? []) as readonly Json[]
  const pod = objectAt(spec, 'template', 'spec')
  const names = ['containers', 'initContainers'].flatMap((list) =>
    objectsAt(pod, list).map((one) => textAt(one, 'name')),
  )
  const isUnknown = typeof containerName === 'string' && !names.includes(containerName)
  const why = 'must be one of the container or initContainer names in the pod template'
  const isOrdered = values.every(
    (value, index) => Number(values[index - 1] ?? value) <= Number(value),
  )
  return [
    ...required(`${path}.operator`, operator, 'valid values: ["In" "NotIn"]'),
    ...operators(`${path}.operator`, operator),
    ...(isUnknown ? [flawOf.invalid(`${path}.containerName`, containerName, why)] : []),
    ...(values.length === 0
      ? [flawOf.invalid(`${path}.values`, [], 'at least one value is required')]
      : []),
    ...(isOrdered ? [] : [flawOf.invalid(`${path}.values`, values, 'must be ordered')]),
    ...values.flatMap((value, index) => [
      ...(operator === 'In' && value === 0
        ? [flawOf.invalid(`${path}.values[${index}]`, 0, 'must not be 0 for the In operator')]
        : []),
      ...(values.indexOf(value) < index
        ? [flawOf.duplicate(`${path}.values[${index}]`, value)]
        : []),
    ]),
  ]
}

function conditionFlaws(pattern: JsonObject, path: string): readonly Flaw[] {
  const { status } = pattern
  return [
    ...qualifiedNameOrEmpty(`${path}.type`, pattern['type']),
    ...required(`${path}.status`, status, 'valid values: ["False" "True" "Unknown"]'),
    ...statuses(`${path}.status`, status),
  ]
}
