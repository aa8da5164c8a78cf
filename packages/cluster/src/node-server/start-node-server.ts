import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Pod } from '@argosy/engine'
import { type Client, type Clock, resources, StatusError } from '@argosy/kube'
import { identityOfCertificate } from '../api/auth/client-certificate.ts'
import type { CertifiedKey } from '../api/http/client-certificates.ts'
import { drained } from '../api/http/drained.ts'
import type { Identity } from '../api/http/identity.ts'
import { sendPodLog } from '../api/http/pod-log.ts'
import { flag, wholeNumber } from '../api/http/query.ts'
import { refusalOf, sendJson, sendRefusal, sendText } from '../api/http/reply.ts'
import { refuse } from '../api/http/upgrade.ts'
import { type NodeLogs, nodeLogs } from '../node/node-logs.ts'
import type { Runtime } from '../node/runtime.ts'
import { podStreams } from '../streams/pod-streams.ts'
import { apiQuery, type NodeTarget, nodeTarget } from './paths.ts'

/** What somebody wants of a node; in Kubernetes' words, of `nodes/<subresource>`. */
export interface AskedOfNode {
  readonly identity: Identity
  readonly verb: 'get' | 'create'
  readonly subresource: 'log' | 'proxy'
}

export interface NodeServerOptions {
  readonly client: Client
  readonly clock: Clock
  readonly runtime: Runtime
  readonly dataDir: string
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly tls: CertifiedKey
  /** The authority that has to have signed the certificates of those who ask; PEM. */
  readonly clientCa: string
  readonly mayAsk: (asked: AskedOfNode) => Promise<boolean>
  readonly log: (line: string) => void
}

/** The door at which API servers ask a node for logs and streams of its pods, as they ask a kubelet. */
export interface NodeServer extends AsyncDisposable {
  readonly port: number
}

/** Whoever shows no certificate of the authority is turned away before he can ask. */
export async function startNodeServer(options: NodeServerOptions): Promise<NodeServer> {
  const life = new AbortController()
  const door = new Door(options, life.signal)
  const { key, cert } = options.tls
  const server = createServer(
    { key, cert, ca: options.clientCa, requestCert: true, rejectUnauthorized: true },
    (request, response) => void door.answer(request, response),
  )
  server.requestTimeout = 0
  server.on('upgrade', (request, socket, head) => void door.upgrade(request, socket, head))
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      life.abort()
      await closed(server)
    },
  }
}

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await done
}

class Door {
  readonly #options: NodeServerOptions
  readonly #signal: AbortSignal
  readonly #logs: NodeLogs
  readonly #streams: ReturnType<typeof podStreams>

  constructor(options: NodeServerOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
    this.#logs = nodeLogs(options)
    this.#streams = podStreams(options)
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = new AbortController()
    response.once('close', () => left.abort())
    const signal = AbortSignal.any([left.signal, this.#signal])
    try {
      const { target, query } = this.#read(request)
      if (target.type === 'health') return sendText(response, 200, 'ok')
      if (target.type === 'stream') throw new StatusError('BadRequest', 'Upgrade request required')
      await this.#allow(request, { verb: 'get', subresource: 'log' })
      if (target.type === 'kept') await this.#sendKept(target, { query, response, signal })
      else {
        const pod = await this.#pod(target)
        query.set('container', target.container)
        const how = { logs: this.#logs, clock: this.#options.clock }
        await sendPodLog({ pod, query, response, signal }, how)
      }
    } catch (error) {
      sendRefusal(response, this.#refusal(request, error))
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy())
    try {
      const { target, query } = this.#read(request)
      if (target.type !== 'stream') throw new StatusError('BadRequest', 'nothing to upgrade here')
      const identity = await this.#allow(request, { verb: 'create', subresource: 'proxy' })
      const pod = await this.#pod(target)
      const asked = apiQuery(query)
      if (target.container) asked.set('container', target.container)
      await this.#streams({
        ...{ request, socket, head, identity, pod },
        ...{ query: asked, part: target.part, signal: this.#signal },
      })
    } catch (error) {
      refuse(socket, this.#refusal(request, error))
    }
  }

  #read({ url = '' }: IncomingMessage): { target: NodeTarget; query: URLSearchParams } {
    const [path = '', ...search] = url.split('?')
    const target = nodeTarget(path)
    if (!target) throw new StatusError('NotFound', 'a node serves logs and streams of its pods')
    return { target, query: new URLSearchParams(search.join('?')) }
  }

  async #allow(
    { socket }: IncomingMessage,
    what: Pick<AskedOfNode, 'verb' | 'subresource'>,
  ): Promise<Identity> {
    const identity = identityOfCertificate((socket as TLSSocket).getPeerCertificate(true))
    if (!identity) throw new StatusError('Unauthorized', 'the certificate names nobody')
    if (await this.#options.mayAsk({ identity, ...what })) return identity
    const { verb, subresource } = what
    throw new StatusError('Forbidden', `user ${identity.user} may not ${verb} nodes/${subresource}`)
  }

  async #pod({ namespace, pod: name, uid }: { namespace: string; pod: string; uid?: string }) {
    const ref = { resource: resources.pods, namespace, name }
    const pod = await this.#options.client.get<Pod>(ref)
    if (pod && (uid === undefined || pod.metadata.uid === uid)) return pod
    throw new StatusError('NotFound', `pod "${name}" not found`)
  }

  async #sendKept(
    { ref, container }: Extract<NodeTarget, { type: 'kept' }>,
    {
      query,
      response,
      signal,
    }: { query: URLSearchParams; response: ServerResponse; signal: AbortSignal },
  ): Promise<void> {
    if (container === undefined) return sendJson(response, 200, await this.#logs.containers(ref))
    const tailLines = wholeNumber(query, 'tailLines')
    const limitBytes = wholeNumber(query, 'limitBytes')
    const wanted = {
      ...{ ref, container, previous: flag(query, 'previous'), follow: flag(query, 'follow') },
      ...(tailLines !== undefined && { tailLines }),
      ...(limitBytes !== undefined && { limitBytes }),
    }
    const chunks = this.#logs.read(wanted, signal)
    // A refusal comes before the headers; who follows gets them before the first line.
    const first = await chunks.next()
    response.writeHead(200, { 'Content-Type': 'text/plain' })
    response.flushHeaders()
    for (let next = first; !next.done && !signal.aborted; next = await chunks.next()) {
      if (!response.write(next.value)) await drained(response)
    }
    response.end()
  }

  #refusal({ url }: IncomingMessage, error: unknown): StatusError {
    return refusalOf(error, (odd) => this.#options.log(`${url}: ${String(odd)}`))
  }
}
