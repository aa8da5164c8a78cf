import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { removeStateDir } from '@argosy/cluster'
import { childCpu, peakMb, processCpu } from './cpu.ts'

const door = fileURLToPath(new URL('../../packages/app/bin/argosy.js', import.meta.url))

/** `argosy server`, as it is published, in a process of its own. */
export interface ServerUnderTest extends AsyncDisposable {
  /** Where the pages and Argo's API are. */
  readonly pages: string
  readonly cpu: () => { readonly seconds: number; readonly childSeconds: number }
  readonly peakMb: () => number
  /** Throws what the server answers unless that is good. */
  ask(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<string>
  /** Follows a path; `heard` is told each line. Resolves to what ends it, once the answer has begun. */
  follow(path: string, heard: (line: string) => void): Promise<() => void>
}

interface ServerOptions {
  readonly runtime: string
  readonly connections: number
  readonly flags?: readonly string[]
}

/** Starts it on any port, below `dir`; the bundle must have been built. */
export async function startServer(
  dir: string,
  { runtime, connections, flags = [] }: ServerOptions,
): Promise<ServerUnderTest> {
  const ports = ['--port', '0', '--http-port', '0']
  const args = [door, 'server', '--data-dir', dir, '--runtime', runtime, ...ports, ...flags]
  const env = { ...process.env, ARGOSY_DIST: '1', NO_COLOR: '1' }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const { url, pages } = await addresses(child.stdout)
  const { token, ca } = credentials(`${dir}/kubeconfig`)
  const agent = new Agent({ ca, keepAlive: true, maxSockets: connections })
  const watching = new Agent({ ca })
  const pid = child.pid ?? 0

  const send = (method: string, path: string, from: Agent, payload?: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(payload !== undefined && {
          'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
      }
      const sent = request(`${url}${path}`, { method, agent: from, headers }, resolve)
      sent.on('error', reject)
      sent.end(payload)
    })
  return {
    pages,
    cpu: () => ({ seconds: processCpu(pid), childSeconds: childCpu(pid) }),
    peakMb: () => peakMb(pid),
    async ask(method, path, body) {
      const response = await send(method, path, agent, body && JSON.stringify(body))
      let text = ''
      for await (const chunk of response) text += chunk
      if ((response.statusCode ?? 500) >= 300) throw new Error(`${response.statusCode}: ${text}`)
      return text
    },
    async follow(path, heard) {
      const response = await send('GET', path, watching)
      response.on('error', () => undefined)
      createInterface({ input: response }).on('line', heard)
      return () => response.destroy()
    },
    async [Symbol.asyncDispose]() {
      agent.destroy()
      watching.destroy()
      child.kill('SIGTERM')
      await ended
      await removeStateDir(dir)
    },
  }
}

async function addresses(output: NodeJS.ReadableStream) {
  const lines = createInterface({ input: output })
  let url = ''
  for await (const line of lines) {
    url = /ready at (https:\S+)/.exec(line)?.[1] ?? url
    const [, pages] = /Argo's API is at (\S+)/.exec(line) ?? []
    if (pages !== undefined) {
      output.resume()
      return { url, pages }
    }
  }
  throw new Error('the server ended before it was ready')
}

function credentials(path: string): { readonly token: string; readonly ca: string } {
  const text = readFileSync(path, 'utf8')
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? ''
  const ca = Buffer.from(field('certificate-authority-data'), 'base64').toString()
  return { token: field('token'), ca }
}
