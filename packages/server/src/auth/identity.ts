import type { IncomingHttpHeaders } from 'node:http'
import type { Identity } from '@argosy/kube'

export type { Attributes, Authorize, Identity } from '@argosy/kube'

/** Undefined: nobody we know. */
export type Authenticate = (request: {
  readonly headers: IncomingHttpHeaders
}) => Promise<Identity | undefined>
