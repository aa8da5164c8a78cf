import type { Container, Pod, Resources } from '@argosy/engine'
import { parseQuantity } from './quantity.ts'

/** Amounts by resource name, in thousandths of a unit so that sums of `100m` stay exact. */
export type Amounts = Readonly<Record<string, number>>

/** What a machine has to give, as `{ cpu: 4, memory: '8Gi' }`. */
export type Capacity = Readonly<Record<string, string | number>>

export function amountsOf(quantities: Capacity | undefined): Amounts {
  const amounts: Record<string, number> = {}
  for (const [name, quantity] of Object.entries(quantities ?? {})) {
    amounts[name] = Math.round((parseQuantity(quantity) ?? 0) * 1000)
  }
  return amounts
}

const none: Amounts = {}

/**
 * What the scheduler counts for a pod: the sum of its containers and of the init containers that run on beside them, or
 * what its biggest init container needs while it runs, if that is more.
 */
export function podRequests({ spec }: Pod): Amounts {
  const inits = spec.initContainers ?? []
  // A budget of the whole pod counts instead of what its containers ask for.
  if (spec.resources !== undefined) return requestsOf(spec.resources)
  if (!spec.containers.some(hasResources) && !inits.some(hasResources)) return none
  const beside = inits.filter(isSidecar)
  const together = total([...beside, ...spec.containers])
  const peaks = inits.flatMap((one, index) =>
    isSidecar(one) ? [] : [total([...inits.slice(0, index).filter(isSidecar), one])],
  )
  return peaks.reduce(biggest, together)
}

/** A limit without a request is its own request. */
export function requestsOf(resources: Resources | undefined): Amounts {
  return amountsOf({ ...resources?.limits, ...resources?.requests })
}

function hasResources(container: Container): boolean {
  return container.resources !== undefined
}

function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always'
}

function total(containers: readonly Container[]): Amounts {
  const sum: Record<string, number> = {}
  for (const { resources } of containers) {
    for (const [name, amount] of Object.entries(requestsOf(resources))) {
      sum[name] = (sum[name] ?? 0) + amount
    }
  }
  return sum
}

function biggest(a: Amounts, b: Amounts): Amounts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...names].map((name) => [name, Math.max(a[name] ?? 0, b[name] ?? 0)]))
}
