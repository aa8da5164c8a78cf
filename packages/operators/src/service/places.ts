import type { JsonObject, Pod } from '@argosy/engine'
import { isPodEnded, isPodLeaving, isPodReady, matchSelector } from '@argosy/kube/workload'
import type { Service, ServicePort } from './service.ts'

/** Pods that answer at the same ports. */
export interface Place {
  readonly ports: readonly JsonObject[]
  readonly pods: readonly PlacedPod[]
}

export interface PlacedPod {
  readonly pod: Pod
  readonly ip: string
  readonly isReady: boolean
  readonly isServing: boolean
  readonly isLeaving: boolean
}

/** Where a service leads; pods whose port of a name is another number come apart. */
export function placesOf(service: Service, pods: readonly Pod[]): readonly Place[] {
  const { selector, publishNotReadyAddresses = false } = service.spec
  const groups = new Map<string, { ports: readonly JsonObject[]; pods: PlacedPod[] }>()
  const order = [...pods].sort((a, b) =>
    (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1,
  )
  for (const pod of order) {
    const ip = pod.status?.podIP
    const isIts = matchSelector({ matchLabels: selector ?? {} }, pod.metadata.labels)
    if (!ip || !isIts || isPodEnded(pod)) continue
    const ports = (service.spec.ports ?? []).flatMap((port) => portAt(port, pod))
    const key = JSON.stringify(ports)
    const group = groups.get(key) ?? { ports, pods: [] }
    const isServing = isPodReady(pod)
    const isLeaving = isPodLeaving(pod)
    const isReady = publishNotReadyAddresses || (isServing && !isLeaving)
    group.pods.push({ pod, ip, isReady, isServing, isLeaving })
    groups.set(key, group)
  }
  return [...groups.values()]
}

function portAt(wanted: ServicePort, { spec }: Pod): readonly JsonObject[] {
  const { name, port, protocol = 'TCP', appProtocol, targetPort = port } = wanted
  const named = spec.containers
    .flatMap(({ ports = [] }) => ports)
    .find((one) => one['name'] === targetPort && (one['protocol'] ?? 'TCP') === protocol)
  const number = typeof targetPort === 'number' ? targetPort : named?.['containerPort']
  if (number === undefined) return []
  return [{ ...(name && { name }), port: number, protocol, ...(appProtocol && { appProtocol }) }]
}
