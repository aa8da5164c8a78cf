import type { KubeObject } from '@argosy/engine'
import { objectKey } from '@argosy/kube'

export interface ServiceFacts extends KubeObject {
  readonly spec?: { readonly clusterIP?: string }
}

export interface EndpointsFacts extends KubeObject {
  readonly subsets?: readonly { readonly addresses?: readonly Address[] }[]
}

export interface SliceFacts extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[]
    readonly hostname?: string
    readonly conditions?: { readonly ready?: boolean }
  }[]
}

interface Address {
  readonly ip: string
  /** Of a pod that has a name of its own below the service's. */
  readonly hostname?: string
}

/** A service, and where it answers. */
export interface NamedService {
  readonly namespace: string
  readonly name: string
  readonly addresses: readonly Address[]
}

const serviceKey = 'kubernetes.io/service-name'

/**
 * Where services answer: at the pods that are ready, else at the service's own address. Pods first, since nobody passes on
 * here what comes to the service's address: only programs that listen at every address hear it.
 */
export function serviceAddresses(known: {
  readonly services: Iterable<ServiceFacts>
  readonly endpoints: Iterable<EndpointsFacts>
  readonly slices: Iterable<SliceFacts>
}): readonly NamedService[] {
  const ready = new Map<string, Map<string, Address>>()
  const put = (key: string, address: Address) => {
    const before = ready.get(key) ?? new Map<string, Address>()
    ready.set(key, before.set(`${address.ip}/${address.hostname ?? ''}`, address))
  }
  for (const { metadata, subsets = [] } of known.endpoints) {
    const key = objectKey(metadata.namespace, metadata.name ?? '')
    for (const { ip, hostname } of subsets.flatMap(({ addresses = [] }) => addresses))
      put(key, { ip, ...(hostname && { hostname }) })
  }
  for (const { metadata, endpoints = [] } of known.slices) {
    const key = objectKey(metadata.namespace, metadata.labels?.[serviceKey] ?? '')
    for (const address of endpoints.flatMap(readyIn)) put(key, address)
  }
  return [...known.services].map((service) => {
    const { namespace = '', name = '' } = service.metadata
    const found = [...(ready.get(objectKey(namespace, name))?.values() ?? [])]
    return { namespace, name, addresses: found.length > 0 ? found : ownAddress(service) }
  })
}

function readyIn({
  addresses,
  hostname,
  conditions,
}: NonNullable<SliceFacts['endpoints']>[number]) {
  if (conditions?.ready === false) return []
  return addresses.map((ip): Address => ({ ip, ...(hostname && { hostname }) }))
}

function ownAddress({ spec }: ServiceFacts): readonly Address[] {
  const { clusterIP = '' } = spec ?? {}
  return clusterIP === '' || clusterIP === 'None' ? [] : [{ ip: clusterIP }]
}
