import type { JsonObject } from '@argosy/engine'
import { beforeAll, describe, expect, it } from 'vitest'
import { inDefault, testApi } from '../http/api.fixture.ts'

const api = testApi()

const group = 'rbac.authorization.k8s.io'
const rbac = `/apis/${group}/v1`

/** Asks as somebody else; the sender is the administrator. */
function as(user: string, path: string, method = 'GET', body?: object) {
  const groups = user.startsWith('system:serviceaccount:') ? {} : { 'impersonate-group': 'devs' }
  const headers = { 'impersonate-user': user, ...groups }
  return api.ask(path, { method, headers, ...(body && { body }) })
}

async function made(path: string, body: object): Promise<JsonObject> {
  const { code, json } = await api.ask(path, { method: 'POST', body })
  expect([code, json['message']]).toEqual([201, undefined])
  return json
}

const role = (kind: 'Role' | 'ClusterRole', name: string, rules: object[], more = {}) => ({
  ...{ apiVersion: `${group}/v1`, kind, metadata: { name }, rules },
  ...more,
})
const binding = (kind: string, name: string, roleRef: object, subject: object) => ({
  ...{ apiVersion: `${group}/v1`, kind, metadata: { name }, subjects: [subject] },
  roleRef: { apiGroup: group, ...roleRef },
})
const user = (name: string) => ({ kind: 'User', apiGroup: group, name })
const podReader = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }

interface Described {
  readonly metadata: { readonly name?: string }
  readonly versions: readonly {
    readonly version: string
    readonly resources: readonly { readonly resource: string; readonly scope: string }[]
  }[]
}

/** The paths of all collections that discovery tells of. */
async function everyCollection(): Promise<readonly string[]> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const answers = await Promise.all(
    ['/api', '/apis'].map((path) => api.ask(path, { headers: { accept } })),
  )
  const groups = answers.flatMap(({ json }) => json['items'] as unknown as readonly Described[])
  return groups.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map(({ resource, scope }) => {
        const root = metadata.name ? `/apis/${metadata.name}` : '/api'
        const where = scope === 'Namespaced' ? '/namespaces/default' : ''
        return `${root}/${version}${where}/${resource}`
      }),
    ),
  )
}

describe('rights by roles and bindings', () => {
  it('nobody may do anything with anything that nobody allowed', async () => {
    const paths = await everyCollection()
    expect(paths.length).toBeGreaterThan(40)
    const asked = paths.flatMap((path) => [
      ...['GET', 'POST', 'DELETE'].map((method) => ({ method, path })),
      ...['GET', 'PUT', 'PATCH', 'DELETE'].map((method) => ({ method, path: `${path}/x` })),
    ])
    const letIn: string[] = []
    for (const { method, path } of asked) {
      const { code } = await as('nobody', path, method, method === 'GET' ? undefined : {})
      if (code !== 403) letIn.push(`${method} ${path}`)
    }
    // Everybody may ask about himself.
    expect(letIn.every((one) => /^POST .*\/selfsubject\w+$/.test(one))).toBe(true)
    expect(letIn).toHaveLength(3)
  })

  it('a role binds in its namespace, and the words of a refusal are those of Kubernetes', async () => {
    await made('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'b' },
    })
    await made(`${rbac}/namespaces/default/roles`, role('Role', 'reader', [podReader]))
    await made(
      `${rbac}/namespaces/default/rolebindings`,
      binding('RoleBinding', 'reader', { kind: 'Role', name: 'reader' }, user('jane')),
    )
    expect((await as('jane', `${inDefault}/pods`)).code).toBe(200)
    expect((await as('joe', `${inDefault}/pods`)).code).toBe(403)
    expect((await as('jane', '/api/v1/pods')).json['message']).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope',
    )
    expect((await as('jane', '/api/v1/namespaces/b/pods')).json['message']).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "b"',
    )
    expect((await as('jane', `${inDefault}/pods/x/log`)).json['message']).toBe(
      'pods "x" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "default"',
    )
    expect((await as('jane', `${inDefault}/secrets`)).code).toBe(403)
    expect((await as('jane', `${inDefault}/pods`, 'DELETE')).code).toBe(403)
  })

  it('a ClusterRoleBinding holds everywhere, and ends when it or its role goes', async () => {
    await made(`${rbac}/clusterroles`, role('ClusterRole', 'readers', [podReader]))
    const name = 'readers'
    const ref = { kind: 'ClusterRole', name }
    await made(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', name, ref, { kind: 'Group', apiGroup: group, name: 'devs' }),
    )
    expect((await as('anybody', '/api/v1/pods')).code).toBe(200)
    await api.ask(`${rbac}/clusterroles/readers`, { method: 'DELETE' })
    expect((await as('anybody', '/api/v1/pods')).json['message']).toBe(
      'pods is forbidden: User "anybody" cannot list resource "pods" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "readers" not found',
    )
    await api.ask(`${rbac}/clusterrolebindings/readers`, { method: 'DELETE' })
    expect((await as('anybody', '/api/v1/pods')).code).toBe(403)
  })

  it('who may only touch one thing by name may list it by its name, but not create it', async () => {
    const rule = { ...podReader, verbs: ['*'], resourceNames: ['mine'] }
    await made(`${rbac}/namespaces/default/roles`, role('Role', 'one', [rule]))
    await made(
      `${rbac}/namespaces/default/rolebindings`,
      binding('RoleBinding', 'one', { kind: 'Role', name: 'one' }, user('owner')),
    )
    expect((await as('owner', `${inDefault}/pods/mine`)).code).toBe(404)
    expect((await as('owner', `${inDefault}/pods/other`)).code).toBe(403)
    const only = `${inDefault}/pods?fieldSelector=metadata.name%3Dmine`
    expect((await as('owner', only)).code).toBe(200)
    expect((await as('owner', `${inDefault}/pods`)).code).toBe(403)
    expect((await as('owner', `${inDefault}/pods`, 'POST', {})).code).toBe(403)
    const apply = await api.ask(`${inDefault}/pods/mine?fieldManager=x`, {
      ...{ method: 'PATCH', type: 'application/apply-patch+yaml' },
      headers: { 'impersonate-user': 'owner' },
      body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mine' } },
    })
    expect(apply.code).not.toBe(200)
  })

  it('a reader of everything may not read secrets; an editor may', async () => {
    for (const name of ['view', 'edit']) {
      await made(
        `${rbac}/namespaces/default/rolebindings`,
        binding('RoleBinding', name, { kind: 'ClusterRole', name }, user(`${name}er`)),
      )
    }
    expect((await as('viewer', `${inDefault}/configmaps`)).code).toBe(200)
    expect((await as('viewer', `${inDefault}/secrets`)).code).toBe(403)
    expect((await as('editer', `${inDefault}/secrets`)).code).toBe(200)
    const workflows = '/apis/argoproj.io/v1alpha1/namespaces/default/workflows'
    expect((await as('viewer', workflows)).code).toBe(200)
    expect((await as('viewer', workflows, 'POST', {})).code).toBe(403)
    expect((await as('editer', workflows, 'DELETE')).code).toBe(200)
    expect((await as('editer', `${rbac}/namespaces/default/roles`)).code).toBe(403)
  })

  it('new roles are gathered by their labels', async () => {
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }
    const rules = [{ apiGroups: ['x.io'], resources: ['things'], verbs: ['get'] }]
    await made(
      `${rbac}/clusterroles`,
      role('ClusterRole', 'things', rules, { metadata: { name: 'things', labels } }),
    )
    const path = `${rbac}/clusterroles/admin`
    await expect
      .poll(async () => JSON.stringify((await api.ask(path)).json['rules']))
      .toContain('things')
  })
})

describe('nobody gives more than he has', () => {
  beforeAll(async () => {
    await made(
      `${rbac}/namespaces/default/rolebindings`,
      binding('RoleBinding', 'chief', { kind: 'ClusterRole', name: 'admin' }, user('chief')),
    )
  })
  const roles = `${rbac}/namespaces/default/roles`
  const secretNodes = { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }

  it('by a role', async () => {
    const { code, json } = await as('chief', roles, 'POST', role('Role', 'nodes', [secretNodes]))
    expect(code).toBe(403)
    expect(json['message']).toBe(
      'roles.rbac.authorization.k8s.io "nodes" is forbidden: user "chief" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}',
    )
    expect((await as('chief', roles, 'POST', role('Role', 'pods', [podReader]))).code).toBe(201)
    const more = role('Role', 'pods', [podReader, secretNodes])
    expect((await as('chief', `${roles}/pods`, 'PUT', more)).code).toBe(403)
    const merge = await api.ask(`${roles}/pods`, {
      ...{ method: 'PATCH', type: 'application/merge-patch+json', body: { rules: [secretNodes] } },
      headers: { 'impersonate-user': 'chief' },
    })
    expect(merge.code).toBe(403)
    const apply = await api.ask(`${roles}/fresh?fieldManager=x`, {
      ...{ method: 'PATCH', type: 'application/apply-patch+yaml' },
      ...{ body: role('Role', 'fresh', [secretNodes]), headers: { 'impersonate-user': 'chief' } },
    })
    expect(apply.code).toBe(403)
    expect((await api.ask(`${roles}/fresh`)).code).toBe(404)
  })

  it('by a binding', async () => {
    const bindings = `${rbac}/namespaces/default/rolebindings`
    const to = (name: string, roleName: string) =>
      binding('RoleBinding', name, { kind: 'ClusterRole', name: roleName }, user('friend'))
    const refused = await as('chief', bindings, 'POST', to('all', 'cluster-admin'))
    expect(refused.code).toBe(403)
    expect(refused.json['message']).toContain(
      'is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}',
    )
    expect((await as('chief', bindings, 'POST', to('fine', 'view'))).code).toBe(201)
    expect((await as('chief', bindings, 'POST', to('none', 'no-such'))).code).toBe(404)
  })

  it('unless he may bind or escalate', async () => {
    const verbs = ['bind', 'escalate', 'create']
    const rules = [
      { apiGroups: [group], resources: ['clusterroles'], verbs, resourceNames: [] },
      { apiGroups: [group], resources: ['clusterrolebindings'], verbs },
    ]
    await made(`${rbac}/clusterroles`, role('ClusterRole', 'granter', rules))
    const ref = { kind: 'ClusterRole', name: 'granter' }
    await made(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', 'granter', ref, user('granter')),
    )
    const all = { kind: 'ClusterRole', name: 'cluster-admin' }
    const body = binding('ClusterRoleBinding', 'granted', all, user('friend'))
    expect((await as('granter', `${rbac}/clusterrolebindings`, 'POST', body)).code).toBe(201)
    const wide = role('ClusterRole', 'wide', [secretNodes])
    expect((await as('granter', `${rbac}/clusterroles`, 'POST', wide)).code).toBe(201)
  })

  it('an aggregation rule takes the rights of everything', async () => {
    const rules = [{ apiGroups: [group], resources: ['clusterroles'], verbs: ['create'] }]
    await made(`${rbac}/clusterroles`, role('ClusterRole', 'maker', rules))
    const ref = { kind: 'ClusterRole', name: 'maker' }
    await made(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', 'maker', ref, user('maker')),
    )
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] }
    const { json } = await as(
      'maker',
      `${rbac}/clusterroles`,
      'POST',
      role('ClusterRole', 'agg', [], { aggregationRule }),
    )
    expect(json['message']).toBe(
      'clusterroles.rbac.authorization.k8s.io "agg" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    )
  })
})

describe('impersonation', () => {
  it('is a right of its own, for each part of who is impersonated', async () => {
    // The administrator impersonates jane; that jane impersonates further cannot be asked: rights are told by review.
    const may = async (who: string, resource: string, name: string, apiGroup = '') => {
      const spec = {
        user: who,
        resourceAttributes: { verb: 'impersonate', resource, name, group: apiGroup },
      }
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
      const { json } = await api.ask(path, {
        method: 'POST',
        body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec },
      })
      return (json['status'] as JsonObject)['allowed']
    }
    const rules = [
      { apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['joe'] },
    ]
    await made(`${rbac}/clusterroles`, role('ClusterRole', 'actor', rules))
    const ref = { kind: 'ClusterRole', name: 'actor' }
    await made(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', 'actor', ref, user('actor')),
    )
    expect(await may('actor', 'users', 'joe')).toBe(true)
    expect(await may('actor', 'users', 'admin')).toBe(false)
    expect(await may('actor', 'groups', 'system:masters')).toBe(false)
    expect(await may('nobody', 'users', 'joe')).toBe(false)
  })
})

describe('who shows nothing, or something wrong', () => {
  it('may ask how we are, and nothing else', async () => {
    const headers = { authorization: [] }
    for (const path of ['/healthz', '/livez', '/readyz', '/version'])
      expect((await api.ask(path, { headers })).code).toBe(200)
    for (const path of [
      '/api',
      '/apis',
      '/',
      '/openapi/v2',
      inDefault,
      '/healthz/../api',
      '/metrics',
    ])
      expect((await api.ask(path, { headers })).code).toBe(401)
    const wrong = { authorization: 'Bearer wrong' }
    expect((await api.ask('/healthz', { headers: wrong })).json).toMatchObject({
      ...{ kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
    })
  })
})
