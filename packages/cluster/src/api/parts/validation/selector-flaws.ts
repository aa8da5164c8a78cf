import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectsAt, textAt, textsAt } from '../table/at.ts'
import { labelMap, labelValue, qualifiedNameOrEmpty, subdomain } from './name-rules.ts'
import { required } from './rules.ts'

/** What is wrong with a selector of labels. */
export function labelSelectorFlaws(selector: JsonObject, path: string): readonly Flaw[] {
  return [
    ...labelMap(`${path}.matchLabels`, selector['matchLabels']),
    ...expressionsFlaws(selector, `${path}.matchExpressions`, []),
  ]
}

/** What is wrong with a selector of nodes. */
export function nodeSelectorFlaws(selector: JsonObject, path: string): readonly Flaw[] {
  const terms = objectsAt(selector, 'nodeSelectorTerms')
  const here = `${path}.nodeSelectorTerms`
  if (terms.length === 0)
    return [flawOf.required(here, 'must have at least one node selector term')]
  return terms.flatMap((term, index) => nodeTermFlaws(term, `${here}[${index}]`))
}

export function nodeTermFlaws(term: JsonObject, path: string): readonly Flaw[] {
  return [
    ...expressionsFlaws(term, `${path}.matchExpressions`, ['Gt', 'Lt']),
    ...objectsAt(term, 'matchFields').flatMap((field, index) =>
      fieldFlaws(field, `${path}.matchFields[${index}]`),
    ),
  ]
}

function expressionsFlaws(
  selector: JsonObject,
  path: string,
  more: readonly string[],
): readonly Flaw[] {
  return objectsAt(selector, 'matchExpressions').flatMap((expression, index) => {
    const here = `${path}[${index}]`
    return [
      ...qualifiedNameOrEmpty(`${here}.key`, expression['key']),
      ...operatorFlaws(expression, here, more),
      ...textsAt(expression, 'values').flatMap((value, at) =>
        labelValue(`${here}.values[${at}]`, value),
      ),
    ]
  })
}

function operatorFlaws(
  expression: JsonObject,
  path: string,
  more: readonly string[],
): readonly Flaw[] {
  const operator = textAt(expression, 'operator')
  const count = textsAt(expression, 'values').length
  const values = `${path}.values`
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be specified when `operator` is 'In' or 'NotIn'"
    return count === 0 ? [flawOf.required(values, why)] : []
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
    return count > 0 ? [flawOf.forbidden(values, why)] : []
  }
  if (!more.includes(operator))
    return [flawOf.invalid(`${path}.operator`, operator, 'not a valid selector operator')]
  const why = "must be specified single value when `operator` is 'Lt' or 'Gt'"
  return count === 1 ? [] : [flawOf.required(values, why)]
}

function fieldFlaws(field: JsonObject, path: string): readonly Flaw[] {
  const { key, operator } = field
  const values = textsAt(field, 'values')
  const many = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
  if (operator !== 'In' && operator !== 'NotIn')
    return [flawOf.invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator')]
  return [
    ...(values.length === 1 ? [] : [flawOf.required(`${path}.values`, many)]),
    ...(key === 'metadata.name'
      ? values.flatMap((value, index) => [
          ...subdomain(`${path}.values[${index}]`, value),
          ...required(`${path}.values[${index}]`, value),
        ])
      : [flawOf.invalid(`${path}.key`, key ?? '', 'not a valid field selector key')]),
  ]
}
