import type { KubeObject } from '@argosy/engine'
import { objectKey } from '../controller.ts'

export interface ServiceFacts extends KubeObject {
  readonly spec?: {
    readonly type?: string
    readonly clusterIP?: string
    readonly externalName?: string
    readonly ports?: readonly FactPort[]
  }
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

interface FactPort {
  readonly name?: string
  readonly protocol?: string
  readonly port: number
  readonly targetPort?: number | string
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

/** A service, and where its names lead. */
export interface NamedService {
  readonly namespace: string
  readonly name: string
  readonly addresses: readonly string[]
  /** Pods that have names of their own below the service's. */
  readonly hosts: readonly { readonly hostname: string; readonly ip: string }[]
  /** At which its clients ask. */
  readonly ports: readonly Pick<FactPort, 'name' | 'protocol' | 'port'>[]
  /** Its clients ask its pods, there is no address of its own. */
  readonly isHeadless: boolean
  /** The service is another name for this one. */
  readonly externalName?: string
}

/** Says of a Service that what comes to its own address is passed on to its pods. */
export const forwardedCondition = 'argosy.dev/Forwarded'

const serviceKey = 'kubernetes.io/service-name'

/**
 * Where services answer: at their own address while what comes there is passed on; else at the pods that are ready, and
 * only without any at their own address, which programs hear that listen at every address.
 */
export function serviceAddresses(known: {
  readonly services: Iterable<ServiceFacts>
  readonly endpoints: Iterable<EndpointsFacts>
  readonly slices: Iterable<SliceFacts>
  /** From where the names are asked for; default: all. */
  readonly isReachable?: (ip: string) => boolean
}): readonly NamedService[] {
  const ready = new Map<string, Map<string, Address>>()
  const { isReachable = () => true } = known
  const put = (key: string, address: Address) => {
    if (!isReachable(address.ip)) return
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
    const pods = [...(ready.get(objectKey(namespace, name))?.values() ?? [])]
    return named(service, { pods, own: ownAddress(service).filter(isReachable) })
  })
}

interface Found {
  readonly pods: readonly Address[]
  readonly own: readonly string[]
}

function named(service: ServiceFacts, { pods, own }: Found): NamedService {
  const { namespace = '', name = '' } = service.metadata
  const { type, externalName, clusterIP } = service.spec ?? {}
  const isHeadless = clusterIP === 'None'
  const about = { namespace, name, isHeadless, ports: portsOf(service, isHeadless) }
  if (type === 'ExternalName' && externalName)
    return { ...about, addresses: [], hosts: [], externalName }
  const isOwn = own.length > 0 && (isForwarded(service) || pods.length === 0)
  const addresses = isOwn ? own : [...new Set(pods.map(({ ip }) => ip))]
  const hosts = pods.flatMap(({ ip, hostname }) => (hostname ? [{ ip, hostname }] : []))
  return { ...about, addresses, hosts }
}

/** Clients of a headless service know the ports of the pods. */
function portsOf({ spec }: ServiceFacts, isHeadless: boolean): NamedService['ports'] {
  return (spec?.ports ?? []).map(({ name, protocol, port, targetPort }) => ({
    ...(name && { name }),
    ...(protocol && { protocol }),
    port: isHeadless && typeof targetPort === 'number' ? targetPort : port,
  }))
}

function isForwarded({ status }: ServiceFacts): boolean {
  const found = status?.conditions?.find(({ type }) => type === forwardedCondition)
  return found?.status === 'True'
}

function readyIn({
  addresses,
  hostname,
  conditions,
}: NonNullable<SliceFacts['endpoints']>[number]) {
  if (conditions?.ready === false) return []
  return addresses.map((ip): Address => ({ ip, ...(hostname && { hostname }) }))
}

function ownAddress({ spec }: ServiceFacts): readonly string[] {
  const { clusterIP = '' } = spec ?? {}
  return clusterIP === '' || clusterIP === 'None' ? [] : [clusterIP]
}
