import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Client, type HandClock, handClock, resources } from '@argosy/kube'
import { localClient, Store } from '../../packages/cluster/src/index.ts'
import {
  type ArgoServerOptions,
  SqliteArchive,
  startArchiver,
  startArgoServer,
} from '../../packages/server/src/index.ts'

interface Answer {
  readonly code: number
  readonly headers: Headers
  readonly text: string
  /** The body, when it is a JSON object. */
  readonly json: JsonObject
}

interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body?: object | string
}

/** Argo's API over a Kubernetes in memory; time stands still. */
export interface ArgoApi extends AsyncDisposable {
  readonly client: Client
  readonly clock: HandClock
  readonly url: string
  readonly log: string[]
  ask(path: string, ask?: Ask): Promise<Answer>
  /** Reads a stream's pieces of text as long as `body` runs. */
  streaming(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: (next: () => Promise<string>) => Promise<void>,
  ): Promise<void>
}

export const rights = { none: 'none', admin: 'admin' } as const

type Given = Partial<ArgoServerOptions>

interface GivenWorld {
  readonly client: Client
  readonly store: Store
  readonly clock: HandClock
}

export async function openArgoApi(
  given: Given | ((world: GivenWorld) => Given | Promise<Given>) = {},
  { archived = false } = {},
): Promise<ArgoApi> {
  const store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  const clock = handClock()
  const client = localClient({ store, clock })
  const options = typeof given === 'function' ? await given({ client, store, clock }) : given
  const log: string[] = []
  const archive = new SqliteArchive(':memory:')
  const archiver = await startArchiver({ client, clock, archive, log: (line) => log.push(line) })
  const server = await startArgoServer({
    ...{ client, clock, host: '127.0.0.1', port: 0, modes: ['server'] },
    ownIdentity: { user: rights.admin, groups: [] },
    authenticate: async ({ headers }) => {
      const user = /^Bearer (none|admin)$/.exec(headers.authorization ?? '')?.[1]
      return user === undefined ? undefined : { user, groups: [] }
    },
    authorize: async ({ identity }) => ({ allowed: identity.user === rights.admin, reason: '' }),
    version: '1.2.3',
    log: (line) => log.push(line),
    ...(archived && { archive }),
    ...options,
  })
  const send = (path: string, { method = 'GET', headers = {}, body }: Ask, signal?: AbortSignal) =>
    fetch(`${server.url}${path}`, {
      ...{ method, headers, redirect: 'manual' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  return {
    ...{ client, clock, log, url: server.url },
    ask: async (path, ask = {}) => {
      const response = await send(path, ask)
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.startsWith('application/json')
      const isOne = isJson && text !== '' && !text.trim().includes('\n')
      const json = isOne ? (JSON.parse(text) as JsonObject) : {}
      return { code: response.status, headers: response.headers, text, json }
    },
    streaming: async (path, headers, body) => {
      const stop = new AbortController()
      const response = await send(path, { headers }, stop.signal)
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      try {
        await body(async () => (await reader?.read())?.value ?? '')
      } finally {
        stop.abort()
        await reader?.cancel().catch(() => undefined)
      }
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await archiver[Symbol.asyncDispose]()
      await archive[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

export const inDefault = '/api/v1/workflows/default'

const argo = (kind: string) => ({ apiVersion: 'argoproj.io/v1alpha1', kind })

export const hello = {
  entrypoint: 'main',
  templates: [{ name: 'main', container: { image: 'busybox', command: ['true'] } }],
}

export function workflow(name: string, more: object = {}): KubeObject {
  const metadata = { name, namespace: 'default' }
  return { ...argo('Workflow'), metadata, ...{ spec: hello, ...more } }
}

/** Puts a workflow there as a controller has left it. */
export async function put(client: Client, name: string, more: object = {}): Promise<void> {
  await client.create(resources.workflows, workflow(name, more))
}
