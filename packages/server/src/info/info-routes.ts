import { isObject, type Json } from '@argosy/engine'
import type { Caller } from '../auth/caller.ts'
import { controllerSettings } from '../controller-settings.ts'
import { json } from '../http/reply.ts'
import type { Handle, Route } from '../http/router.ts'
import type { World } from '../world.ts'

/** argo: InfoService. */
export function infoRoutes(world: World): readonly Route[] {
  const get = (path: string, handle: Handle): Route => ({ method: 'GET', path, handle })
  return [
    get('/api/v1/info', async ({ signal }) => json(await info(world, signal))),
    get('/api/v1/version', async () => json(versionOf(world.version))),
    get('/api/v1/userinfo', async ({ caller }) => json(userInfo(caller))),
    { method: 'POST', path: '/api/v1/tracking/event', handle: async () => json({}) },
  ]
}

/** What the controller's ConfigMap says of the UI. */
async function info(world: World, signal: AbortSignal): Promise<object> {
  const { client, managedNamespace, linkProtocols = ['http', 'https'] } = world
  const { links, columns, navColor } = await controllerSettings(client, signal)
  return {
    modals: { feedback: false, firstTimeUser: false, newVersion: false },
    links: Array.isArray(links) ? links.filter((one) => isSafe(one, linkProtocols)) : [],
    columns: columns ?? [],
    ...(navColor && { navColor }),
    ...(managedNamespace && { managedNamespace }),
  }
}

/** Pages show it: a link of another kind, as `javascript:`, is none. argo: --allowed-link-protocol. */
function isSafe(link: Json, protocols: readonly string[]): boolean {
  const url = isObject(link) ? String(link['url'] ?? '') : ''
  const protocol = /^\s*([^/?#]*?)\s*:/.exec(url)?.[1]
  return protocol === undefined || protocols.includes(protocol.toLowerCase())
}

function versionOf(version: string): object {
  return {
    version: `v${version}`,
    buildDate: '1970-01-01T00:00:00Z',
    gitCommit: '',
    gitTag: `v${version}`,
    gitTreeState: 'clean',
    goVersion: `node ${process.version}`,
    compiler: 'node',
    platform: `${process.platform}/${process.arch}`,
  }
}

function userInfo({ identity: { user, groups }, claims }: Caller): object {
  const account = /^system:serviceaccount:([^:]+):(.+)$/.exec(user)
  const who = claims
    ? {
        issuer: claims.iss,
        subject: claims.sub,
        groups: claims.groups ?? [],
        name: claims.name,
        email: claims.email,
        emailVerified: claims.email_verified,
        preferredUsername: claims.preferred_username,
      }
    : { subject: user, groups }
  return {
    ...who,
    ...(account && {
      serviceAccountNamespace: account[1],
      serviceAccountName: account[2],
    }),
  }
}
