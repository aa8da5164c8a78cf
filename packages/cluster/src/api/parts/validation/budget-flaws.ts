import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt } from '../table/at.ts'
import { countOrPercent, notOverAll, oneOf } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'

const policies = oneOf(['AlwaysAllow', 'IfHealthyBudget'])
const members = ['minAvailable', 'maxUnavailable']

/** What is wrong with a PodDisruptionBudget's spec. */
export function budgetFlaws(spec: JsonObject): readonly Flaw[] {
  const isBoth = members.every((name) => at(spec, name) !== undefined)
  const why = 'minAvailable and maxUnavailable cannot be both set'
  return [
    ...(isBoth ? [flawOf.invalid('spec', spec, why)] : []),
    ...members.flatMap((name) => [
      ...countOrPercent(`spec.${name}`, at(spec, name)),
      ...notOverAll(`spec.${name}`, at(spec, name)),
    ]),
    ...policies('spec.unhealthyPodEvictionPolicy', spec['unhealthyPodEvictionPolicy']),
    ...labelSelectorFlaws(objectAt(spec, 'selector'), 'spec.selector'),
  ]
}
