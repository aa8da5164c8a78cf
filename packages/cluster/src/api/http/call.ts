import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Kind } from '../kinds.ts'
import type { Departure } from './departure.ts'
import type { Identity } from './identity.ts'
import type { ResourceTarget } from './target.ts'

/** One request, by somebody known. */
export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly query: URLSearchParams
  readonly identity: Identity
  readonly left: Departure
}

/** A request for a collection that we serve, or something in it. */
export interface ResourceCall extends Call {
  readonly target: ResourceTarget
  readonly kind: Kind
}

/** A request for one object. */
export interface ObjectCall extends ResourceCall {
  readonly place: { readonly namespace?: string; readonly name: string }
}
