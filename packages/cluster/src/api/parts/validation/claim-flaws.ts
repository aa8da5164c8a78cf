import type { JsonObject } from '@argosy/engine'
import { compareQuantities, parseQuantity } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, textAt, textsAt } from '../table/at.ts'
import { subdomain } from './name-rules.ts'
import { oneOf } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'

const modes = oneOf(['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'])
const volumeModes = oneOf(['Block', 'Filesystem'])

/** What is wrong with what a claim asks for. */
export function claimSpecFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const selector = at(spec, 'selector')
  return [
    ...accessModeFlaws(spec, `${path}.accessModes`),
    ...volumeModes(`${path}.volumeMode`, spec['volumeMode']),
    ...subdomain(`${path}.storageClassName`, spec['storageClassName']),
    ...storageFlaws(textAt(spec, 'resources', 'requests', 'storage'), `${path}.resources[storage]`),
    ...(selector === undefined
      ? []
      : labelSelectorFlaws(objectAt(spec, 'selector'), `${path}.selector`)),
  ]
}

function accessModeFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const given = textsAt(spec, 'accessModes')
  if (given.length === 0) return [flawOf.required(path, 'at least 1 access mode is required')]
  const why = 'may not use ReadWriteOncePod with other access modes'
  const isOdd = given.includes('ReadWriteOncePod') && given.length > 1
  return [
    ...given.flatMap((mode) => modes(path, mode)),
    ...(isOdd ? [flawOf.forbidden(path, why)] : []),
  ]
}

export function storageFlaws(storage: string, path: string): readonly Flaw[] {
  const quantity = parseQuantity(storage)
  if (storage === '') return [flawOf.required(path)]
  if ('error' in quantity) return [flawOf.invalid(path, storage, quantity.error)]
  if (quantity.nano > 0n) return []
  return [flawOf.invalid(path, storage, 'must be greater than zero')]
}

/** What is wrong with a claim; a claim that is bound may grow. */
export function claimFlaws(object: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const spec = objectAt(object, 'spec')
  return [
    ...claimSpecFlaws(spec, 'spec'),
    ...(old === undefined ? [] : claimChangeFlaws(spec, old)),
  ]
}

const why =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

function claimChangeFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const was = objectAt(old, 'spec')
  const isBound = textAt(old, 'status', 'phase') === 'Bound'
  const had = textAt(old, 'status', 'capacity', 'storage')
  const isShrinking = isBound && had !== '' && isLess(storageOf(spec), had)
  const less = 'field can not be less than status.capacity'
  if (!equalJson(frozen(spec, was, isBound), frozen(was, was, isBound)))
    return [flawOf.forbidden('spec', why)]
  return isShrinking ? [flawOf.forbidden('spec.resources.requests.storage', less)] : []
}

/** What has to stay. A claim that names no volume may be given one: that is how it is bound. */
function frozen(spec: JsonObject, was: JsonObject, isBound: boolean): JsonObject {
  const { volumeAttributesClassName: _, ...rest } = spec
  const unbound = textAt(was, 'volumeName') === ''
  return {
    ...rest,
    ...(isBound && {
      resources: {
        ...objectAt(spec, 'resources'),
        requests: objectAt(was, 'resources', 'requests'),
      },
    }),
    ...(unbound && { volumeName: '' }),
  }
}

function storageOf(spec: JsonObject): string {
  return textAt(spec, 'resources', 'requests', 'storage')
}

function isLess(text: string, than: string): boolean {
  const [one, other] = [parseQuantity(text), parseQuantity(than)]
  return !('error' in one) && !('error' in other) && compareQuantities(one, other) < 0
}
