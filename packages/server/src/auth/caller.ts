import type { IncomingHttpHeaders } from 'node:http'
import type { Actor } from '@argosy/engine'
import type { Client } from '@argosy/kube'
import { ApiError } from '../http/api-error.ts'
import { clientAs, type May, mayAs } from './client-as.ts'
import type { Authenticate, Authorize, Identity } from './identity.ts'

/** Who asks, and the Kubernetes that they may see. */
export interface Caller {
  readonly identity: Identity
  readonly client: Client
  /** For what has to be known before anything is done. */
  readonly may: May
  /** Whose name is written on what they make; the server itself leaves none. */
  readonly actor: Actor | undefined
}

export type AuthMode = 'client' | 'server'

export interface Gate {
  readonly client: Client
  readonly modes: readonly AuthMode[]
  readonly authenticate: Authenticate
  readonly authorize: Authorize
  /** Who everybody is in mode `server`. */
  readonly ownIdentity: Identity
}

const refused = 'token not valid. see https://argo-workflows.readthedocs.io/en/latest/faq/'

/** Who sent a request, by its Authorization header or its cookie. Throws `Unauthenticated`. argo: Gatekeeper. */
export async function callerOf(headers: IncomingHttpHeaders, gate: Gate): Promise<Caller> {
  const candidates = authorizationsOf(headers)
  const token = candidates.find((one) => /^(Bearer|Basic) /.test(one))
  if (token !== undefined && gate.modes.includes('client')) {
    const identity = await gate.authenticate({ headers: { ...headers, authorization: token } })
    if (!identity) throw new ApiError('Unauthenticated', refused)
    return callerAs(identity, { subject: identity.user }, gate)
  }
  if (gate.modes.includes('server')) return callerAs(gate.ownIdentity, undefined, gate)
  throw new ApiError('Unauthenticated', refused)
}

/** Who need not say who they are. */
export function anonymous(gate: Gate): Caller {
  const identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] }
  return callerAs(identity, undefined, gate)
}

function callerAs(identity: Identity, actor: Actor | undefined, gate: Gate): Caller {
  const may = mayAs(identity, gate.authorize)
  return { identity, actor, may, client: clientAs(gate.client, may) }
}

function authorizationsOf({ authorization, cookie }: IncomingHttpHeaders): readonly string[] {
  if (authorization !== undefined && authorization !== '') return [authorization]
  const pairs = (cookie ?? '').split(';').map((pair) => pair.trim())
  const own = pairs.filter((pair) => pair.startsWith('authorization='))
  return own.map((pair) => decoded(pair.slice('authorization='.length).replace(/^"(.*)"$/, '$1')))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
