import type { IncomingHttpHeaders } from 'node:http'
import type { DetailedPeerCertificate } from 'node:tls'
import type { Identity } from '@argosy/kube'

export type { Attributes, Authorize, Identity, Verdict } from '@argosy/kube'

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
