import { timingSafeEqual } from 'node:crypto'
import type { Authenticate, Authenticated, Credentials } from '../http/identity.ts'
import { apiAudiences } from './account-tokens.ts'
import { identityOfCertificate } from './client-certificate.ts'

/** Who a bearer token is for, if it is meant for one of the audiences; undefined when it is none of ours. */
export type KnowsToken = (token: string, audiences: readonly string[]) => Authenticated | undefined

/** Knows who asks: by client certificate first, then by whoever knows the bearer token. */
export function authenticator(known: readonly KnowsToken[]): Authenticate {
  return async (credentials) => {
    const { peerCertificate, audiences = apiAudiences } = credentials
    const certified = peerCertificate && identityOfCertificate(peerCertificate)
    if (certified) return certified
    const token = bearerOf(credentials)
    if (token === undefined) return undefined
    for (const knows of known) {
      const identity = knows(token, audiences)
      if (identity) return identity
    }
    return undefined
  }
}

/** The administrator's token of a data directory. */
export function administrator(token: string): KnowsToken {
  const wanted = Buffer.from(token)
  return (given, asked) => {
    const audiences = asked.filter((one) => apiAudiences.includes(one))
    if (audiences.length === 0 || !isSame(Buffer.from(given), wanted)) return undefined
    return { user: 'admin', groups: ['system:masters', 'system:authenticated'], audiences }
  }
}

/** How long the token is is no secret: all that we make are of one length. Measured: digests cost as much as all of RBAC. */
function isSame(given: Buffer, wanted: Buffer): boolean {
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const protocol = 'base64url.bearer.authorization.k8s.io.'

/** Browsers cannot set headers of WebSockets: they hide the token among the protocols. */
function bearerOf({ headers }: Credentials): string | undefined {
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  if (given !== undefined || headers.authorization !== undefined) return given
  const offered = (headers['sec-websocket-protocol'] ?? '').split(/ *, */)
  const hidden = offered.find((one) => one.startsWith(protocol))
  return hidden && Buffer.from(hidden.slice(protocol.length), 'base64url').toString()
}
