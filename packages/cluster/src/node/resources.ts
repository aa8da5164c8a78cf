import type { Container, Pod } from '@argosy/engine'
import { type Amounts, amountsOf, requestsOf } from '@argosy/kube/placement'

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
