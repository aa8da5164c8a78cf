import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt, objectsAt, textAt } from '../table/at.ts'
import { labelKeysFlaws } from './affinity-flaws.ts'
import { moreThan, oneOf, required } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'

const positive = moreThan(0, 'must be greater than zero')
const actions = oneOf(['DoNotSchedule', 'ScheduleAnyway'])
const policies = oneOf(['Honor', 'Ignore'])

/** What is wrong with how a pod's like are to be spread. */
export function spreadFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const constraints = objectsAt(spec, 'topologySpreadConstraints')
  return constraints.flatMap((one, index) => {
    const here = `${path}.topologySpreadConstraints[${index}]`
    return [
      ...constraintFlaws(one, here),
      ...constraints.slice(index + 1).flatMap((other) => sameFlaws(one, other, here)),
    ]
  })
}

function constraintFlaws(one: JsonObject, path: string): readonly Flaw[] {
  const { whenUnsatisfiable = '' } = one
  const needless =
    one['minDomains'] !== undefined && whenUnsatisfiable !== 'DoNotSchedule'
      ? `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
      : ''
  return [
    ...positive(`${path}.maxSkew`, one['maxSkew'] ?? 0),
    ...required(`${path}.topologyKey`, one['topologyKey'], 'can not be empty'),
    ...actions(`${path}.whenUnsatisfiable`, whenUnsatisfiable),
    ...positive(`${path}.minDomains`, one['minDomains']),
    ...(needless === '' ? [] : [flawOf.invalid(`${path}.minDomains`, one['minDomains'], needless)]),
    ...['nodeAffinityPolicy', 'nodeTaintsPolicy'].flatMap((name) =>
      policies(`${path}.${name}`, one[name]),
    ),
    ...labelKeysFlaws(one, 'matchLabelKeys', path),
    ...labelSelectorFlaws(objectAt(one, 'labelSelector'), `${path}.labelSelector`),
  ]
}

function sameFlaws(one: JsonObject, other: JsonObject, path: string): readonly Flaw[] {
  const members = ['topologyKey', 'whenUnsatisfiable']
  if (!members.every((name) => textAt(one, name) === textAt(other, name))) return []
  const shown = `{${members.map((name) => textAt(one, name)).join(', ')}}`
  return [flawOf.duplicate(`${path}.{${members.join(', ')}}`, shown)]
}
