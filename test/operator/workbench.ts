import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import { type Client, type HandClock, handClock, type Ref, resources } from '@argosy/kube'
import { localClient, Store } from '../../packages/cluster/src/index.ts'
import type { Engine } from '../../packages/operators/src/index.ts'
import { startWorkflowOperator } from '../../packages/operators/src/index.ts'

/** A server in memory, a clock that stands still, and pods that end when the test says so. */
export interface Workbench extends AsyncDisposable {
  readonly client: Client
  readonly clock: HandClock
  readonly log: string[]
  operator(engine: Engine, client?: Client): Promise<AsyncDisposable>
  /** One whose client will stop answering: nobody waits for its end. */
  doomedOperator(engine: Engine, client: Client): Promise<void>
  submit(name: string, chain: number, more?: Partial<Workflow>): Promise<void>
  workflow(name: string): Promise<Workflow>
  /** Resolves when the Workflow satisfies the test. */
  until(name: string, test: (workflow: Workflow) => boolean): Promise<Workflow>
  /** Every pod succeeds as soon as it is there; returns the names of all that ever were. */
  succeedAll(): string[]
  pods(): Promise<readonly Pod[]>
  events(): Promise<readonly string[]>
}

export function workbench(): Workbench {
  const store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  const clock = handClock()
  const client = localClient({ store, clock })
  const stop = new AbortController()
  const log: string[] = []
  const open: AsyncDisposable[] = []
  return {
    client,
    clock,
    log,
    async operator(engine, through = client) {
      const options = { client: through, clock, engine, log: (line: string) => log.push(line) }
      const operator = await startWorkflowOperator(options)
      open.push(operator)
      return operator
    },
    async doomedOperator(engine, through) {
      await startWorkflowOperator({ client: through, clock, engine })
    },
    async submit(name, chain, more = {}) {
      const metadata = { name, namespace: 'default', ...more.metadata }
      const spec = { chain, ...more.spec }
      const { apiVersion, kind } = identity
      await client.create(resources.workflows, { apiVersion, kind, metadata, spec } as KubeObject)
    },
    async workflow(name) {
      const found = await client.get<Workflow>(workflowRef(name))
      if (!found) throw new Error(`no workflow ${name}`)
      return found
    },
    async until(name, test) {
      const fieldSelector = `metadata.name=${name}`
      const query = { resource: resources.workflows, fieldSelector }
      for await (const batch of client.watch<Workflow>(query, stop.signal)) {
        const hit = batch.find((event) => test(event.object))
        if (hit) return hit.object
      }
      throw new Error('the watch ended')
    },
    succeedAll: () => succeedAll(client, stop.signal),
    pods: async () => (await client.list<Pod>({ resource: resources.pods })).items,
    events: async () => {
      const { items } = await client.list<KubeObject & { reason: string }>({
        resource: resources.events,
      })
      return items.map((event) => event.reason)
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      for (const operator of open) await operator[Symbol.asyncDispose]()
    },
  }
}

export const identity = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' }

export function workflowRef(name: string): Ref {
  return { resource: resources.workflows, namespace: 'default', name }
}

function succeedAll(client: Client, signal: AbortSignal): string[] {
  const seen: string[] = []
  const run = async () => {
    for await (const batch of client.watch<Pod>({ resource: resources.pods }, signal)) {
      for (const { type, namespace, name } of batch) {
        if (type !== 'ADDED') continue
        seen.push(name)
        const body = { status: { phase: 'Succeeded' } }
        await client.patch(
          { resource: resources.pods, namespace, name },
          { type: 'merge', subresource: 'status', body },
        )
      }
    }
  }
  run().catch(() => undefined)
  return seen
}
