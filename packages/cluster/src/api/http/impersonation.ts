import type { IncomingMessage } from 'node:http'
import { badRequest } from '../refusals.ts'
import { allow } from './authorization.ts'
import type { Attributes, Authorize, Identity } from './identity.ts'

/** Who a request acts as: its sender, or the one that the sender impersonates, if that is allowed. */
export async function impersonated(
  request: IncomingMessage,
  identity: Identity,
  authorize: Authorize,
): Promise<Identity> {
  if (!asksForAnother(request)) return identity
  const asked = askedFor(request)
  if (asked.user === undefined) {
    if (asked.groups.length === 0 && asked.uid === undefined && asked.extra.length === 0)
      return identity
    throw badRequest('requested impersonation without impersonating a user')
  }
  const { user } = asked
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user)
  await allowAll(asked, user, account, (right) => allow(authorize, { identity, ...right }))
  return {
    user,
    groups: groupsOf(asked, account?.[1]),
    ...(asked.uid !== undefined && { uid: asked.uid }),
    ...(asked.extra.length > 0 && { extra: Object.fromEntries(asked.extra) }),
  }
}

async function allowAll(
  { groups, uid, extra }: Asked,
  user: string,
  account: RegExpExecArray | null,
  may: (right: Omit<Attributes, 'identity'>) => Promise<void>,
): Promise<void> {
  const right = { verb: 'impersonate', group: '', version: 'v1' }
  const [, namespace, name] = account ?? []
  if (namespace && name) await may({ ...right, resource: 'serviceaccounts', name, namespace })
  else await may({ ...right, resource: 'users', name: user })
  for (const group of groups) await may({ ...right, resource: 'groups', name: group })
  const named = { ...right, group: 'authentication.k8s.io' }
  if (uid !== undefined) await may({ ...named, resource: 'uids', name: uid })
  for (const [subresource, values] of extra) {
    for (const value of values)
      await may({ ...named, resource: 'userextras', subresource, name: value })
  }
}

function groupsOf({ user, groups }: Asked, namespace: string | undefined): readonly string[] {
  const own =
    namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
  const known = user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  return [...new Set([...groups, ...own, known])]
}

/** What is no valid escape is taken as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Almost nobody does: to read repeated headers costs more than to look for them. */
function asksForAnother({ headers }: IncomingMessage): boolean {
  for (const name of Object.keys(headers)) if (name.startsWith('impersonate-')) return true
  return false
}

interface Asked {
  readonly user: string | undefined
  readonly uid: string | undefined
  readonly groups: readonly string[]
  readonly extra: readonly (readonly [string, readonly string[]])[]
}

const extraPrefix = 'impersonate-extra-'

/** Repeated headers one by one: Node joins them with commas, and the name of a group may hold one. */
function askedFor({ headers, headersDistinct }: IncomingMessage): Asked {
  const extra = Object.entries(headersDistinct)
    .filter(([name]) => name.startsWith(extraPrefix))
    .map(([name, values]) => [decoded(name.slice(extraPrefix.length)), values ?? []] as const)
  return {
    user: headers['impersonate-user'] as string | undefined,
    uid: headers['impersonate-uid'] as string | undefined,
    groups: headersDistinct['impersonate-group'] ?? [],
    extra,
  }
}
