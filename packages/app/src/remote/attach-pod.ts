import { once } from 'node:events'
import { StatusError } from '@argosy/kube'
import type { Connection } from '@argosy/kube/remote'
import { WebSocket } from 'ws'
import type { Shell } from '../shell/shell.ts'

/** Kubernetes' channels of a command's streams. */
const channels = { stdin: 0, stdout: 1, stderr: 2, resize: 4, close: 255 } as const

interface AttachRequest {
  readonly namespace: string
  readonly name: string
  readonly container: string
  readonly tty: boolean
  readonly signal: AbortSignal
}

type Terminal = NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown }

/** Connects this program's streams with those of a container, until that has ended. Its first line is an empty one. */
export async function attachPod(
  connection: Connection,
  request: AttachRequest,
  { stdin, stdout, stderr }: Shell,
): Promise<void> {
  const socket = await open(connection, request)
  const { tty, signal } = request
  const terminal: Terminal = stdin
  const send = (channel: number, data: Buffer | string) => {
    if (socket.readyState === WebSocket.OPEN)
      socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data)]))
  }
  const resize = () => {
    const { columns: Width = 80, rows: Height = 24 } = stdout
    send(channels.resize, JSON.stringify({ Width, Height }))
  }
  const hear = (chunk: Buffer | string) => send(channels.stdin, chunk)
  const end = () => send(channels.close, Buffer.from([channels.stdin]))
  const leave = () => socket.close()
  socket.on('message', (raw: Buffer) => {
    if (raw[0] === channels.stdout) stdout.write(raw.toString('utf8', 1))
    if (raw[0] === channels.stderr) stderr.write(raw.toString('utf8', 1))
  })
  signal.addEventListener('abort', leave, { once: true })
  const closed = once(socket, 'close')
  try {
    if (tty) {
      terminal.setRawMode?.(true)
      process.on('SIGWINCH', resize)
      resize()
    }
    send(channels.stdin, '\n')
    stdin.on('data', hear).once('end', end)
    await closed
  } finally {
    if (tty) terminal.setRawMode?.(false)
    process.off('SIGWINCH', resize)
    stdin.off('data', hear).off('end', end).pause()
    signal.removeEventListener('abort', leave)
  }
}

async function open(connection: Connection, request: AttachRequest): Promise<WebSocket> {
  const { namespace, name, container, tty } = request
  const { server, ca, cert, key, servername, insecure } = connection.access
  const query = new URLSearchParams({
    ...{ container, stdin: 'true', stdout: 'true', tty: String(tty) },
    ...(!tty && { stderr: 'true' }),
  })
  const url = `${server.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/namespaces/${namespace}/pods/${name}/attach?${query}`
  const socket = new WebSocket(url, ['v5.channel.k8s.io'], {
    headers: await connection.headers({ accept: '*/*' }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
  })
  try {
    await once(socket, 'open')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StatusError('ServiceUnavailable', `cannot attach to pod ${name}: ${why}`, {
      cause: error,
    })
  }
  socket.on('error', () => undefined)
  return socket
}
