import { forwardedCondition } from '@argosy/kube'
import type { PortedService } from './service-targets.ts'

/** The ports at which a service expects its pods to listen, as `TCP/8080`; of ports by name only they know. */
export function claimedPorts({ spec = {} }: PortedService): readonly string[] {
  const { type, selector = {} } = spec
  // Without a selector its ports are those of somebody else.
  if (type === 'ExternalName' || Object.keys(selector).length === 0) return []
  return (spec.ports ?? []).flatMap(({ port, targetPort = port, protocol = 'TCP' }) =>
    typeof targetPort === 'number' ? [`${protocol}/${targetPort}`] : [],
  )
}

/** Whether a door that a service has, or wanted, is in the way of pods that listen at these ports. */
export function isInTheWay(
  { spec = {}, status }: PortedService,
  claimed: ReadonlySet<string>,
): boolean {
  if (!status?.conditions?.some(({ type }) => type === forwardedCondition)) return false
  return (spec.ports ?? []).some(({ port, protocol = 'TCP' }) => claimed.has(`${protocol}/${port}`))
}
