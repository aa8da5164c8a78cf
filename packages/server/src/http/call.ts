import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { JsonObject } from '@argosy/engine'
import type { Caller } from '../auth/caller.ts'

/** One request, once it is known who asks and what for. */
export interface Call {
  readonly path: string
  /** What stands in the path where the route has a name. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly caller: Caller
  /** Aborts when the asker has left. */
  readonly signal: AbortSignal
  /** For those who read the body as it comes. */
  readonly request: IncomingMessage
  /** The body as it is. Throws `ResourceExhausted` when it is longer than `most` bytes. */
  bytes(most: number): Promise<Buffer>
  /** The body as a JSON object; without a body {}. Throws `InvalidArgument`. */
  body(): Promise<JsonObject>
}
