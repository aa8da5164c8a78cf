import type { Json, JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textsAt } from '../table/at.ts'
import { label, qualifiedNameOrEmpty } from './name-rules.ts'
import { between, required } from './rules.ts'
import { labelSelectorFlaws, nodeSelectorFlaws, nodeTermFlaws } from './selector-flaws.ts'

const must = 'requiredDuringSchedulingIgnoredDuringExecution'
const should = 'preferredDuringSchedulingIgnoredDuringExecution'

const weight = between(1, 100, 'must be in the range 1-100')

/** What is wrong with which nodes a pod wants, and which pods beside it. */
export function affinityFlaws(affinity: JsonObject, path: string): readonly Flaw[] {
  return [
    ...nodeFlaws(objectAt(affinity, 'nodeAffinity'), `${path}.nodeAffinity`),
    ...['podAffinity', 'podAntiAffinity'].flatMap((name) =>
      podFlaws(objectAt(affinity, name), `${path}.${name}`),
    ),
  ]
}

function nodeFlaws(affinity: JsonObject, path: string): readonly Flaw[] {
  const selector = at(affinity, must)
  return [
    ...(selector === undefined
      ? []
      : nodeSelectorFlaws(objectAt(affinity, must), `${path}.${must}`)),
    ...objectsAt(affinity, should).flatMap((one, index) => {
      const here = `${path}.${should}[${index}]`
      return [
        ...weight(`${here}.weight`, one['weight'] ?? 0),
        ...nodeTermFlaws(objectAt(one, 'preference'), `${here}.preference`),
      ]
    }),
  ]
}

function podFlaws(affinity: JsonObject, path: string): readonly Flaw[] {
  return [
    ...objectsAt(affinity, must).flatMap((term, index) =>
      podTermFlaws(term, `${path}.${must}[${index}]`),
    ),
    ...objectsAt(affinity, should).flatMap((one, index) => {
      const here = `${path}.${should}[${index}]`
      return [
        ...weight(`${here}.weight`, one['weight'] ?? 0),
        ...podTermFlaws(objectAt(one, 'podAffinityTerm'), `${here}.podAffinityTerm`),
      ]
    }),
  ]
}

function podTermFlaws(term: JsonObject, path: string): readonly Flaw[] {
  const unlike = textsAt(term, 'mismatchLabelKeys')
  const twice = textsAt(term, 'matchLabelKeys').flatMap((key, index) =>
    unlike.includes(key)
      ? [
          flawOf.invalid(
            `${path}.matchLabelKeys[${index}]`,
            key,
            'exists in both matchLabelKeys and mismatchLabelKeys',
          ),
        ]
      : [],
  )
  return [
    ...['labelSelector', 'namespaceSelector'].flatMap((name) =>
      labelSelectorFlaws(objectAt(term, name), `${path}.${name}`),
    ),
    ...textsAt(term, 'namespaces').flatMap((name) => label(`${path}.namespace`, name)),
    ...twice,
    ...labelKeysFlaws(term, 'matchLabelKeys', path),
    ...labelKeysFlaws(term, 'mismatchLabelKeys', path),
    ...required(`${path}.topologyKey`, term['topologyKey'], 'can not be empty'),
    ...qualifiedNameOrEmpty(`${path}.topologyKey`, term['topologyKey']),
  ]
}

/** Keys of a pod's own labels that narrow a selector, where there is one. */
export function labelKeysFlaws(term: JsonObject, name: string, path: string): readonly Flaw[] {
  const keys = textsAt(term, name)
  const here = `${path}.${name}`
  const isLost = keys.length > 0 && at(term, 'labelSelector') === undefined
  return [
    ...(isLost
      ? [flawOf.forbidden(here, 'must not be specified when labelSelector is not set')]
      : []),
    ...keys.flatMap((key: Json, index) => qualifiedNameOrEmpty(`${here}[${index}]`, key)),
  ]
}
