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

/** What the scheduler counts for a pod: the sum of its containers, or its biggest init container if that is more. */
export function podRequests({ spec }: Pod): Amounts {
  const inits = spec.initContainers ?? []
  // A budget of the whole pod counts instead of what its containers ask for.
  if (spec.resources !== undefined) return requestsOf(spec.resources)
  if (!spec.containers.some(hasResources) && !inits.some(hasResources)) return none
  const sum: Record<string, number> = {}
  for (const container of spec.containers) {
    for (const [name, amount] of Object.entries(requestsOf(container.resources))) {
      sum[name] = (sum[name] ?? 0) + amount
    }
  }
  for (const init of inits) {
    for (const [name, amount] of Object.entries(requestsOf(init.resources))) {
      sum[name] = Math.max(sum[name] ?? 0, amount)
    }
  }
  return sum
}

function hasResources(container: Container): boolean {
  return container.resources !== undefined
}

/** A limit without a request is its own request. */
function requestsOf(resources: Resources | undefined): Amounts {
  return amountsOf({ ...resources?.limits, ...resources?.requests })
}

export function limitsOf(
  container: Container,
  pod?: Pod,
): { readonly memoryBytes?: number; readonly cpuMillis?: number } | undefined {
  // Nothing holds containers of one pod together: each may have at most what all of them may.
  const quantities = container.resources?.limits ?? pod?.spec.resources?.limits
  if (!quantities) return undefined
  const { cpu, memory } = amountsOf(quantities)
  return {
    ...(memory !== undefined && { memoryBytes: Math.ceil(memory / 1000) }),
    ...(cpu !== undefined && { cpuMillis: cpu }),
  }
}

/** Guaranteed, Burstable or BestEffort, by Kubernetes' rule. */
export function qosClass({ spec }: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const counted = containers.map(({ resources }) => ({
    requests: pick(requestsOf(resources)),
    limits: pick(amountsOf(resources?.limits)),
  }))
  if (counted.every(({ requests, limits }) => !requests && !limits)) return 'BestEffort'
  const exact = counted.every(({ requests, limits }) => limits !== '' && requests === limits)
  return exact && counted.every(({ limits }) => limits.split(',').length === 2)
    ? 'Guaranteed'
    : 'Burstable'
}

function pick(amounts: Amounts): string {
  return ['cpu', 'memory']
    .filter((name) => (amounts[name] ?? 0) > 0)
    .map((name) => `${name}=${amounts[name]}`)
    .join()
}
