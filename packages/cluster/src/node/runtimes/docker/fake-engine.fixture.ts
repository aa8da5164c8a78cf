/** A Docker Engine of which only the words are true: containers begin and end when the test says so. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'

interface FakeContainer {
  status: 'created' | 'running' | 'exited'
  code: number
  log: string
  labels: Readonly<Record<string, string>>
}

export class FakeEngine implements AsyncDisposable {
  readonly socket: string
  readonly containers = new Map<string, FakeContainer>()
  /** All that was asked, as `POST /containers/create`; names of containers are left out. */
  readonly asked: string[] = []
  /** Told of each request before it is answered. */
  heard: ((line: string) => void) | undefined
  /** Answers everything so. */
  status: number | undefined
  message = 'not now'
  /** Says nothing about containers before it is released. */
  isBusy = false
  readonly #isDockers: boolean
  readonly #followers = new Set<ServerResponse>()
  readonly #outputs = new Set<Duplex>()
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()
  readonly #waiting = new Set<() => void>()

  constructor(socket: string, { isDockers = false } = {}) {
    this.socket = socket
    this.#isDockers = isDockers
  }

  async open(): Promise<void> {
    if (this.#server) return
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('upgrade', (request, socket) => {
      this.#note(request)
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n')
      this.#outputs.add(socket)
    })
    this.#server = server.listen(this.socket)
    await once(server, 'listening')
  }

  /** It is gone, in the middle of whatever it was saying; what it knows it will know again. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.#waiting.clear()
    this.#followers.clear()
    this.#outputs.clear()
    for (const socket of this.#sockets) socket.destroy()
    if (!server) return
    server.close()
    await once(server, 'close')
  }

  end(code: number): void {
    for (const one of this.containers.values()) Object.assign(one, { status: 'exited', code })
    this.release()
  }

  /** Whoever listens to events hears of one. */
  tell(Action: string, attributes: Readonly<Record<string, string>>, name?: string): void {
    const Attributes = { name: name ?? [...this.containers.keys()].at(-1), ...attributes }
    const line = `${JSON.stringify({ Type: 'container', Action, Actor: { Attributes } })}\n`
    for (const follower of this.#followers) follower.write(line)
  }

  /** Nothing more is written. */
  closeOutput(): void {
    for (const socket of this.#outputs) socket.end()
    this.#outputs.clear()
  }

  /** Whoever waits for an end is told that there is one. */
  release(): void {
    this.isBusy = false
    this.closeOutput()
    for (const tell of this.#waiting) tell()
    this.#waiting.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #note({ method, url = '' }: IncomingMessage): URL {
    const parsed = new URL(url.replace(/^\/v[\d.]+/, ''), 'http://engine')
    const line = `${method} ${parsed.pathname.replace(/argosy-[^/]+/, 'x')}`
    this.asked.push(line)
    this.heard?.(line)
    return parsed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = this.#note(request)
    const said = await text(request)
    const [, kind, name = '', part = ''] = pathname.split('/')
    const found = kind === 'containers' ? this.containers.get(name) : undefined
    const isLong = part === 'wait' || part === 'logs'
    if (this.status === undefined && pathname === '/events') {
      this.#followers.add(response)
      response.flushHeaders()
      return
    }
    if (found && this.isBusy && part === 'json') {
      this.#waiting.add(() => response.end(JSON.stringify(inspected(found))))
      return
    }
    if (this.status === undefined && found && isLong) {
      this.#tellEnd(found, part, response)
      return
    }
    const [code, body] = this.#reply(pathname, searchParams.get('name') ?? '', {
      ...{ found, part, said },
      isRemoval: request.method === 'DELETE',
    })
    response.writeHead(code, { 'Content-Type': 'application/json' })
    response.end(code === 204 ? '' : JSON.stringify(body))
  }

  /** As soon as there is one. */
  #tellEnd(found: FakeContainer, part: string, response: ServerResponse): void {
    const tell = () =>
      response.end(part === 'wait' ? JSON.stringify({ StatusCode: found.code }) : frame(found.log))
    if (found.status === 'exited') tell()
    else {
      this.#waiting.add(tell)
      response.flushHeaders()
    }
  }

  #reply(path: string, name: string, asked: Asked): readonly [number, object] {
    const { found, part, isRemoval, said } = asked
    if (this.status !== undefined) return [this.status, { message: this.message }]
    if (path === '/version') return [200, this.#facts]
    if (path === '/containers/json') return [200, this.#listed]
    if (path === '/containers/create') return this.#create(name, said)
    if (!found) return [404, { message: `No such thing: ${path}` }]
    if (part === 'start') found.status = 'running'
    if (isRemoval) this.containers.delete(path.split('/').at(-1) ?? '')
    return part === 'json' && !isRemoval ? [200, inspected(found)] : [204, {}]
  }

  get #listed(): readonly object[] {
    return [...this.containers].map(([Id, { labels: Labels }]) => ({ Id, Labels }))
  }

  get #facts(): object {
    const Components = this.#isDockers ? [{ Name: 'Engine' }] : null
    return { ApiVersion: '1.41', Version: 'fake', Components }
  }

  #create(name: string, said: string): readonly [number, object] {
    if (this.containers.has(name)) return [409, { message: `${name} is already in use` }]
    const { Labels: labels } = JSON.parse(said) as { Labels: FakeContainer['labels'] }
    this.containers.set(name, { status: 'created', code: 0, log: '', labels })
    return [201, { Id: name }]
  }
}

interface Asked {
  readonly found: FakeContainer | undefined
  readonly part: string
  readonly said: string
  readonly isRemoval: boolean
}

function inspected({ status: Status, code: ExitCode, labels: Labels }: FakeContainer): object {
  const at = '2026-01-01T00:00:00Z'
  const times = { StartedAt: at, FinishedAt: Status === 'exited' ? at : '' }
  const State = { Status, Pid: 7, ExitCode, OOMKilled: false, Error: '', ...times }
  return { Id: 'id', State, Config: { Labels } }
}

function frame(text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = 1
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}
