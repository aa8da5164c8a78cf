import type { IncomingHttpHeaders } from 'node:http'
import type { DetailedPeerCertificate } from 'node:tls'

/** Who asks. */
export interface Identity {
  readonly user: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** Whom we know, and for which of the audiences that were asked for. */
export interface Authenticated extends Identity {
  readonly audiences?: readonly string[]
}

/** What a request shows of the one who sent it. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders
  /** Present only when one of our authorities has signed it. */
  readonly peerCertificate?: DetailedPeerCertificate
  /** Whom a token has to be meant for; default: this API server. */
  readonly audiences?: readonly string[]
}

/** Undefined: nobody we know (401). */
export type Authenticate = (credentials: Credentials) => Promise<Authenticated | undefined>

/** What somebody wants to do: with a resource, or, when `path` is given, with something that is none. */
export interface Attributes {
  readonly identity: Identity
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly path?: string
}

/** `reason` is told to who asks why, and to who was refused. */
export type Authorize = (attributes: Attributes) => Promise<Verdict>

export interface Verdict {
  readonly allowed: boolean
  readonly reason: string
}
