import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'

/** The Service by which programs in pods look for the API: it leads straight to where the server listens. */
export async function keepKubernetesService(client: Client, url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const place = { namespace: 'default', name: 'kubernetes' }
  const labels = {
    ...{ component: 'apiserver', provider: 'kubernetes' },
    'app.kubernetes.io/managed-by': 'argosy-server',
  }
  const target = Number(port)
  const spec = {
    type: 'ClusterIP',
    clusterIP: hostname,
    clusterIPs: [hostname],
    ports: [{ name: 'https', port: target, protocol: 'TCP', targetPort: target }],
  }
  const ports = [{ name: 'https', port: target, protocol: 'TCP' }]
  const subsets = [{ addresses: [{ ip: hostname }], ports }]
  const slice = {
    addressType: 'IPv4',
    endpoints: [
      { addresses: [hostname], conditions: { ready: true, serving: true, terminating: false } },
    ],
    ports,
  }
  const sliceLabels = { 'kubernetes.io/service-name': 'kubernetes' }
  await put(client, resources.services, { metadata: { ...place, labels }, spec })
  await put(client, resources.endpoints, { metadata: place, subsets })
  await put(client, resources.endpointSlices, {
    metadata: { ...place, labels: sliceLabels },
    ...slice,
  })
}

/** Each start may listen elsewhere. */
async function put(
  client: Client,
  resource:
    | typeof resources.services
    | typeof resources.endpoints
    | typeof resources.endpointSlices,
  content: JsonObject & { readonly metadata: JsonObject },
): Promise<void> {
  const { group, version, kind } = resource
  const apiVersion = group === '' ? version : `${group}/${version}`
  const object = { apiVersion, kind, ...content } as unknown as KubeObject
  const { namespace = '', name = '' } = object.metadata
  const existing = await client.create(resource, object).catch(ignore('AlreadyExists'))
  if (existing === undefined)
    await client.patch({ resource, namespace, name }, { type: 'merge', body: content })
}
