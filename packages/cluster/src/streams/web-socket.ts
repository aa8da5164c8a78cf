import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { StatusError } from '@argosy/kube'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { PodStreamCall } from '../api/http/pod-streams.ts'
import type { ChannelMessage } from './channel-protocol.ts'

/** Clients write what they read at once: kilobytes, some of them everything they have. */
const mostMessageBytes = 32 * 1024 * 1024

/** Makes the connection a WebSocket that speaks `protocol`, a name that the client offered. */
export async function webSocket(
  { request, socket, head }: PodStreamCall,
  protocol: string,
): Promise<WebSocket> {
  // A name like `SPDY/3.1+portforward.k8s.io` is not one by the RFC, and ws would refuse the client for it.
  const { 'sec-websocket-protocol': _, ...headers } = request.headers
  const plain = Object.create(request, { headers: { value: headers } }) as IncomingMessage
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: mostMessageBytes,
  })
  server.on('headers', (lines) => lines.push(`Sec-WebSocket-Protocol: ${protocol}`))
  return new Promise((resolve, reject) => {
    server.on('wsClientError', (error) =>
      reject(new StatusError('BadRequest', `no WebSocket handshake: ${error.message}`)),
    )
    server.handleUpgrade(plain, socket, head, (opened) => {
      opened.on('error', () => opened.terminate())
      resolve(opened)
    })
  })
}

/** Sends one message; rejects when the client has gone. */
export function send(to: WebSocket, bytes: Buffer, isText: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    to.send(bytes, { binary: !isText }, (error) => (error ? reject(error) : resolve()))
  })
}

export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}

/** From a channel into a stream: what the stream's reader does not want yet, the client shall keep. */
export class Inlet {
  readonly #socket: WebSocket
  readonly #into: Readable
  #ended = false

  constructor(socket: WebSocket, into: Readable) {
    this.#socket = socket
    this.#into = into
  }

  take(heard: ChannelMessage): void {
    if (heard.type === 'close') this.end()
    else if (!this.#ended && heard.data.length > 0 && !this.#into.push(heard.data))
      this.#socket.pause()
  }

  end(): void {
    if (!this.#ended) this.#into.push(null)
    this.#ended = true
  }
}
