import type { Container, Pod } from '@argosy/engine'
import { isBuiltIn } from './built-in-spec.ts'

/**
 * Whether a pod needs a network that stays while its containers come and go. One container that is started once has no
 * need of that, unless it wants to know its address before it is there.
 */
export function sharesNetwork({ spec }: Pod): boolean {
  if (spec.hostNetwork === true) return false
  const containers = [...(spec.initContainers ?? []), ...spec.containers].filter(
    (one) => !isBuiltIn(one),
  )
  if (containers.length === 0) return false
  if (spec.shareProcessNamespace === true) return true
  if (containers.length > 1 || spec.restartPolicy !== 'Never') return true
  return containers.some(asksForAddress)
}

function asksForAddress({ env = [] }: Container): boolean {
  return env.some(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath.startsWith('status.podIP'))
}

/** The pod's hostAliases as `name:address`. */
export function hostsOf({ spec }: Pod): readonly string[] {
  return (spec.hostAliases ?? []).flatMap(({ ip, hostnames }) =>
    Array.isArray(hostnames) ? hostnames.map((name) => `${name}:${ip}`) : [],
  )
}
