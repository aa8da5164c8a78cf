import type { Json, JsonObject, KubeObject } from '@argosy/engine'
import { type Client, ignore, type Resource, StatusError } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import { aggregate } from './aggregation.ts'
import {
  type BootBinding,
  type BootRole,
  bootBindings,
  bootRoles,
} from './bootstrap-roles.table.ts'
import { missingRights } from './escalation.ts'
import { rbacGroup } from './grants.ts'
import { rulesIn } from './rules.ts'

const clusterRoles: Resource = {
  ...{ group: rbacGroup, version: 'v1', kind: 'ClusterRole' },
  ...{ plural: 'clusterroles', namespaced: false },
}
const clusterRoleBindings: Resource = {
  ...{ group: rbacGroup, version: 'v1', kind: 'ClusterRoleBinding' },
  ...{ plural: 'clusterrolebindings', namespaced: false },
}
const collection = `clusterroles.${rbacGroup}`

interface KeeperOptions {
  readonly store: Store
  readonly client: Client
  readonly log: (line: string) => void
}

/** Makes the roles that every cluster has, and from now on keeps aggregated roles filled. */
export async function keepRoles({ store, client, log }: KeeperOptions): Promise<void> {
  await Promise.all([
    ...bootRoles.map((role) => ensureRole(client, role)),
    ...bootBindings.map((binding) => ensure(client, clusterRoleBindings, bindingObject(binding))),
  ])
  await fill(store, client)
  let isAsked = false
  store.listen((changes) => {
    if (isAsked || !changes.some(({ version }) => version.key.collection === collection)) return
    isAsked = true
    setImmediate(() => {
      isAsked = false
      if (store.closed) return
      fill(store, client).catch((error: unknown) => log(`aggregated roles: ${String(error)}`))
    })
  })
}

async function fill(store: Store, client: Client): Promise<void> {
  const roles = store.list(collection).map(({ value }) => value as unknown as JsonObject)
  const writes = [...aggregate(roles)].map(([name, rules]) =>
    client
      .patch({ resource: clusterRoles, name }, { type: 'merge', body: { rules: rules as Json } })
      .catch(ignore('NotFound')),
  )
  await Promise.all(writes)
}

/** Rules that a role has lost, or that are new, are given to it again, unless somebody does not want that. */
async function ensureRole(client: Client, role: BootRole): Promise<void> {
  const made = await ensure(client, clusterRoles, roleObject(role))
  if (made || role.aggregates !== undefined) return
  const kept = await client.get({ resource: clusterRoles, name: role.name })
  if (!kept || kept.metadata.annotations?.[autoUpdate] === 'false') return
  const existing = kept as unknown as JsonObject
  const missing = missingRights(rulesIn(existing), role.rules)
  if (missing.length === 0) return
  const rules = [...(Array.isArray(existing['rules']) ? existing['rules'] : []), ...missing]
  await client.patch(
    { resource: clusterRoles, name: role.name },
    { type: 'merge', body: { rules } as unknown as JsonObject },
  )
}

async function ensure(client: Client, resource: Resource, object: KubeObject): Promise<boolean> {
  try {
    await client.create(resource, object)
    return true
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'AlreadyExists') return false
    throw error
  }
}

const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate'
const annotations = { [autoUpdate]: 'true' }
const bootLabels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

function roleObject({ name, labels, rules, aggregates }: BootRole): KubeObject {
  const selectors = [{ matchLabels: { [aggregates ?? '']: 'true' } }]
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels: { ...bootLabels, ...labels }, annotations },
    ...(aggregates !== undefined && { aggregationRule: { clusterRoleSelectors: selectors } }),
    rules,
  } as KubeObject
}

function bindingObject({ name, role, groups }: BootBinding): KubeObject {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: bootLabels, annotations },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
    subjects: groups.map((group) => ({ apiGroup: rbacGroup, kind: 'Group', name: group })),
  } as KubeObject
}
