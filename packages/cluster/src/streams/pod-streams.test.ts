import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Pod } from '@argosy/engine'
import { type Client, StatusError, systemClock } from '@argosy/kube'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { PodStreamPart } from '../api/http/pod-streams.ts'
import { layoutOf } from '../node/layout.ts'
import type { ExecSpec, Executing } from '../node/runtime.ts'
import { fakeRuntime } from '../node/runtimes/fake.ts'
import { podStreams } from './pod-streams.ts'

const open: Server[] = []
const folders: string[] = []
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

describe('streams of pods for clients other than kubectl', () => {
  it('exec in base64: what is typed comes back, then the exit code', async () => {
    const at = await serve('exec')
    const socket = new WebSocket(
      `${at}?command=cat&command=-u&stdin=true&stdout=true`,
      'v4.base64.channel.k8s.io',
    )
    const heard = messages(socket)
    await once(socket, 'open')
    socket.send(`0${Buffer.from('quit 7').toString('base64')}`)
    const [code] = await once(socket, 'close')
    const decoded = heard.map((one) => [one[0], Buffer.from(one.slice(1), 'base64').toString()])
    expect(decoded[0]).toEqual(['1', 'cat -u: quit 7'])
    expect(JSON.parse(decoded[1]?.[1] ?? '')).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    })
    expect(code).toBe(1000)
  })

  it('all that a program has written comes before its end', async () => {
    const at = await serve('exec')
    const query = 'command=count&stdin=true&stdout=true&stderr=true'
    const socket = new WebSocket(`${at}?${query}`, 'v5.channel.k8s.io')
    const heard = messages(socket)
    await once(socket, 'open')
    socket.send(Buffer.from('\x00go'))
    await once(socket, 'close')
    const said = (channel: number) =>
      heard.filter((one) => one.charCodeAt(0) === channel).map((one) => one.slice(1))
    expect(said(1).join('')).toBe(counted)
    expect(said(2).join('')).toBe(counted)
    expect(heard.at(-1)).toBe('\x03{"metadata":{},"status":"Success"}')
  })

  it('v5 can end what is typed, and tells the size of a terminal', async () => {
    const at = await serve('exec')
    const socket = new WebSocket(
      `${at}?command=size&stdin=true&stdout=true&tty=true`,
      'v5.channel.k8s.io',
    )
    const heard = messages(socket)
    await once(socket, 'open')
    socket.send(Buffer.from('\x04{"Width":100,"Height":30}\n'))
    socket.send(Buffer.from([0, ...Buffer.from('now')]))
    socket.send(Buffer.from([255, 0]))
    await once(socket, 'close')
    expect(heard[0]).toBe('\x01size: now 100x30')
    expect(heard[1]).toBe('\x03{"metadata":{},"status":"Success"}')
  })

  it('a client that goes ends its program', async () => {
    const killed = deferred<void>()
    const at = await serve('exec', () => killed.resolve())
    const socket = new WebSocket(`${at}?command=cat&stdin=true&stdout=true`, 'v5.channel.k8s.io')
    await once(socket, 'open')
    socket.terminate()
    await killed.promise
  })

  it('ports by channels: each begins with its number', async () => {
    const echo = createTcpServer((socket) => socket.once('data', (data) => socket.end(`<${data}>`)))
    echo.listen(0, '127.0.0.1')
    await once(echo, 'listening')
    const { port } = echo.address() as AddressInfo
    const at = await serve('portforward')
    const socket = new WebSocket(`${at}?ports=${port}`, 'v4.channel.k8s.io')
    const heard = messages(socket)
    await once(socket, 'open')
    socket.send(Buffer.from('\x00hello'))
    await once(socket, 'close')
    echo.close()
    const name = Buffer.alloc(2)
    name.writeUInt16LE(port)
    const number = name.toString('latin1')
    expect(heard).toEqual([`\x00${number}`, `\x01${number}`, '\x00<hello>'])
  })

  it.each([
    ['exec', 'command=true', 'v5.channel.k8s.io', 'at least 1 of stdin, stdout, stderr'],
    ['exec', 'stdout=true', 'v5.channel.k8s.io', 'a command for the container'],
    [
      'exec',
      'stdout=true&command=true&container=x',
      'v5.channel.k8s.io',
      'container x is not valid',
    ],
    ['exec', 'stdout=true&command=true', 'v9.channel.k8s.io', 'v9.channel.k8s.io'],
    ['attach', 'stdout=true&stdin=true', 'v5.channel.k8s.io', 'reads from /dev/null'],
    // It was to be spoken to, and nobody is there: it has just ended.
    [
      'attach',
      'stdout=true&stdin=true&container=asks',
      'v5.channel.k8s.io',
      'container not found ("asks")',
    ],
    ['portforward', 'ports=80,http', 'v4.channel.k8s.io', 'are not ports'],
  ] as const)('%s?%s with %s is refused: %s', async (part, query, protocol, words) => {
    const socket = new WebSocket(`${await serve(part)}?${query}`, protocol)
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
    expect(response.statusCode).toBe(400)
    expect(await text(response)).toContain(words)
  })
})

const pod = {
  metadata: { name: 'p', namespace: 'default', uid: 'u' },
  spec: {
    containers: [{ name: 'main', image: 'alpine' }],
    ephemeralContainers: [{ name: 'asks', image: 'alpine', stdin: true }],
  },
  status: {
    phase: 'Running',
    podIP: '127.0.0.1',
    containerStatuses: [{ name: 'main', state: { running: {} }, restartCount: 0 }],
    ephemeralContainerStatuses: [{ name: 'asks', state: { running: {} }, restartCount: 0 }],
  },
} as unknown as Pod

/** Where a server with one pod, and one container in it, is. */
async function serve(part: PodStreamPart, onKill = () => {}): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-streams-'))
  folders.push(dataDir)
  const runtime = fakeRuntime({ program: () => undefined, exec: (_, spec) => played(spec, onKill) })
  const dir = layoutOf(dataDir).pod(pod).container('main', 0)
  await runtime.start({
    ...{ dir, argv: ['x'], env: {}, workingDir: '/', root: { kind: 'host' }, mounts: [] },
    ...{ stdout: `${dir}/log`, stderr: `${dir}/log` },
  })
  const client = {} as Client
  const streams = podStreams({ runtime, client, clock: systemClock, dataDir })
  const server = createServer()
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams
    const identity = { name: 'admin', groups: [], extra: {} } as never
    const { signal } = new AbortController()
    streams({ request, socket, head, query, identity, pod, part, signal }).catch((error) => {
      const code = error instanceof StatusError ? error.code : 500
      socket.end(`HTTP/1.1 ${code} No\r\nConnection: close\r\n\r\n${error.message}`)
    })
  })
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const numbers = Array.from({ length: 500 }, (_, index) => `${index}\n`)
const counted = numbers.join('')

/** A program that says its name, the first thing it reads and its size; `quit 7` ends it with 7. `count` says more. */
function played({ argv }: ExecSpec, onKill: () => void): Executing {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const exited = deferred<number>()
  let size = ''
  stdin.once('data', (data) => {
    if (argv[0] === 'count') {
      for (const stream of [stdout, stderr]) {
        for (const number of numbers) stream.write(number)
        stream.end()
      }
      exited.resolve(0)
      return
    }
    stdout.end(`${argv.join(' ')}: ${data}${size}`)
    stderr.end()
    const [, code = '0'] = /^quit (\d+)/.exec(String(data)) ?? []
    exited.resolve(Number(code))
  })
  return {
    ...{ stdin, stdout, stderr, exited: exited.promise },
    resize: ({ columns, rows }) => {
      size = ` ${columns}x${rows}`
    },
    kill: () => {
      onKill()
      stdout.destroy()
      stderr.destroy()
      exited.resolve(137)
    },
  }
}

function messages(socket: WebSocket): string[] {
  const heard: string[] = []
  socket.on('message', (data: Buffer) => heard.push(data.toString('latin1')))
  return heard
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve: (value: T) => resolve(value) }
}
