import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '@argosy/kube'
import { ApiError } from '../../http/api-error.ts'
import type { Call } from '../../http/call.ts'
import { cookiesIn, setCookie } from '../../http/cookies.ts'
import type { Reply } from '../../http/reply.ts'
import type { Route } from '../../http/router.ts'
import { claimsIn, groupsIn } from './claims.ts'
import type { Errand } from './provider.ts'
import type { Login, Sso } from './sso.ts'

export interface SsoRouteOptions {
  readonly sso: Sso
  readonly clock: Clock
  /** Without a slash at its end. */
  readonly base: string
  /** Whether TLS is spoken here. */
  readonly secure: boolean
  readonly log: (line: string) => void
}

const errandMs = 3 * 60_000

/** Logging in at the provider, and out here. */
export function ssoRoutes(options: SsoRouteOptions): readonly Route[] {
  const get = (path: string, handle: Route['handle']): Route => ({
    ...{ method: 'GET', path, handle, isPublic: true },
  })
  return [
    get('/oauth2/redirect', (call) => begin(call, options)),
    get('/oauth2/callback', (call) => finish(call, options)),
  ]
}

async function begin({ query, headers, signal }: Call, options: SsoRouteOptions): Promise<Reply> {
  const { sso, clock, base, secure } = options
  const { settings, provider } = await loginOf(sso, signal, options)
  const callback = settings.redirectUrl || callbackOf(headers, options)
  const { url, errand } = await provider.begin(callback)
  const wanted = query.get('redirect') ?? ''
  const kept = { ...errand, redirect: isOwnPath(wanted) ? wanted : `${base}/` }
  const cookie = setCookie(errand.state, Buffer.from(JSON.stringify(kept)).toString('base64url'), {
    ...{ path: `${base}/oauth2/`, secure, sameSite: 'Lax', httpOnly: true },
    expiresAt: clock.now() + errandMs,
  })
  return redirected(url.href, [cookie])
}

async function finish(call: Call, options: SsoRouteOptions): Promise<Reply> {
  const { sso, clock, base, secure, log } = options
  const { query, headers, signal } = call
  const errand = errandIn(headers, query.get('state') ?? '')
  if (!errand) {
    throw new ApiError(
      'InvalidArgument',
      'this login has taken too long, or began elsewhere: begin again',
    )
  }
  const { settings, provider } = await loginOf(sso, signal, options)
  const url = new URL(settings.redirectUrl || callbackOf(headers, options))
  url.search = query.toString()
  const token = await provider.finish(url, errand).catch((error: unknown) => {
    log(`sso: ${reasonOf(error)}`)
    throw new ApiError('Unauthenticated', `the provider did not log you in: ${reasonOf(error)}`)
  })
  const groups = groupsIn(token, settings.groupsClaim).filter(settings.isGroupWanted)
  const expiresAt = clock.now() + settings.sessionMs
  const session = await sso.seal(claimsIn(token, groups), expiresAt)
  const own = { secure, httpOnly: true } as const
  return redirected(errand.redirect, [
    setCookie('authorization', session, {
      ...{ ...own, path: `${base}/`, sameSite: 'Strict', expiresAt },
    }),
    setCookie(errand.state, '', { ...own, path: `${base}/oauth2/`, sameSite: 'Lax', expiresAt: 0 }),
  ])
}

async function loginOf(sso: Sso, signal: AbortSignal, { log }: SsoRouteOptions): Promise<Login> {
  try {
    return await sso.login(signal)
  } catch (error) {
    log(`sso: ${reasonOf(error)}`)
    throw new ApiError('Unavailable', `single sign-on does not work: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  const told = cause instanceof Error ? cause.message : describedIn(cause)
  return told === '' ? error.message : `${error.message}: ${told}`
}

/** What a provider says for itself. */
function describedIn(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return ''
  if (cause instanceof URLSearchParams)
    return cause.get('error_description') ?? cause.get('error') ?? ''
  const { error_description: text } = cause as { readonly error_description?: unknown }
  return typeof text === 'string' ? text : ''
}

function callbackOf({ host = '' }: IncomingHttpHeaders, { base, secure }: SsoRouteOptions): string {
  return `${secure ? 'https' : 'http'}://${host}${base}/oauth2/callback`
}

function errandIn(headers: IncomingHttpHeaders, state: string) {
  const [text] = cookiesIn(headers, state)
  if (state === '' || text === undefined) return undefined
  try {
    // Another cookie may have this name: its fields are looked at.
    const kept = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<
      Errand & { readonly redirect: string }
    >
    const { nonce, verifier, redirect } = kept
    if (kept.state !== state || !nonce || !verifier || !redirect || !isOwnPath(redirect))
      return undefined
    return { state, nonce, verifier, redirect }
  } catch {
    return undefined
  }
}

/** Only paths of this server are returned to: `//`, `/\` and the like are other hosts to a browser. argo: isValidFinalRedirectURL. */
export function isOwnPath(path: string): boolean {
  return (
    path.startsWith('/') && !path.startsWith('//') && !/[/\\](?:[\s\v]*|\.{1,2})[/\\]/.test(path)
  )
}

function redirected(location: string, cookies: readonly string[]): Reply {
  return {
    kind: 'bytes',
    status: 302,
    headers: { Location: location, 'Set-Cookie': [...cookies], 'Cache-Control': 'no-store' },
    body: '',
  }
}
