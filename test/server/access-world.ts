import type { Workflow } from '@argosy/engine'
import { type Client, type Resource, resources } from '@argosy/kube'
import { openAccess } from '../../packages/cluster/src/api-server.ts'
import { SqliteArchive } from '../../packages/server/src/index.ts'
import { type Access, type Role, roles } from './access.table.ts'
import { type ArgoApi, hello, openArgoApi, workflow } from './argo-api.ts'

const rbac = (kind: string, plural: string, namespaced: boolean): Resource => ({
  ...{ group: 'rbac.authorization.k8s.io', version: 'v1', kind, plural, namespaced },
})
const clusterRoles = rbac('ClusterRole', 'clusterroles', false)
const bindings = rbac('ClusterRoleBinding', 'clusterrolebindings', false)

const rule = (resource: string, ...verbs: string[]) => ({
  ...{ apiGroups: ['argoproj.io'], resources: [resource], verbs },
})

/** Argo's API over Kubernetes' own roles; a token is the name of a role. */
export async function accessWorld(): Promise<AccessWorld> {
  const archive = new SqliteArchive(':memory:')
  const api = await openArgoApi(async ({ client, store, clock }) => {
    const access = await openAccess({ store, client, clock, adminToken: 'root', ca: '' })
    return {
      ...{ archive, modes: ['client'], authorize: access.authorize },
      logs: { async *read() {} },
      drivers: () => {
        throw new Error('there is nothing to be read')
      },
      authenticate: async ({ headers }) => {
        const user = /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
        if (user === 'anonymous' || !Object.hasOwn(roles, user)) return undefined
        return { user, groups: ['system:authenticated'] }
      },
    }
  })
  await giveRights(api.client)
  const ask = async ({ method, path, body }: Access, role: Role) => {
    await prepare(api.client, archive)
    const stop = new AbortController()
    try {
      const response = await fetch(api.url + path.replace('{uid}', 'old'), {
        ...{ method, signal: stop.signal },
        headers: role === 'anonymous' ? {} : { authorization: `Bearer ${role}` },
        ...(body && { body: JSON.stringify(body) }),
      })
      return response.status
    } finally {
      stop.abort()
    }
  }
  return { ask, api, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

export interface AccessWorld extends AsyncDisposable {
  readonly api: ArgoApi
  /** The status of an answer, in a world that nobody has changed yet. */
  ask(access: Access, role: Role): Promise<number>
}

async function giveRights(client: Client): Promise<void> {
  const metadata = { name: 'submit-workflow-template' }
  const rules = [
    rule('workfloweventbindings', 'list'),
    rule('workflowtemplates', 'get'),
    rule('workflows', 'create'),
  ]
  const apiVersion = `${clusterRoles.group}/v1`
  await client.create(clusterRoles, { apiVersion, kind: 'ClusterRole', metadata, ...{ rules } })
  const bind = (role: string, user: Role) =>
    client.create(bindings, {
      ...{ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: user } },
      ...{
        roleRef: { apiGroup: clusterRoles.group, kind: 'ClusterRole', name: role },
        subjects: [{ apiGroup: clusterRoles.group, kind: 'User', name: user }],
      },
    })
  await bind('view', 'reader')
  await bind('submit-workflow-template', 'submitter')
  await bind('admin', 'admin')
}

const argo = 'argoproj.io/v1alpha1'
const objects: readonly (readonly [Resource, object])[] = [
  [resources.workflows, workflow('w')],
  [resources.workflowTemplates, { apiVersion: argo, kind: 'WorkflowTemplate', spec: hello }],
  [
    resources.clusterWorkflowTemplates,
    { apiVersion: argo, kind: 'ClusterWorkflowTemplate', spec: hello },
  ],
  [
    resources.cronWorkflows,
    {
      ...{ apiVersion: argo, kind: 'CronWorkflow' },
      spec: { schedules: ['* * * * *'], workflowSpec: hello },
    },
  ],
  [
    resources.workflowEventBindings,
    {
      ...{ apiVersion: argo, kind: 'WorkflowEventBinding' },
      spec: {
        event: { selector: 'payload.go == true' },
        submit: { workflowTemplateRef: { name: 't' } },
      },
    },
  ],
  [resources.eventSources, { apiVersion: argo, kind: 'EventSource', spec: { webhook: {} } }],
  [resources.sensors, { apiVersion: argo, kind: 'Sensor', spec: {} }],
  [
    resources.configMaps,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits' }, data: { a: '1' } },
  ],
]

/** Everything as it was before anybody came. */
async function prepare(client: Client, archive: SqliteArchive): Promise<void> {
  for (const [resource, object] of objects) {
    const { items } = await client.list({ resource })
    for (const { metadata } of items) {
      const { namespace, name = '' } = metadata
      if (name.startsWith('kube-')) continue
      await client.remove({ resource, name, ...(namespace && { namespace }) })
    }
    const { metadata } = object as { readonly metadata?: { readonly name?: string } }
    const place = {
      name: metadata?.name ?? 't',
      ...(resource.namespaced && { namespace: 'default' }),
    }
    await client.create(resource, { ...(object as Workflow), metadata: place })
  }
  const old = workflow('old', {
    metadata: { name: 'old', namespace: 'default', uid: 'old', labels: { a: 'b' } },
    status: {
      phase: 'Failed',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-02T00:00:00Z',
    },
  })
  await archive.put([old as Workflow])
}
