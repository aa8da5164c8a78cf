import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  controlledBy,
  controllerOf,
  type Decided,
  type Effect,
  refOf,
  shortHash,
} from '@argosy/kube/workload'
import { addressEffects } from './cluster-ip.ts'
import { type Place, type PlacedPod, placesOf } from './places.ts'
import type { Listing, Service } from './service.ts'

/** What a Service and what belongs to it look like. */
export interface ServiceSituation {
  readonly service: Service
  /** Every service there is: no two have the same address. */
  readonly services: readonly Service[]
  readonly pods: readonly Pod[]
  readonly endpoints: Listing | undefined
  /** Those of this service. */
  readonly slices: readonly Listing[]
}

/** Gives a Service its address, and lists the pods it leads to. Without a selector the lists are somebody else's. */
export function advanceService(situation: ServiceSituation): Decided {
  const { service, services, pods } = situation
  if (service.metadata.deletionTimestamp !== undefined) return { effects: [] }
  const address = addressEffects(service, services)
  const { selector, type } = service.spec
  if (selector === undefined || Object.keys(selector).length === 0 || type === 'ExternalName')
    return { effects: address }
  const places = placesOf(service, pods)
  return {
    effects: [
      ...address,
      ...endpointsEffects(situation, places),
      ...sliceEffects(situation, places),
    ],
  }
}

function endpointsEffects({ service, endpoints }: ServiceSituation, places: readonly Place[]) {
  const subsets = places.flatMap(({ ports, pods }) => subsetOf(service, ports, pods))
  const wanted = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...identityOf(service, service.metadata.name ?? ''),
      labels: { ...service.metadata.labels },
    },
    subsets,
  }
  if (endpoints === undefined) return [creation(resources.endpoints, wanted as KubeObject)]
  if (shortHash(endpoints.subsets ?? []) === shortHash(subsets)) return []
  const patch: Effect = {
    do: 'patch',
    ref: refOf(resources.endpoints, endpoints),
    body: { subsets },
  }
  return [patch]
}

function subsetOf(
  service: Service,
  ports: readonly JsonObject[],
  pods: readonly PlacedPod[],
): readonly JsonObject[] {
  const shown = pods.filter(({ isReady, isLeaving }) => isReady || !isLeaving)
  const of = (isReady: boolean) =>
    shown
      .filter((one) => one.isReady === isReady)
      .map((one) => ({ ip: one.ip, ...targetOf(service, one.pod) }))
  const [addresses, notReadyAddresses] = [of(true), of(false)]
  if (shown.length === 0) return []
  return [
    {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports.length > 0 && { ports }),
    },
  ]
}

function targetOf(service: Service, { metadata, spec }: Pod): JsonObject {
  const { name, namespace, uid } = metadata
  const isNamed =
    spec.hostname && (spec as { subdomain?: string }).subdomain === service.metadata.name
  return {
    ...(isNamed && { hostname: spec.hostname }),
    ...(spec.nodeName && { nodeName: spec.nodeName }),
    targetRef: { kind: 'Pod', name, namespace, uid },
  }
}

const serviceKey = 'kubernetes.io/service-name'

function sliceEffects(situation: ServiceSituation, places: readonly Place[]): readonly Effect[] {
  const { service, slices } = situation
  const resource = resources.endpointSlices
  const wanted = places.map((place) => sliceOf(service, place))
  const names = new Set(wanted.map(({ metadata }) => metadata.name))
  const mine = slices.filter((slice) => controllerOf(slice)?.uid === service.metadata.uid)
  const gone = mine.filter(({ metadata }) => !names.has(metadata.name ?? ''))
  const changes = wanted.flatMap((slice): readonly Effect[] => {
    const found = mine.find(({ metadata }) => metadata.name === slice.metadata.name)
    if (!found) return [creation(resource, slice)]
    const { endpoints = [] } = slice
    if (shortHash(found.endpoints) === shortHash(endpoints)) return []
    return [{ do: 'patch', ref: refOf(resource, found), body: { endpoints } }]
  })
  return [...changes, ...gone.map((one): Effect => ({ do: 'remove', ref: refOf(resource, one) }))]
}

/** Named for its ports: two looks make it once. */
function sliceOf(service: Service, { ports, pods }: Place): Listing {
  const suffix = shortHash([service.metadata.uid, ports]).slice(0, 5)
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...identityOf(service, `${service.metadata.name}-${suffix}`),
      labels: {
        ...service.metadata.labels,
        [serviceKey]: service.metadata.name ?? '',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
    },
    ...{ addressType: 'IPv4' },
    endpoints: pods.map(({ pod, ip, isReady, isServing, isLeaving }) => ({
      addresses: [ip],
      conditions: { ready: isReady, serving: isServing, terminating: isLeaving },
      ...targetOf(service, pod),
    })),
    ports: ports.length === 0 ? null : ports.map((port) => ({ name: '', ...port })),
  }
}

function identityOf(service: Service, name: string) {
  const { namespace } = service.metadata
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ownerReferences: [controlledBy(service)],
  }
}

function creation(
  resource: typeof resources.endpoints | typeof resources.endpointSlices,
  object: KubeObject,
): Effect {
  return { do: 'create', resource, object }
}
