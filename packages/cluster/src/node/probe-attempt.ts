import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { createConnection } from 'node:net'
import type { ProbeAction } from './probe.ts'
import { askOverGrpc } from './probe-grpc.ts'
import type { Runtime } from './runtime.ts'

/** Where a probe finds its container. */
export interface Probed {
  readonly runtime: Runtime
  readonly dir: string
  /** Of the pod. */
  readonly address: string
}

type Of<K extends ProbeAction['kind']> = Extract<ProbeAction, { kind: K }>

/** Asks a container how it is. The result is what is wrong; rejects when that cannot be found out. */
export function attemptProbe(
  action: ProbeAction,
  probed: Probed,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (action.kind) {
    case 'exec':
      return runs(action, probed, signal)
    case 'tcp':
      return listens(action, probed, signal)
    case 'http':
      return answers(action, probed, signal)
    case 'grpc':
      return askOverGrpc({ ...action, address: probed.address }, signal)
  }
}

async function answers(
  action: Of<'http'>,
  probed: Probed,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const statusCode = await askOverHttp(action, probed, { agent: 'kube-probe', signal })
    const good = statusCode >= 200 && statusCode < 400
    return good ? undefined : `HTTP probe failed with statuscode: ${statusCode}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The status of the answer; rejects when there is none. */
export function askOverHttp(
  { host, port, path, secure, headers }: Of<'http'>,
  { address }: Probed,
  { agent, signal }: { readonly agent: string; readonly signal: AbortSignal },
): Promise<number> {
  const at = host ?? address
  return new Promise((resolve, reject) => {
    const asked = (secure ? overHttps : overHttp)({
      host: at,
      port,
      path,
      headers: { 'User-Agent': `${agent}/1.34`, Accept: '*/*', ...headers },
      // As the kubelet does: a pod's certificate is its own affair.
      rejectUnauthorized: false,
      agent: false,
      signal,
    })
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', ({ message }) =>
      reject(new Error(`Get "${urlOf(secure, at, port)}${path}": ${message}`)),
    )
    asked.end()
  })
}

function urlOf(secure: boolean, host: string, port: number): string {
  return `${secure ? 'https' : 'http'}://${host}:${port}`
}

function listens(
  { host, port }: Of<'tcp'>,
  { address }: Probed,
  signal: AbortSignal,
): Promise<string | undefined> {
  const at = host ?? address
  return new Promise((resolve) => {
    const socket = createConnection({ host: at, port, signal })
    socket.on('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.on('error', ({ message }) => resolve(`dial tcp ${at}:${port}: ${message}`))
  })
}

const longestOutput = 10_240

async function runs(
  { command }: Of<'exec'>,
  { runtime, dir }: Probed,
  signal: AbortSignal,
): Promise<string | undefined> {
  const running = await runtime.exec(dir, { argv: command, stdin: false, tty: false })
  const kill = () => running.kill()
  if (signal.aborted) kill()
  signal.addEventListener('abort', kill, { once: true })
  let output = ''
  const note = (chunk: unknown) => {
    if (output.length < longestOutput) output += String(chunk)
  }
  running.stdout.on('data', note)
  running.stderr.on('data', note)
  const code = await running.exited
  signal.removeEventListener('abort', kill)
  return code === 0 ? undefined : output.trim() || `command ended with exit code ${code}`
}
