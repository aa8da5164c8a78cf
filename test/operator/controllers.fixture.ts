import type { KubeObject, Pod } from '@argosy/engine'
import { type Client, type Resource, resources } from '@argosy/kube'
import type { KeeperOptions } from '@argosy/kube/workload'
import { eventually, type Machine, machine } from '../../packages/cluster/src/node/fixture.ts'

export interface Any extends KubeObject {
  readonly spec?: Record<string, unknown>
  readonly status?: Record<string, unknown>
}

/** A machine with a node and controllers, for one test. */
export interface World extends AsyncDisposable {
  readonly machine: Machine
  readonly client: Client
  readonly log: string[]
  create(resource: Resource, name: string, spec: object, more?: object): Promise<void>
  get(resource: Resource, name: string): Promise<Any | undefined>
  all(resource: Resource): Promise<readonly Any[]>
  pods(): Promise<readonly Pod[]>
  edit(resource: Resource, name: string, body: object): Promise<void>
  /** Waits until `check` holds, turning the clock a little each time it looks. */
  until(check: () => Promise<boolean> | boolean): Promise<void>
}

type Start = (options: KeeperOptions) => AsyncDisposable

export async function world(
  starts: readonly Start[],
  program: Parameters<typeof machine>[0] = () => 0,
): Promise<World> {
  const open = new AsyncDisposableStack()
  const one = open.use(await machine(program))
  const { client, clock } = one
  const log: string[] = []
  await one.start()
  for (const start of starts) open.use(start({ client, clock, log: (line) => log.push(line) }))
  const ref = (resource: Resource, name: string) =>
    resource.namespaced ? { resource, namespace: 'default', name } : { resource, name }
  const all = async (resource: Resource) => (await client.list<Any>({ resource })).items
  return {
    machine: one,
    client,
    log,
    all,
    async create(resource, name, spec, more = {}) {
      const { group, version, kind } = resource
      const apiVersion = group === '' ? version : `${group}/${version}`
      const object = { apiVersion, kind, metadata: { name, namespace: 'default' }, spec, ...more }
      await client.create(resource, object as KubeObject)
    },
    get: (resource, name) => client.get<Any>(ref(resource, name)),
    pods: async () => (await client.list<Pod>({ resource: resources.pods })).items,
    async edit(resource, name, body) {
      await client.patch(ref(resource, name), { type: 'merge', body: body as never })
    },
    async until(check) {
      await eventually(async () => {
        if (await check()) return true
        if (clock.waiting > 0) clock.advance(100)
        return false
      })
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** After so many writes nothing is done any more, and nobody hears of it. */
export function dyingAfter(effects: number, client: Client, end?: AbortSignal): Client {
  let left = effects
  const write = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> =>
      left-- > 0 && !end?.aborted ? call(...args) : new Promise<R>(() => undefined)
  }
  return {
    get: (ref, signal) => client.get(ref, signal),
    list: (query, signal) => client.list(query, signal),
    watch: (query, signal) => client.watch(query, signal),
    create: write((...args) => client.create(...args)),
    update: write((...args) => client.update(...args)),
    patch: write((...args) => client.patch(...args)),
    remove: write((...args) => client.remove(...args)),
  }
}

export const template = (labels: object = {}, more: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'busybox', command: ['true'] }], ...more },
})

export function isTrue(object: Any | undefined, type: string): boolean {
  const conditions = (object?.status?.['conditions'] ?? []) as readonly {
    readonly type: string
    readonly status: string
  }[]
  return conditions.some((one) => one.type === type && one.status === 'True')
}
