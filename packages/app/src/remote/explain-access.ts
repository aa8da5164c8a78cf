import { explainAccess } from '@argosy/cluster'
import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Client, resources, StatusError } from '@argosy/kube'
import type { Connection } from '@argosy/kube/remote'
import { type Claims, chooseAccount } from '@argosy/server'
import type { WorkedOutWish } from './access-wish.ts'

export interface Person {
  readonly user: string
  readonly groups: readonly string[]
}

export interface Explanation {
  readonly allowed: boolean
  readonly lines: readonly string[]
}

const reviews = '/apis/authorization.k8s.io/v1'

/** Who the server takes us for. */
export async function whoAmI(connection: Connection): Promise<Person> {
  const { status } = await connection.ask<{
    readonly status: {
      readonly userInfo: { readonly username: string; readonly groups?: readonly string[] }
    }
  }>('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    method: 'POST',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  })
  return { user: status.userInfo.username, groups: status.userInfo.groups ?? [] }
}

/** Somebody else; of a ServiceAccount the groups are known. */
export function personNamed(user: string, groups: readonly string[]): Person {
  const namespace = /^system:serviceaccount:([^:]+):/.exec(user)?.[1]
  const own = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : []
  return { user, groups: [...new Set([...groups, ...own, 'system:authenticated'])] }
}

/** As which ServiceAccount somebody acts who logs in with these claims. Throws an Error when no rule is for him. */
export async function personOfClaims(client: Client, claims: Claims): Promise<Person> {
  const { items } = await client.list({ resource: resources.serviceAccounts, namespace: 'argo' })
  const chosen = chooseAccount({ ...claims, iss: 'argo-server' }, items)
  if (!chosen) throw new Error("no service account's rbac-rule in argo is for these claims")
  if ('problem' in chosen) throw new Error(chosen.problem)
  return personNamed(`system:serviceaccount:${chosen.namespace}:${chosen.name}`, [])
}

/** Whether somebody may, in the server's word, and by what, as far as roles and bindings may be read. */
export async function explained(
  { connection, client }: { readonly connection: Connection; readonly client: Client },
  wish: WorkedOutWish,
  who: { readonly person: Person; readonly isSelf: boolean },
): Promise<Explanation> {
  const verdict = await reviewed(connection, wish, who)
  const bound = await readBound(client)
  const own = bound && explainAccess(who.person, wish, bound)
  const because = own ? own.because : [verdict.reason || 'the server does not say why']
  const lines = [
    `${who.isSelf ? 'You' : who.person.user} may ${verdict.allowed ? '' : 'not '}${phraseOf(wish)}.`,
    ...(wish.hint ? [`  (${wish.hint})`] : []),
    ...because.map((text) => `  ${text}`),
  ]
  if (!bound) lines.push('  (roles and bindings may not be read: ask somebody who may)')
  else if (own && own.allowed !== verdict.allowed) {
    lines.push('  (roles and bindings say otherwise: the server asks somebody else too)')
  }
  return { allowed: verdict.allowed, lines }
}

interface Verdict {
  readonly allowed: boolean
  readonly reason: string
}

async function reviewed(
  connection: Connection,
  { hint: _, ...resourceAttributes }: WorkedOutWish,
  { person, isSelf }: { readonly person: Person; readonly isSelf: boolean },
): Promise<Verdict> {
  const kind = isSelf ? 'SelfSubjectAccessReview' : 'SubjectAccessReview'
  const spec = isSelf ? { resourceAttributes } : { resourceAttributes, ...person }
  const { status } = await connection.ask<{ readonly status: Partial<Verdict> }>(
    `${reviews}/${kind.toLowerCase()}s`,
    { method: 'POST', body: { apiVersion: 'authorization.k8s.io/v1', kind, spec } },
  )
  return { allowed: status.allowed === true, reason: status.reason ?? '' }
}

/** Undefined when we may not read them. */
async function readBound(client: Client) {
  const list = async (kind: string, namespaced: boolean): Promise<readonly JsonObject[]> => {
    const plural = `${kind.toLowerCase()}s`
    const resource = { group: 'rbac.authorization.k8s.io', version: 'v1', kind, plural, namespaced }
    const { items } = await client.list<KubeObject>({ resource })
    return items.map((item) => ({ ...(item as unknown as JsonObject), kind }))
  }
  try {
    const [roles, clusterRoles, bindings, clusterBindings] = await Promise.all([
      list('Role', true),
      list('ClusterRole', false),
      list('RoleBinding', true),
      list('ClusterRoleBinding', false),
    ])
    return {
      roles: [...roles, ...clusterRoles],
      bindings: [...bindings, ...clusterBindings],
    }
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'Forbidden') return undefined
    throw error
  }
}

function phraseOf({ verb, group, resource, subresource, name, namespace }: WorkedOutWish): string {
  const part = subresource ? `${resource}/${subresource}` : resource
  const what = group === '' ? part : `${part}.${group}`
  const which = name ? ` ${name}` : ''
  return `${verb} ${what}${which} ${namespace ? `in the namespace ${namespace}` : 'in the whole cluster'}`
}
