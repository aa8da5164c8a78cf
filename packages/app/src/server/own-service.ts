import type { JsonObject, KubeObject } from '@argosy/engine'
import { apiVersionOf, type Client, ignore, type Resource, resources } from '@argosy/kube'

interface Port {
  readonly name: string
  readonly port: number
  readonly protocol: 'TCP' | 'UDP'
}

/** A Service of ours: what it leads to is no pod. */
export interface OwnService {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Where it is answered; its own address, too. */
  readonly host: string
  readonly ports: readonly Port[]
}

const ownLabel = { 'app.kubernetes.io/managed-by': 'argosy-server' }

/** Makes the Service lead where it is to lead now: each start may listen elsewhere. */
export async function putOwnService(client: Client, service: OwnService): Promise<void> {
  const { namespace, name, host } = service
  const labels = { ...service.labels, ...ownLabel }
  const ports = service.ports.map(({ name: port, port: number, protocol }) => {
    return { name: port, port: number, protocol }
  })
  const spec = {
    type: 'ClusterIP',
    ...{ clusterIP: host, clusterIPs: [host] },
    ports: ports.map((one) => ({ ...one, targetPort: one.port })),
  }
  const conditions = { ready: true, serving: true, terminating: false }
  const endpoints = [{ addresses: [host], conditions }]
  const place = { namespace, name }
  const sliceLabels = { 'kubernetes.io/service-name': name }
  await put(client, resources.services, { metadata: { ...place, labels }, spec })
  await put(client, resources.endpoints, {
    metadata: place,
    subsets: [{ addresses: [{ ip: host }], ports }],
  })
  await put(client, resources.endpointSlices, {
    metadata: { ...place, labels: sliceLabels },
    ...{ addressType: 'IPv4', endpoints, ports },
  })
}

/** Takes it away, if it is ours and not somebody's who needs that name. */
export async function removeOwnService(
  client: Client,
  { namespace, name }: Pick<OwnService, 'namespace' | 'name'>,
): Promise<void> {
  const service = await client.get({ resource: resources.services, namespace, name })
  const [key = '', value] = Object.entries(ownLabel)[0] ?? []
  if (service?.metadata.labels?.[key] !== value) return
  const kinds = [resources.services, resources.endpoints, resources.endpointSlices]
  await Promise.all(
    kinds.map((resource) => client.remove({ resource, namespace, name }).catch(ignore('NotFound'))),
  )
}

async function put(
  client: Client,
  resource: Resource,
  content: JsonObject & { readonly metadata: JsonObject },
): Promise<void> {
  const { kind } = resource
  const object = { apiVersion: apiVersionOf(resource), kind, ...content } as unknown as KubeObject
  const { namespace = '', name = '' } = object.metadata
  const existing = await client.create(resource, object).catch(ignore('AlreadyExists'))
  if (existing === undefined)
    await client.patch({ resource, namespace, name }, { type: 'merge', body: content })
}
