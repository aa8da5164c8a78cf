import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Client, type Clock, ignore, type Resource, resources } from '@argosy/kube'

/** What upstream's installations call their server, by the namespace that they put it in. */
const names: ReadonlyMap<string, string> = new Map([
  ['argo', 'argo-server'],
  ['argo-workflows', 'argo-workflows-server'],
])

export interface ArgoServiceOptions {
  readonly client: Client
  readonly clock: Clock
  /** Where our own server listens. */
  readonly url: string
  readonly log: (line: string) => void
}

/**
 * Lets what is written of upstream's server hold for ours: in the namespaces where installations put it there are a
 * Service of its name, a Pod behind it for `kubectl port-forward`, and an account of which tokens can be made.
 */
export function keepArgoService(options: ArgoServiceOptions): AsyncDisposable {
  const end = new AbortController()
  const done = follow(options, end.signal).catch((error: unknown) => {
    if (!end.signal.aborted) options.log(`the Service of Argo's server: ${String(error)}`)
  })
  return {
    [Symbol.asyncDispose]: () => {
      end.abort()
      return done
    },
  }
}

async function follow(
  { client, clock, url }: ArgoServiceOptions,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of client.watch({ resource: resources.namespaces }, signal)) {
    for (const { type, name } of batch) {
      const server = names.get(name)
      if (type === 'ADDED' && server)
        await fill(client, { namespace: name, name: server, url, now: clock.now() })
    }
  }
}

interface Wanted {
  readonly namespace: string
  readonly name: string
  readonly url: string
  readonly now: number
}

/** Each start may listen elsewhere. */
async function fill(client: Client, wanted: Wanted): Promise<void> {
  for (const [resource, object] of objectsFor(wanted)) {
    const made = await client.create(resource, object).catch(ignore('AlreadyExists', 'Forbidden'))
    const isMoved = resource === resources.services && made === undefined
    if (!isMoved) continue
    const { spec } = object as unknown as JsonObject
    const ref = { resource, namespace: wanted.namespace, name: wanted.name }
    await client.patch(ref, { type: 'merge', body: { spec: spec ?? {} } }).catch(ignore('NotFound'))
  }
  const { hostname } = new URL(wanted.url)
  const ref = { resource: resources.pods, namespace: wanted.namespace, name: wanted.name }
  const status = running(hostname.replace(/^\[|\]$/g, ''), new Date(wanted.now).toISOString())
  const write = client.patch(ref, { type: 'merge', subresource: 'status', body: { status } })
  await write.catch(ignore('NotFound'))
}

/** Labels by which the Services of upstream's manifests and of its helm chart look for their pods. */
const labels = {
  app: 'argo-server',
  'app.kubernetes.io/name': 'argo-workflows-server',
  'app.kubernetes.io/instance': 'argo-workflows',
  'app.kubernetes.io/managed-by': 'argosy-server',
}

function objectsFor({
  namespace,
  name,
  url,
}: Wanted): readonly (readonly [Resource, KubeObject])[] {
  const metadata = { name, namespace, labels }
  const port = { name: 'web', port: 2746, protocol: 'TCP', targetPort: portOf(url) }
  const container = { name: 'argo-server', image: 'argosy', args: ['server'] }
  const pod = {
    // No node has this name: the pod is told of, not run. It goes at once when somebody deletes it.
    ...{ nodeName: 'argosy-server', terminationGracePeriodSeconds: 0 },
    ...{ serviceAccountName: name, containers: [container] },
  }
  const object = (kind: string, more: object, apiVersion = 'v1') =>
    ({ apiVersion, kind, metadata, ...more }) as KubeObject
  const rbac = 'rbac.authorization.k8s.io'
  const cluster = { metadata: { name: `${name}.${namespace}`, labels } }
  const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: cluster.metadata.name }
  const subjects = [{ kind: 'ServiceAccount', name, namespace }]
  return [
    [resources.serviceAccounts, object('ServiceAccount', {})],
    [rbacOf('ClusterRole'), object('ClusterRole', { ...cluster, rules }, `${rbac}/v1`)],
    [
      rbacOf('ClusterRoleBinding'),
      object('ClusterRoleBinding', { ...cluster, roleRef, subjects }, `${rbac}/v1`),
    ],
    [resources.pods, object('Pod', { spec: pod })],
    [
      resources.services,
      object('Service', { spec: { selector: { app: labels.app }, ports: [port] } }),
    ],
  ]
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}

function rbacOf(kind: string): Resource {
  const plural = `${kind.toLowerCase()}s`
  return { group: 'rbac.authorization.k8s.io', version: 'v1', kind, plural, namespaced: false }
}

/** What upstream's server may do. */
const rules = [
  { apiGroups: [''], resources: ['configmaps', 'events'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch', 'delete'] },
  { apiGroups: [''], resources: ['pods/log', 'serviceaccounts'], verbs: ['get', 'list', 'watch'] },
  {
    apiGroups: ['argoproj.io'],
    resources: [
      'clusterworkflowtemplates',
      'cronworkflows',
      'eventsources',
      'sensors',
      'workfloweventbindings',
      'workflows',
      'workflowtemplates',
    ],
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  },
]

function running(ip: string, at: string): JsonObject {
  const startedAt = `${at.slice(0, 19)}Z`
  const conditions = ['Initialized', 'ContainersReady', 'Ready', 'PodScheduled']
  return {
    ...{ phase: 'Running', podIP: ip, podIPs: [{ ip }], hostIP: ip, startTime: startedAt },
    conditions: conditions.map((type) => ({ type, status: 'True', lastTransitionTime: startedAt })),
    containerStatuses: [
      {
        ...{ name: 'argo-server', image: 'argosy', imageID: '', ready: true, started: true },
        ...{ restartCount: 0, state: { running: { startedAt } } },
      },
    ],
  }
}
