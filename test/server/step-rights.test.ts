import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, KubeObject, Workflow } from '@argosy/engine'
import { type Client, type Resource, resources } from '@argosy/kube'
import { Connection } from '@argosy/kube/remote'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Embedded, openEmbedded } from '../../packages/app/src/embedded.ts'
import { ownPodAccess } from '../../packages/app/src/server/own-pod-access.ts'
import {
  openAccess,
  serverCertificate,
  startApiServer,
} from '../../packages/cluster/src/api-server.ts'

// A step of our own programs runs in the server's process. It may do no more there than its account could by kubectl.

const rbac = 'rbac.authorization.k8s.io'
const rbacKind = (kind: string, plural: string, namespaced: boolean): Resource => ({
  ...{ group: rbac, version: 'v1', kind, plural, namespaced },
})
const roles = rbacKind('Role', 'roles', true)
const roleBindings = rbacKind('RoleBinding', 'rolebindings', true)
const clusterRoleBindings = rbacKind('ClusterRoleBinding', 'clusterrolebindings', false)

let open: AsyncDisposableStack
let embedded: Embedded
let client: Client

beforeAll(async () => {
  open = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-rights-'))
  open.defer(() => rm(dataDir, { recursive: true, force: true }))
  embedded = open.use(await openEmbedded({ dataDir, runtime: 'process', accounts: true }))
  client = embedded.client
  const { store, registry, clock } = embedded
  const tls = await serverCertificate(join(dataDir, 'pki'), [], clock.now())
  const access = await openAccess({ store, client, clock, adminToken: 'secret', ca: tls.ca })
  const api = open.use(
    await startApiServer({ store, registry, clock, ...access, tls, host: '127.0.0.1', port: 0 }),
  )
  const connection = open.use(new Connection({ server: api.url, ca: tls.ca }))
  await embedded.start(ownPodAccess(embedded, { connection, token: access.podToken }))
  for (const name of ['nobody', 'maker', 'granter']) await account(name)
  await grant('maker', { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get'] })
  await grant('granter', { apiGroups: [rbac], resources: ['clusterrolebindings'], verbs: ['*'] })
})

afterAll(() => open.disposeAsync())

function put(resource: Resource, object: JsonObject): Promise<unknown> {
  return client.create(resource, object as unknown as KubeObject)
}

function account(name: string): Promise<unknown> {
  const metadata = { name, namespace: 'default' }
  return put(resources.serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
}

async function grant(name: string, rule: JsonObject): Promise<void> {
  const metadata = { name, namespace: 'default' }
  const clusterWide = JSON.stringify(rule).includes('clusterrolebindings')
  const kind = clusterWide ? 'ClusterRole' : 'Role'
  const clusterRoles = rbacKind('ClusterRole', 'clusterroles', false)
  const place = clusterWide ? { name } : metadata
  const apiVersion = `${rbac}/v1`
  await put(clusterWide ? clusterRoles : roles, {
    ...{ apiVersion, kind, metadata: place, rules: [rule] },
  })
  await put(clusterWide ? clusterRoleBindings : roleBindings, {
    ...{ apiVersion, kind: `${kind}Binding`, metadata: place },
    roleRef: { apiGroup: rbac, kind, name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
  })
}

/** How a workflow of one template ends that runs as `name`. */
async function outcome(spec: JsonObject, template: JsonObject): Promise<string> {
  const workflow = {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    metadata: { generateName: 'w-', namespace: 'default' },
    spec: { entrypoint: 'main', ...spec, templates: [{ name: 'main', ...template }] },
  }
  const { name = '', resourceVersion = '' } = await client.create(
    resources.workflows,
    workflow as unknown as KubeObject,
  )
  const query = { resource: resources.workflows, namespace: 'default', resourceVersion }
  const only = { fieldSelector: `metadata.name=${name}` }
  const stop = new AbortController()
  for await (const batch of client.watch<Workflow>({ ...query, ...only }, stop.signal)) {
    const over = batch.find(({ object }) => object.status?.finishedAt)
    if (over) return `${over.object.status?.phase}: ${over.object.status?.message ?? ''}`
  }
  return 'the watch ended'
}

const configMap = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
const making = (name: string) => ({ resource: { action: 'create', manifest: configMap(name) } })
const as = (serviceAccountName: string) => ({ serviceAccountName })

async function isThere(name: string): Promise<boolean> {
  return !!(await client.get({ resource: resources.configMaps, namespace: 'default', name }))
}

describe('a resource template', () => {
  test('is refused what its account may not do, in the words of Kubernetes', async () => {
    expect(await outcome(as('nobody'), making('a'))).toContain(
      'configmaps is forbidden: User "system:serviceaccount:default:nobody" cannot create resource "configmaps" in API group "" in the namespace "default"',
    )
    expect(await isThere('a')).toBe(false)
  })

  test('without an account runs as the default one, which may nothing', async () => {
    expect(await outcome({}, making('b'))).toContain('"system:serviceaccount:default:default"')
    expect(await isThere('b')).toBe(false)
  })

  test('does what its account may do', async () => {
    expect(await outcome(as('maker'), making('c'))).toMatch(/^Succeeded/)
    expect(await isThere('c')).toBe(true)
  })

  test('runs as the account of its executor, where it has one', async () => {
    const executor = { executor: { serviceAccountName: 'maker' } }
    expect(await outcome({ ...as('nobody'), ...executor }, making('d'))).toMatch(/^Succeeded/)
  })

  test('gives nobody rights that its account has not', async () => {
    const binding = {
      ...{ apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'up' } },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'granter', namespace: 'default' }],
    }
    const manifest = JSON.stringify(binding)
    const said = await outcome(as('granter'), { resource: { action: 'create', manifest } })
    expect(said).toMatch(/Forbidden.*attempting to grant RBAC permissions not currently held/s)
    expect(await client.get({ resource: clusterRoleBindings, name: 'up' })).toBeUndefined()
  })
})

test('an http template reads no Secret that its account may not read', async () => {
  const metadata = { name: 'key', namespace: 'default' }
  await put(resources.secrets, {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata },
    data: { token: 'aGlkZGVu' },
  })
  const valueFrom = { secretKeyRef: { name: 'key', key: 'token' } }
  const http = { url: 'http://127.0.0.1:9/', headers: [{ name: 'X', valueFrom }] }
  expect(await outcome(as('nobody'), { http })).toMatch(
    /secrets "key" is forbidden: User "system:serviceaccount:default:nobody" cannot get/,
  )
})
