import { isObject, type Json, type Pod } from '@argosy/engine'
import type { Keys, References } from './references.ts'
import type { Logins } from './runtime.ts'

const hub = /^(?:https?:\/\/)?(?:index\.|registry-1\.)?docker\.io(?:\/.*)?$/

/** What the pod's imagePullSecrets say, by the host of a registry; secrets that are missing say nothing, as in Kubernetes. */
export async function registryLogins({ spec }: Pod, references: References): Promise<Logins> {
  const logins = new Map<string, Readonly<Record<string, string>>>()
  for (const { name } of spec.imagePullSecrets ?? []) {
    const keys = typeof name === 'string' ? await references.secret(name) : undefined
    for (const [host, login] of loginsIn(keys)) if (!logins.has(host)) logins.set(host, login)
  }
  return logins
}

function loginsIn(keys: Keys | undefined): readonly [string, Readonly<Record<string, string>>][] {
  const auths = authsIn(keys)
  return Object.entries(auths).flatMap(([place, auth]) =>
    isObject(auth) ? [[hostOf(place), loginOf(place, auth)] as const] : [],
  ) as [string, Readonly<Record<string, string>>][]
}

/** Both forms: `.dockerconfigjson` holds the older `.dockercfg` as its `auths`. */
function authsIn(keys: Keys | undefined): Readonly<Record<string, Json>> {
  const config = parsed(keys?.get('.dockerconfigjson'))
  if (isObject(config) && isObject(config.auths)) return config.auths as Record<string, Json>
  const older = parsed(keys?.get('.dockercfg'))
  return isObject(older) ? (older as Record<string, Json>) : {}
}

function parsed(text: Buffer | undefined): Json | undefined {
  try {
    return text && (JSON.parse(text.toString()) as Json)
  } catch {
    // As good as no secret: the registry will say what it misses.
    return undefined
  }
}

function hostOf(place: string): string {
  if (hub.test(place)) return 'docker.io'
  return place.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

function loginOf(
  serveraddress: string,
  { username, password, auth, identitytoken }: Readonly<Record<string, Json | undefined>>,
): Readonly<Record<string, string>> {
  const decoded = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString() : ''
  const colon = decoded.indexOf(':')
  const name = typeof username === 'string' ? username : decoded.slice(0, Math.max(colon, 0))
  const secret = typeof password === 'string' ? password : decoded.slice(colon + 1)
  return {
    serveraddress,
    ...(typeof identitytoken === 'string'
      ? { identitytoken }
      : { username: name, password: secret }),
  }
}
