import type { Duplex } from 'node:stream'
import type { Pod } from '@argosy/engine'
import { type Client, type Clock, StatusError } from '@argosy/kube'
import { createWebSocketStream } from 'ws'
import { containerOf } from '../api/http/pod-container.ts'
import type { PodStreamCall, PodStreams } from '../api/http/pod-streams.ts'
import { flag } from '../api/http/query.ts'
import { isBuiltIn } from '../node/built-in-spec.ts'
import { consolesOf } from '../node/console.ts'
import { layoutOf } from '../node/layout.ts'
import { nodeLogs } from '../node/node-logs.ts'
import type { Runtime } from '../node/runtime.ts'
import { attach, attachConsole } from './attach.ts'
import { commandProtocols, protocolOf } from './channel-protocol.ts'
import { exec } from './exec.ts'
import type { ForwardTarget } from './forward.ts'
import type { CommandOptions, RemoteCommand } from './remote-command.ts'
import { SpdyConnection } from './spdy/connection.ts'
import { SpdyCommandStreams } from './spdy-command.ts'
import { portOf, spdyForward } from './spdy-forward.ts'
import { upgradeToSpdy } from './spdy-upgrade.ts'
import { webSocket } from './web-socket.ts'
import { webSocketCommand } from './web-socket-command.ts'
import { webSocketForward } from './web-socket-forward.ts'

export interface PodStreamsOptions {
  readonly runtime: Runtime
  readonly client: Client
  readonly clock: Clock
  readonly dataDir: string
  /** What should not have happened, one line each. */
  readonly log?: (line: string) => void
}

/** Serves exec, attach and port-forward of the pods on this machine, over WebSockets and SPDY/3.1. */
export function podStreams(options: PodStreamsOptions): PodStreams {
  return async (call) => {
    const { socket, signal } = call
    const leave = () => socket.destroy()
    signal.addEventListener('abort', leave)
    socket.once('close', () => signal.removeEventListener('abort', leave))
    keepAlive(socket)
    if (call.part === 'portforward') await forwardPorts(call)
    else await runCommand(call, options)
  }
}

/** Who is gone without a word is noticed by the machine within minutes. */
function keepAlive(socket: Duplex): void {
  if (!('setKeepAlive' in socket) || typeof socket.setKeepAlive !== 'function') return
  socket.setKeepAlive(true, 30_000)
}

async function runCommand(call: PodStreamCall, options: PodStreamsOptions): Promise<void> {
  const asked = optionsOf(call)
  const dir = dirOf(call.pod, asked.container, options.dataDir)
  const console = call.part === 'attach' ? consolesOf(options.runtime).get(dir) : undefined
  if (call.part === 'attach' && !console && (asked.stdin || asked.tty))
    throw isInteractive(call.pod, asked.container) ? notFound(asked.container) : hasNone(asked)
  const remote = await remoteOf(call, asked, options.clock)
  if (!remote) return
  try {
    if (call.part === 'exec') await exec(remote, asked, { runtime: options.runtime, dir })
    else if (console) await attachConsole(remote, console)
    else {
      const { namespace = '', name = '', uid = '' } = call.pod.metadata
      const ref = { namespace, name, uid }
      await attach(remote, { logs: nodeLogs(options), ref, container: asked.container })
    }
  } catch (error) {
    options.log?.(`${call.part} of ${call.pod.metadata.name}: ${String(error)}`)
    call.socket.destroy()
  }
}

function optionsOf({ pod, part, query }: PodStreamCall): CommandOptions {
  const container = containerOf(pod, query.get('container') ?? '')
  const asked: CommandOptions = {
    container,
    command: query.getAll('command'),
    stdin: flag(query, 'stdin'),
    stdout: flag(query, 'stdout'),
    stderr: flag(query, 'stderr'),
    tty: flag(query, 'tty'),
  }
  if (!asked.stdin && !asked.stdout && !asked.stderr) {
    throw new StatusError('BadRequest', 'you must specify at least 1 of stdin, stdout, stderr')
  }
  if (part === 'exec' && asked.command.length === 0) {
    throw new StatusError('BadRequest', 'you must specify a command for the container')
  }
  return asked
}

function hasNone({ container }: CommandOptions): StatusError {
  return new StatusError(
    'BadRequest',
    `container ${container} has no stdin and no tty (it asks for none: it reads from /dev/null): attach without them`,
  )
}

interface Lists {
  readonly containers: readonly Interactive[]
  readonly initContainers?: readonly Interactive[]
  readonly ephemeralContainers?: readonly Interactive[]
}

interface Interactive {
  readonly name: string
  readonly stdin?: boolean
  readonly tty?: boolean
}

/** Whether it was to be spoken to: where nobody can, it has just ended. */
function isInteractive({ spec }: Pod, container: string): boolean {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec as unknown as Lists
  const found = [...containers, ...initContainers, ...ephemeralContainers].find(
    ({ name }) => name === container,
  )
  return found?.stdin === true || found?.tty === true
}

/** The kubelet's words. */
function notFound(container: string): StatusError {
  return new StatusError(
    'BadRequest',
    `unable to upgrade connection: container not found ("${container}")`,
  )
}

/** The directory of the container's last attempt; throws when it does not run. */
function dirOf(pod: Pod, container: string, dataDir: string): string {
  const {
    initContainerStatuses = [],
    containerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {}
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses]
  const status = all.find(({ name }) => name === container)
  const spec = pod.spec.containers.find(({ name }) => name === container)
  if (spec && isBuiltIn(spec)) {
    throw new StatusError(
      'BadRequest',
      `container ${container} is played by this server itself (image ${spec.image}): there is nothing to enter`,
    )
  }
  if (!status?.state?.running) {
    throw notFound(container)
  }
  return layoutOf(dataDir)
    .pod(pod)
    .container(container, status.restartCount ?? 0)
}

/** From here on nothing can be refused by HTTP any more. Undefined when the client did not open its streams. */
async function remoteOf(
  call: PodStreamCall,
  asked: CommandOptions,
  clock: Clock,
): Promise<RemoteCommand | undefined> {
  if (isSpdy(call)) {
    upgradeToSpdy(call, ['v4.channel.k8s.io'])
    const streams = new SpdyCommandStreams(asked)
    const connection = new SpdyConnection(call.socket, (stream) => streams.add(stream))
    const remote = await streams.command(connection, clock)
    if (!remote) connection.destroy()
    return remote
  }
  const protocol = protocolOf(offeredBy(call), commandProtocols)
  if (!protocol) throw unknownProtocol(call)
  return webSocketCommand(await webSocket(call, protocol.name), protocol, asked)
}

const forwardProtocol = 'portforward.k8s.io'
const tunnel = `SPDY/3.1+${forwardProtocol}`

async function forwardPorts(call: PodStreamCall): Promise<void> {
  const { pod, socket } = call
  const { phase, podIP, hostIP } = pod.status ?? {}
  if (phase !== 'Running') {
    throw new StatusError(
      'BadRequest',
      `unable to forward port because pod is not running. Current status=${phase ?? 'Pending'}`,
    )
  }
  const target: ForwardTarget = {
    host: podIP ?? hostIP ?? '127.0.0.1',
    pod: `${pod.metadata.namespace}/${pod.metadata.name}`,
  }
  if (isSpdy(call)) {
    upgradeToSpdy(call, [forwardProtocol])
    await spdyForward(socket, target).done
    return
  }
  if (offeredBy(call).includes(tunnel)) {
    const opened = await webSocket(call, tunnel)
    await spdyForward(createWebSocketStream(opened), target).done
    return
  }
  const [, ...channelProtocols] = commandProtocols
  const protocol = protocolOf(offeredBy(call), channelProtocols)
  if (!protocol) throw unknownProtocol(call)
  const ports = portsOf(call.query)
  await webSocketForward(await webSocket(call, protocol.name), protocol, { ports, target })
}

function portsOf(query: URLSearchParams): readonly number[] {
  const texts = query.getAll('ports').flatMap((list) => list.split(','))
  const ports = texts.map(portOf).filter((port) => port !== undefined)
  if (ports.length > 0 && ports.length === texts.length) return ports
  throw new StatusError(
    'BadRequest',
    `query parameter ports: ${JSON.stringify(texts)} are not ports`,
  )
}

function isSpdy({ request }: PodStreamCall): boolean {
  return /^spdy\//i.test(request.headers.upgrade ?? '')
}

function offeredBy({ request }: PodStreamCall): string {
  return request.headers['sec-websocket-protocol'] ?? ''
}

function unknownProtocol(call: PodStreamCall): StatusError {
  const known = call.part === 'portforward' ? [tunnel] : []
  const names = [...known, ...commandProtocols.map(({ name }) => name)]
  return new StatusError(
    'BadRequest',
    `no known protocol in Sec-WebSocket-Protocol ${JSON.stringify(offeredBy(call))}: the server knows ${names.join(', ')}`,
  )
}
