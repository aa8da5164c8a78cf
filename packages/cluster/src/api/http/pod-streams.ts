import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Pod } from '@argosy/engine'
import type { Identity } from './identity.ts'

/** Streams to and from a pod: who asked is known and may, and the pod is there. */
export interface PodStreamCall {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What of the connection's bytes came with the request. */
  readonly head: Buffer
  readonly query: URLSearchParams
  readonly identity: Identity
  readonly pod: Pod
  readonly part: PodStreamPart
  /** Aborts when the server stops. */
  readonly signal: AbortSignal
}

export type PodStreamPart = 'attach' | 'exec' | 'portforward'

/** Takes over a connection that asked for an upgrade, WebSocket or SPDY; answers on the socket itself, refusals too. */
export type PodStreams = (call: PodStreamCall) => Promise<void>
