import type { IncomingHttpHeaders } from 'node:http'

/** Who asks; as the Kubernetes API server knows people. */
export interface Identity {
  readonly user: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** What somebody wants to do with a resource. */
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

/** Undefined: nobody we know. */
export type Authenticate = (request: {
  readonly headers: IncomingHttpHeaders
}) => Promise<Identity | undefined>

export type Authorize = (
  attributes: Attributes,
) => Promise<{ readonly allowed: boolean; readonly reason: string }>
