import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type JsonObject,
  parseQuantity,
  type Quantity,
} from '@argosy/engine'
import { objectAt, objectsAt, textAt } from '../parts/table/at.ts'

export type Side = 'requests' | 'limits'
type Amounts = ReadonlyMap<string, Quantity>

/** What a pod needs at once: its containers together, or its biggest init container where that is more. */
export function amountsOf(spec: JsonObject, side: Side): Readonly<Record<string, string>> {
  const sum = objectsAt(spec, 'containers')
    .map((one) => ofContainer(one, side))
    .reduce(added, new Map())
  const inits = objectsAt(spec, 'initContainers').map((one) => ofContainer(one, side))
  const most = inits.reduce(bigger, sum)
  return Object.fromEntries([...most].map(([name, amount]) => [name, formatQuantity(amount)]))
}

/** Containers of a pod that say nothing of a resource. */
export function silentOf(spec: JsonObject, side: Side, name: string): readonly string[] {
  return objectsAt(spec, 'containers')
    .filter((one) => !ofContainer(one, side).has(name))
    .map((one) => textAt(one, 'name'))
}

function ofContainer(container: JsonObject, side: Side): Amounts {
  const limits = objectAt(container, 'resources', 'limits')
  const requests = objectAt(container, 'resources', 'requests')
  const given = side === 'limits' ? limits : { ...limits, ...requests }
  return new Map(
    Object.entries(given).flatMap(([name, value]): [string, Quantity][] => {
      const read = parseQuantity(String(value))
      return 'error' in read ? [] : [[name, read]]
    }),
  )
}

function added(a: Amounts, b: Amounts): Amounts {
  return merged(a, b, addQuantities)
}

function bigger(a: Amounts, b: Amounts): Amounts {
  return merged(a, b, (one, other) => (compareQuantities(one, other) < 0 ? other : one))
}

function merged(a: Amounts, b: Amounts, join: (one: Quantity, other: Quantity) => Quantity) {
  const all = new Map(a)
  for (const [name, amount] of b) {
    const other = all.get(name)
    all.set(name, other ? join(other, amount) : amount)
  }
  return all
}
