import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import type { KubeObject, Pod } from '@argosy/engine'
import { type Client, resources, StatusError } from '@argosy/kube'
import { Connection } from '@argosy/kube/remote'
import type { CertifiedKey } from '../api/http/client-certificates.ts'
import { containerOf } from '../api/http/pod-container.ts'
import type { PodStreamCall, PodStreams } from '../api/http/pod-streams.ts'
import type { PodRef } from '../node/layout.ts'
import type { LogQuery, NodeLogs } from '../node/node-logs.ts'
import { certificateAnnotation, keptPath, kubeletQuery, streamPath } from './paths.ts'

interface NodeObject extends KubeObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[]
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } }
  }
}

/** Where the server of a node is, and the one certificate that it may show. */
interface Address {
  readonly host: string
  readonly port: number
  readonly ca: string
}

/** Logs and streams of pods at nodes in processes of their own; `key` and `cert` say there who asks. */
export function remoteNodes({ client, key, cert }: CertifiedKey & { readonly client: Client }): {
  logs: NodeLogs
  streams: PodStreams
} {
  const nodes = new RemoteNodes(client, { key, cert })
  return {
    logs: {
      read: (query, signal) => nodes.read(query, signal),
      containers: (ref) => nodes.containers(ref),
      // Which node had a pod that is gone nobody knows.
      kept: async () => [],
    },
    streams: (call) => nodes.stream(call),
  }
}

class RemoteNodes {
  readonly #client: Client
  readonly #own: CertifiedKey

  constructor(client: Client, own: CertifiedKey) {
    this.#client = client
    this.#own = own
  }

  async *read(query: LogQuery, signal: AbortSignal): AsyncGenerator<Buffer> {
    const { ref, container, previous, follow, tailLines, limitBytes } = query
    const address = await this.#addressOf(ref)
    if (!address) throw waiting(container, ref)
    using connection = this.#connection(address)
    const asked = new URLSearchParams({
      ...(previous && { previous: 'true' }),
      ...(follow && { follow: 'true' }),
      ...(tailLines !== undefined && { tailLines: String(tailLines) }),
      ...(limitBytes !== undefined && { limitBytes: String(limitBytes) }),
    })
    const response = await connection.open(`${keptPath(ref, container)}?${asked}`, {
      ...{ accept: '*/*', signal },
    })
    try {
      yield* response as AsyncIterable<Buffer>
    } finally {
      response.destroy()
    }
  }

  async containers(ref: PodRef): Promise<readonly string[]> {
    const address = await this.#addressOf(ref)
    return address ? this.#containersAt(address, ref) : []
  }

  /** Bytes go to and fro as they are: who speaks which protocol is between the client and the node. */
  async stream(call: PodStreamCall): Promise<void> {
    const { namespace = '', name = '', uid = '' } = call.pod.metadata
    const address = await this.#addressOf({ namespace, name, uid })
    if (!address) throw new StatusError('BadRequest', `pod ${name} does not have a host assigned`)
    const request = requestOf(call, { namespace, name, uid }, address)
    const node = await this.#dial(address)
    const leave = () => node.destroy()
    node.on('error', () => call.socket.destroy())
    call.socket.once('close', leave)
    node.once('close', () => call.socket.destroy())
    call.signal.addEventListener('abort', leave)
    node.once('close', () => call.signal.removeEventListener('abort', leave))
    node.write(request)
    if (call.head.length > 0) node.write(call.head)
    call.socket.pipe(node)
    node.pipe(call.socket)
  }

  async #dial({ host, port, ca }: Address): Promise<TLSSocket> {
    const socket = connect({ host, port, ca, ...this.#own, servername: '' })
    try {
      await once(socket, 'secureConnect')
      socket.setKeepAlive(true, 30_000)
      return socket
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const words = `error dialing the node at ${host}:${port}: ${why}`
      throw new StatusError('ServiceUnavailable', words, { cause: error })
    }
  }

  #connection({ host, port, ca }: Address): Connection {
    const name = host.includes(':') ? `[${host}]` : host
    return new Connection({ server: `https://${name}:${port}`, ca, ...this.#own })
  }

  /** The node that has the pod, or, when it is gone, the one that still has its logs. */
  async #addressOf(ref: PodRef): Promise<Address | undefined> {
    const { namespace, name, uid } = ref
    const pod = await this.#client.get<Pod>({ resource: resources.pods, namespace, name })
    if (pod?.metadata.uid === uid) {
      const { nodeName } = pod.spec
      if (!nodeName) return undefined
      const node = await this.#client.get<NodeObject>({ resource: resources.nodes, name: nodeName })
      const address = node && addressIn(node)
      if (address) return address
      throw new StatusError('ServiceUnavailable', `node "${nodeName}" has no server to be asked`)
    }
    const { items } = await this.#client.list<NodeObject>({ resource: resources.nodes })
    for (const address of items.flatMap((node) => addressIn(node) ?? [])) {
      const found = await this.#containersAt(address, ref).catch(() => [])
      if (found.length > 0) return address
    }
    return undefined
  }

  async #containersAt(address: Address, ref: PodRef): Promise<readonly string[]> {
    using connection = this.#connection(address)
    return connection.ask<readonly string[]>(keptPath(ref))
  }
}

function addressIn({ metadata, status }: NodeObject): Address | undefined {
  const host = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
  const port = status?.daemonEndpoints?.kubeletEndpoint?.Port
  const ca = metadata.annotations?.[certificateAnnotation]
  return host && port && ca ? { host, port, ca } : undefined
}

/** The kubelet's words. */
function waiting(container: string, { name }: PodRef): StatusError {
  const why = `container "${container}" in pod "${name}" is waiting to start: ContainerCreating`
  return new StatusError('BadRequest', why)
}

const hiddenToken = 'base64url.bearer.authorization.k8s.io.'
const notForNodes = new Set(['authorization', 'host', 'cookie', 'x-forwarded-for'])

/** The client's request as a node is asked; what says who the client is stays here. */
function requestOf(
  { request, part, query, pod }: PodStreamCall,
  ref: PodRef,
  { host, port }: Address,
): string {
  const asked = kubeletQuery(query)
  const isForward = part === 'portforward'
  const container = isForward ? undefined : containerOf(pod, query.get('container') ?? '')
  if (!isForward) asked.delete('container')
  const lines = [
    `${request.method} ${streamPath(part, ref, container)}?${asked} HTTP/1.1`,
    `Host: ${host}:${port}`,
  ]
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? ''
    const value = forNodes(name.toLowerCase(), request.rawHeaders[at + 1] ?? '')
    if (value !== undefined) lines.push(`${name}: ${value}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

function forNodes(name: string, value: string): string | undefined {
  if (notForNodes.has(name) || name.startsWith('impersonate-')) return undefined
  if (name !== 'sec-websocket-protocol') return value
  const known = value.split(/ *, */).filter((one) => !one.startsWith(hiddenToken))
  return known.join(', ') || undefined
}
