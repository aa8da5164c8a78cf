import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Pod } from '@argosy/engine'
import { resources, StatusError } from '@argosy/kube'
import { allow } from './authorization.ts'
import { identify } from './identify.ts'
import type { PodStreamPart } from './pod-streams.ts'
import { refusalOf, statusOf } from './reply.ts'
import { type ResourceTarget, targetOf } from './target.ts'
import type { World } from './world.ts'

/** One connection that wants to become something else. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly signal: AbortSignal
}

const parts: readonly string[] = ['attach', 'exec', 'portforward']

/** Hands streams of pods to who serves them; never throws. */
export async function upgrade(asked: Upgrade, world: World): Promise<void> {
  const { request, socket } = asked
  socket.on('error', () => socket.destroy())
  try {
    const [path = '', ...search] = (request.url ?? '').split('?')
    const target = targetOf(path)
    if (target?.type === 'resource' && isStream(target)) {
      await stream(asked, { target, query: new URLSearchParams(search.join('?')) }, world)
      return
    }
    // 503 sends clients who tried a WebSocket for a watch back to plain HTTP; any other answer ends them.
    refuse(socket, new StatusError('ServiceUnavailable', 'watches are served over plain HTTP only'))
  } catch (error) {
    refuse(
      socket,
      refusalOf(error, (odd) => world.log(`${request.url}: ${String(odd)}`)),
    )
  }
}

function isStream({ group, plural, name, subresource = '' }: ResourceTarget): boolean {
  return group === '' && plural === 'pods' && name !== undefined && parts.includes(subresource)
}

interface Asked {
  readonly target: ResourceTarget
  readonly query: URLSearchParams
}

async function stream(asked: Upgrade, { target, query }: Asked, world: World): Promise<void> {
  const { namespace = '', name = '', subresource = '' } = target
  const identity = await identify(asked.request, world)
  // By WebSocket it cannot be but a GET; who may only read must not be let in by that, as in Kubernetes since 1.35.
  for (const verb of asked.request.method === 'GET' ? ['get', 'create'] : ['create']) {
    await allow(world.authorize, {
      ...{ identity, namespace, name, subresource, verb },
      ...{ group: '', version: 'v1', resource: 'pods' },
    })
  }
  const kind = world.objects.registry.kind(resources.pods)
  const pod = world.objects.get(kind, { namespace, name }) as Pod
  if (!world.podStreams)
    throw new StatusError('NotImplemented', `pods/${subresource} is not served by this server`)
  await world.podStreams({ ...asked, query, identity, pod, part: subresource as PodStreamPart })
}

/** An answer by hand: nobody else writes to a socket that asked for an upgrade. */
export function refuse(socket: Duplex, error: StatusError): void {
  const body = JSON.stringify(statusOf(error))
  const lines = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  if (!socket.destroyed) socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
