import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { JsonObject } from '@argosy/engine'
import { type Client, ignore, resources, systemClock } from '@argosy/kube'
import type { Access } from '@argosy/kube/remote'
import { afterAll, beforeAll } from 'vitest'
import { Store } from '../../store/store.ts'
import { openAccess } from '../auth/access.ts'
import { argoDefinitions } from '../definitions/argo.table.ts'
import { registry } from '../kinds.ts'
import { localClient } from '../local-client.ts'
import { type ServerCertificate, serverCertificate } from './certificates.ts'
import { type ApiServer, type ApiServerOptions, startApiServer } from './start-api-server.ts'

interface Reply {
  readonly code: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** The body, when it is JSON. */
  readonly json: JsonObject
}

interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** An object is sent as JSON. */
  readonly body?: object | string | Buffer
  readonly type?: string
}

/** A server of one test file's own, and who asks it. */
export interface TestApi extends AsyncDisposable {
  readonly server: ApiServer
  readonly client: Client
  readonly store: Store
  readonly tls: ServerCertificate
  /** For a client of its own. */
  readonly access: Access
  ask(path: string, ask?: Ask): Promise<Reply>
  /** The answer's beginning; its body is read as it comes. */
  open(path: string, ask?: Ask, signal?: AbortSignal): Promise<IncomingMessage>
  /** Watches while `body` runs, giving it the events one at a time. */
  watching(path: string, body: (next: () => Promise<JsonObject>) => Promise<void>): Promise<void>
}

const token = 'secret'

/** One server for all tests of a file. */
export function testApi(options: Partial<ApiServerOptions> = {}): Omit<TestApi, symbol> {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi(options)
  })
  afterAll(() => api[Symbol.asyncDispose]())
  return {
    get server() {
      return api.server
    },
    get client() {
      return api.client
    },
    get store() {
      return api.store
    },
    get tls() {
      return api.tls
    },
    get access() {
      return api.access
    },
    ask: (...args) => api.ask(...args),
    open: (...args) => api.open(...args),
    watching: (...args) => api.watching(...args),
  }
}

export async function openTestApi(options: Partial<ApiServerOptions> = {}): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-api-'))
  const tls = await serverCertificate(folder, ['127.0.0.1'], Date.now())
  const store = options.store ?? new Store({ fatal })
  const kinds = registry()
  const client = localClient({ store, registry: kinds })
  for (const definition of argoDefinitions) {
    await client
      .create(resources.customResourceDefinitions, definition)
      .catch(ignore('AlreadyExists'))
  }
  const access = await openAccess({
    ...{ store, client, adminToken: token, ca: tls.ca },
    clock: options.clock ?? systemClock,
  })
  const server = await startApiServer({
    ...{ store, tls, registry: kinds, clock: systemClock, host: '127.0.0.1', port: 0 },
    ...access,
    ...options,
  })
  const agent = new Agent({ ca: tls.ca, keepAlive: true })
  const open: TestApi['open'] = (path, ask = {}, signal = undefined) =>
    send(`${server.url}${path}`, ask, { agent, signal })
  return {
    ...{ server, client, store, tls, open },
    access: { server: server.url, ca: tls.ca, authorization: async () => `Bearer ${token}` },
    ask: async (path, ask) => {
      const response = await open(path, ask)
      const body = await text(response)
      const isJson = response.headers['content-type']?.startsWith('application/json')
      return {
        code: response.statusCode ?? 0,
        headers: response.headers,
        text: body,
        json: isJson ? (JSON.parse(body) as JsonObject) : {},
      }
    },
    watching: (path, body) => watching(open, path, body),
    [Symbol.asyncDispose]: async () => {
      agent.destroy()
      await server[Symbol.asyncDispose]()
      // One that was given is its giver's.
      if (options.store === undefined) await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function fatal(error: Error): never {
  throw error
}

function send(
  url: string,
  { method = 'GET', headers = {}, body, type = 'application/json' }: Ask,
  { agent, signal }: { readonly agent: Agent; readonly signal: AbortSignal | undefined },
): Promise<IncomingMessage> {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ...{ method, agent },
        ...(signal && { signal }),
        headers: {
          authorization: `Bearer ${token}`,
          ...(payload !== undefined && {
            'content-type': type,
            'content-length': Buffer.byteLength(payload),
          }),
          ...headers,
        },
      },
      resolve,
    )
    sent.on('error', reject)
    sent.end(payload)
  })
}

async function watching(
  open: TestApi['open'],
  path: string,
  body: (next: () => Promise<JsonObject>) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const response = await open(path, {}, stop.signal)
  response.on('error', () => undefined)
  const lines = linesOf(response)
  try {
    await body(async () => {
      const { value } = await lines.next()
      if (value === undefined) throw new Error('the watch ended')
      return JSON.parse(value) as JsonObject
    })
  } finally {
    stop.abort()
  }
}

/** A stream's lines, as they come. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let rest = ''
  for await (const chunk of response) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  return undefined
}

/** Where things of the default namespace are. */
export const inDefault = '/api/v1/namespaces/default'
export const workflowsPath = '/apis/argoproj.io/v1alpha1/namespaces/default/workflows'

export function configMap(name: string, more: object = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more }
}
