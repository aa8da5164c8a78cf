import type { IncomingHttpHeaders } from 'node:http'
import type { Actor } from '@argosy/engine'
import { type Client, instanceClient } from '@argosy/kube'
import { ApiError } from '../http/api-error.ts'
import { cookiesIn } from '../http/cookies.ts'
import { accountIdentity } from './account-identity.ts'
import { clientAs, type May, mayAs } from './client-as.ts'
import type { Authenticate, Authorize, Identity } from './identity.ts'
import type { Claims } from './sso/claims.ts'
import { sessionPrefix } from './sso/session-token.ts'
import type { Sso } from './sso/sso.ts'

/** Who asks, and the Kubernetes that they may see. */
export interface Caller {
  readonly identity: Identity
  readonly client: Client
  /** For what has to be known before anything is done. */
  readonly may: May
  /** Whose name is written on what they make; the server itself leaves none. */
  readonly actor: Actor | undefined
  /** Of those who logged in. */
  readonly claims?: Claims
}

export type AuthMode = 'client' | 'server' | 'sso'

export interface Gate {
  readonly client: Client
  readonly modes: readonly AuthMode[]
  readonly authenticate: Authenticate
  readonly authorize: Authorize
  /** Who everybody is in mode `server`. */
  readonly ownIdentity: Identity
  /** Only what belongs to this controller is seen, '' being the one without an id; default: all. */
  readonly instance?: string
  /** For mode `sso`. */
  readonly sso?: Sso
}

export interface Asked {
  readonly headers: IncomingHttpHeaders
  /** Whose things are asked for, where it is one's. */
  readonly namespace: string
  readonly signal: AbortSignal
}

const refused = () =>
  new ApiError(
    'Unauthenticated',
    'token not valid. see https://argo-workflows.readthedocs.io/en/latest/faq/',
  )

/** Who sent a request, by its Authorization header or its cookie. Throws `Unauthenticated`. argo: Gatekeeper. */
export async function callerOf(asked: Asked, gate: Gate): Promise<Caller> {
  const { headers } = asked
  for (const authorization of authorizationsOf(headers)) {
    const mode = modeOf(authorization, gate)
    if (mode === 'sso') return loggedIn(authorization, asked, gate)
    if (mode === 'client') {
      const identity = await gate.authenticate({ headers: { ...headers, authorization } })
      if (!identity) throw refused()
      return callerAs(identity, { subject: identity.user }, gate)
    }
  }
  if (gate.modes.includes('server')) return callerAs(gate.ownIdentity, undefined, gate)
  throw refused()
}

/** The ServiceAccount as which a webhook acts. */
export function senderOf(identity: Identity, gate: Gate): Caller {
  return callerAs(identity, { subject: identity.user }, gate)
}

/** Who need not say who they are. */
export function anonymous(gate: Gate): Caller {
  const identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] }
  return callerAs(identity, undefined, gate)
}

/** What proves a caller, if anything here can. */
function modeOf(authorization: string, { modes, sso }: Gate): 'sso' | 'client' | undefined {
  if (sso && modes.includes('sso') && authorization.startsWith(sessionPrefix)) return 'sso'
  return modes.includes('client') && /^(Bearer|Basic) /.test(authorization) ? 'client' : undefined
}

async function loggedIn(authorization: string, asked: Asked, gate: Gate): Promise<Caller> {
  const { sso } = gate
  const claims = await sso?.claimsOf(authorization)
  if (!sso || !claims) throw new ApiError('Unauthenticated', 'this session is over: log in again')
  const account = await sso.accountFor(claims, asked.namespace, asked.signal)
  const { sub, email, preferred_username: preferredUsername } = claims
  const actor = {
    subject: sub,
    ...(email && { email }),
    ...(preferredUsername && { preferredUsername }),
  }
  const identity = account ? accountIdentity(account) : gate.ownIdentity
  return { ...callerAs(identity, actor, gate), claims }
}

function callerAs(identity: Identity, actor: Actor | undefined, gate: Gate): Caller {
  const may = mayAs(identity, gate.authorize)
  const { instance } = gate
  const client = clientAs(gate.client, may)
  const own = instance === undefined ? client : instanceClient(client, instance)
  return { identity, actor, may, client: own }
}

function authorizationsOf(headers: IncomingHttpHeaders): readonly string[] {
  const { authorization = '' } = headers
  return authorization === '' ? cookiesIn(headers, 'authorization') : [authorization]
}
