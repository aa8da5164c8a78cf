import { resources } from '@argosy/kube'
import { createdAt, type Effect, refOf, shortHash } from '@argosy/kube/workload'
import type { Service } from './service.ts'

/** Every loopback address is this machine's, so programs that listen everywhere answer at it; pods have 127.10 to 127.249. */
const network = '127.250'
const size = 65_000

/** Gives a service an address of its own; two that came to the same one are parted, and the older one keeps it. */
export function addressEffects(service: Service, all: readonly Service[]): readonly Effect[] {
  const { type = 'ClusterIP', clusterIP = '', clusterIPs = [] } = service.spec
  if (type === 'ExternalName') return []
  const others = all.filter(({ metadata }) => metadata.uid !== service.metadata.uid)
  const isShared =
    clusterIP.startsWith(`${network}.`) &&
    others.some((other) => other.spec.clusterIP === clusterIP && isOlder(other, service))
  if (clusterIP !== '' && !isShared && clusterIPs[0] === clusterIP) return []
  const isKept = clusterIP !== '' && !isShared
  const taken = new Set(others.map(({ spec }) => spec.clusterIP))
  const address = isKept ? clusterIP : freeAddress(service, taken)
  const families = address === 'None' ? {} : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }
  const spec = { clusterIP: address, clusterIPs: [address], ...families }
  const patch: Effect = { do: 'patch', ref: refOf(resources.services, service), body: { spec } }
  return [patch]
}

function isOlder(a: Service, b: Service): boolean {
  const difference = createdAt(a) - createdAt(b)
  return difference < 0 || (difference === 0 && (a.metadata.uid ?? '') < (b.metadata.uid ?? ''))
}

/** The same name comes to the same address again when that is free. */
function freeAddress({ metadata }: Service, taken: ReadonlySet<string | undefined>): string {
  const hash = shortHash([metadata.namespace, metadata.name])
  const start = [...hash].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % size, 0)
  for (let step = 0; step < size; step++) {
    const index = ((start + step) % size) + 2
    const address = `${network}.${Math.floor(index / 256)}.${index % 256}`
    if (!taken.has(address)) return address
  }
  throw new Error(`all ${size} addresses of services are taken`)
}
