import type { Client } from '../client.ts'
import { resources } from '../resource.ts'
import { StatusError } from '../status-error.ts'
import {
  type EndpointsFacts,
  type NamedService,
  type ServiceFacts,
  type SliceFacts,
  serviceAddresses,
} from './service-addresses.ts'
import { type ServiceCandidate, serviceCandidates } from './service-candidates.ts'

/** The addresses behind a name of a cluster; undefined for every other name. None: it has nobody behind it now. */
export type FindHost = (host: string) => Promise<readonly string[] | undefined>

/** A service may be another name for a service that is another name. */
const mostNames = 8

/**
 * Finds what programs in pods of a namespace would find. Nothing is kept: a name is asked for when somebody connects, and
 * pods come and go.
 */
export function findHost(client: Client, namespace: string): FindHost {
  return (host) => find({ client, namespace }, host, mostNames)
}

interface Place {
  readonly client: Client
  readonly namespace: string
}

async function find(
  place: Place,
  host: string,
  names: number,
): Promise<readonly string[] | undefined> {
  for (const candidate of serviceCandidates(host, place.namespace)) {
    const service = await serviceOf(place.client, candidate)
    const found = service && addressesOf(service, candidate)
    if (service?.externalName !== undefined && candidate.host === undefined)
      return names > 1 ? behind(place, service.externalName, names - 1) : []
    if (found) return found
  }
  return undefined
}

/** Of a name elsewhere the machine knows the addresses. */
async function behind(place: Place, host: string, names: number): Promise<readonly string[]> {
  const found = await find(place, host, names)
  if (found) return found
  const { lookup } = await import('node:dns/promises')
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

function addressesOf({ addresses, hosts }: NamedService, { host }: ServiceCandidate) {
  if (host === undefined) return addresses
  const its = hosts.filter(({ hostname }) => hostname === host)
  return its.length > 0 ? its.map(({ ip }) => ip) : undefined
}

/** Undefined when there is none, and when nobody may or can say: then the name is the machine's. */
async function serviceOf(
  client: Client,
  { namespace, name }: ServiceCandidate,
): Promise<NamedService | undefined> {
  try {
    const service = await client.get<ServiceFacts>({
      ...{ resource: resources.services, namespace, name },
    })
    if (!service) return undefined
    const endpoints = await client.get<EndpointsFacts>({
      ...{ resource: resources.endpoints, namespace, name },
    })
    const { items: slices } = await client.list<SliceFacts>({
      ...{ resource: resources.endpointSlices, namespace },
      labelSelector: `kubernetes.io/service-name=${name}`,
    })
    const known = { services: [service], endpoints: endpoints ? [endpoints] : [], slices }
    return serviceAddresses(known)[0]
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}
