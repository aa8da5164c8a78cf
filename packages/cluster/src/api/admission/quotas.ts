import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  isObject,
  type JsonObject,
  parseQuantity,
  type Quantity,
} from '@argosy/engine'
import { objectAt, textAt } from '../parts/table/at.ts'
import { amountsOf, type Side, silentOf } from './pod-amounts.ts'

/** One object; `collection` is as `pods` or `jobs.batch`. */
export interface Countable {
  readonly collection: string
  readonly object: JsonObject
}

/** How much there is of each of a quota's resources. */
export type Amounts = ReadonlyMap<string, Quantity>

/** How much of a quota with this `spec` the objects of a collection take that are there already. */
type UsedOf = (spec: JsonObject, collection: string) => Amounts

/** Why a ResourceQuota does not let a new object in; undefined: it does, or does not count it. */
export function quotaRefusal(
  quota: JsonObject,
  newcomer: Countable,
  usedOf: UsedOf,
): string | undefined {
  const spec = objectAt(quota, 'spec')
  if (!isCounted(spec, newcomer)) return undefined
  const hard = limitsOn(spec, newcomer.collection)
  if (hard.length === 0) return undefined
  const name = textAt(quota, 'metadata', 'name')
  const silent = hard.flatMap(([resource]) => silence(resource, newcomer))
  if (silent.length > 0) return `failed quota: ${name}: must specify ${silent.join('; ')}`
  const used = usedOf(spec, newcomer.collection)
  const over = hard.map(([resource, limit]) =>
    measured(newcomer.object, resource, { limited: String(limit), used: used.get(resource) }),
  )
  const exceeded = over.filter(({ isOver }) => isOver)
  if (exceeded.length === 0) return undefined
  const list = (side: 'requested' | 'used' | 'limited') =>
    exceeded.map((one) => `${one.resource}=${one[side]}`).join(',')
  return `exceeded quota: ${name}, requested: ${list('requested')}, used: ${list('used')}, limited: ${list('limited')}`
}

/** What an object takes of a quota with this `spec` as long as it is there; pods that have ended take nothing. */
export function takenBy({ collection, object }: Countable, spec: JsonObject): Amounts {
  if (!isCounted(spec, { collection, object })) return nothing
  if (collection === 'pods' && !isLive(object)) return nothing
  const names = limitsOn(spec, collection).map(([resource]) => resource)
  return new Map(names.map((resource) => [resource, amountIn(object, resource)]))
}

const nothing: Amounts = new Map()

/** The rows of a quota that objects of a collection count for. */
function limitsOn(spec: JsonObject, collection: string) {
  return Object.entries(objectAt(spec, 'hard')).filter(([name]) => concerns(name, collection))
}

/** Whether a quota counts objects like this one. Quotas with scopes count some pods only. */
function isCounted(spec: JsonObject, { collection, object }: Countable): boolean {
  const { scopes, scopeSelector } = spec
  if (scopeSelector !== undefined) return false
  if (!Array.isArray(scopes) || scopes.length === 0) return true
  return collection === 'pods' && scopes.every((scope) => isInScope(String(scope), object))
}

function isInScope(scope: string, pod: JsonObject): boolean {
  const spec = objectAt(pod, 'spec')
  const isTerminating = spec['activeDeadlineSeconds'] !== undefined
  const isBestEffort =
    Object.keys(amountsOf(spec, 'requests')).length === 0 &&
    Object.keys(amountsOf(spec, 'limits')).length === 0
  switch (scope) {
    case 'Terminating':
      return isTerminating
    case 'NotTerminating':
      return !isTerminating
    case 'BestEffort':
      return isBestEffort
    case 'NotBestEffort':
      return !isBestEffort
    default:
      return false
  }
}

const computed = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/

function concerns(resource: string, collection: string): boolean {
  if (resource === `count/${collection}` || resource === collection) return true
  if (computed.test(resource)) return collection === 'pods'
  return resource === 'requests.storage' && collection === 'persistentvolumeclaims'
}

/** A pod that does not say what it needs cannot be counted. */
function silence(resource: string, { collection, object }: Countable): readonly string[] {
  const part = computed.exec(resource)
  if (collection !== 'pods' || !part) return []
  const names = silentOf(objectAt(object, 'spec'), (part[1] ?? 'requests') as Side, part[2] ?? '')
  return names.length === 0 ? [] : [`${resource} for: ${names.join(',')}`]
}

function measured(
  object: JsonObject,
  resource: string,
  { limited, used = zero }: { readonly limited: string; readonly used: Quantity | undefined },
) {
  const requested = amountIn(object, resource)
  const isOver =
    requested.nano > 0n && compareQuantities(plus(used, requested), quantity(limited)) > 0
  return {
    ...{ resource, limited, isOver },
    requested: formatQuantity(requested),
    used: formatQuantity(used),
  }
}

function isLive(pod: JsonObject): boolean {
  const phase = textAt(pod, 'status', 'phase')
  return phase !== 'Succeeded' && phase !== 'Failed'
}

function amountIn(object: JsonObject, resource: string): Quantity {
  const spec = objectAt(object, 'spec')
  if (resource === 'requests.storage') {
    const storage = objectAt(spec, 'resources', 'requests')['storage']
    return quantity(isObject(storage) ? '0' : String(storage ?? '0'))
  }
  const part = computed.exec(resource)
  if (!part) return quantity('1')
  return quantity(amountsOf(spec, (part[1] ?? 'requests') as Side)[part[2] ?? ''] ?? '0')
}

export const zero: Quantity = { nano: 0n, format: 'DecimalSI' }

function quantity(text: string): Quantity {
  const read = parseQuantity(text)
  return 'error' in read ? zero : read
}

/** A sum of nothing takes on how its first part is written. */
export function plus(a: Quantity, b: Quantity): Quantity {
  return a.nano === 0n ? b : addQuantities(a, b)
}
