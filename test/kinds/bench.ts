import type { JsonObject, KubeObject, Parameter, Pod, StepPlan } from '@argosy/engine'
import { type Client, type HandClock, handClock, type Resource, resources } from '@argosy/kube'
import { localClient, Store } from '../../packages/cluster/src/index.ts'
import type { BuiltInCall, Drivers } from '../../packages/executor/src/index.ts'

/** A server in memory, and calls of our own programs as a node would make them. */
export interface Bench {
  readonly client: Client
  readonly clock: HandClock
  get(resource: Resource, name: string): Promise<KubeObject | undefined>
  create(resource: Resource, name: string, more?: JsonObject): Promise<void>
  /** One container: what it remembers and its files stay from call to call. */
  container(template: StepPlan['template'], more?: Partial<BuiltInCall>): Container
}

export interface Container {
  readonly files: Map<string, string>
  readonly printed: string[]
  readonly logged: string[]
  /** The program's next run; every one after the first is a repetition. */
  call(more?: Partial<BuiltInCall>): BuiltInCall
}

export function bench(): Bench {
  const clock = handClock()
  const store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  const client = localClient({ store, clock })
  return {
    client,
    clock,
    get: (resource, name) => client.get({ resource, namespace: 'default', name }),
    async create(resource, name, more = {}) {
      const { kind, group, version } = resource
      const apiVersion = group === '' ? version : `${group}/${version}`
      const metadata = { name, namespace: 'default', ...(more['metadata'] as JsonObject) }
      await client.create(resource, { ...more, apiVersion, kind, metadata } as KubeObject)
    },
    container: (template, more) => containerOf({ client, clock }, template, more),
  }
}

function containerOf(
  { client, clock }: Pick<Bench, 'client' | 'clock'>,
  template: StepPlan['template'],
  given: Partial<BuiltInCall> = {},
): Container {
  const files = new Map<string, string>()
  const printed: string[] = []
  const logged: string[] = []
  let memory: string | undefined
  let runs = 0
  return {
    files,
    printed,
    logged,
    call: (more = {}) => ({
      pod,
      args: [],
      env: {},
      plan: { nodeId: 'n', template, archiveLocation: {}, includeResult: false },
      client,
      clock,
      drivers: {} as Drivers,
      startedAt: clock.now(),
      again: runs++ > 0,
      signal: new AbortController().signal,
      print: (text) => printed.push(text),
      log: (line) => logged.push(line),
      read: async (path) => files.get(path),
      write: async (path, text) => void files.set(path, text),
      recall: async () => memory,
      remember: async (text) => {
        memory = text
      },
      ...given,
      ...more,
    }),
  }
}

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'w-main-1',
    namespace: 'default',
    ownerReferences: [
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        name: 'w',
        uid: 'u',
        controller: true,
      },
    ],
  },
  spec: { containers: [{ name: 'main' }] },
}

/** Output parameters, by name the JSONPath or (with `jq:` before it) the jq filter. */
export function outputs(paths: Readonly<Record<string, string>>): {
  readonly parameters: readonly Parameter[]
} {
  const parameters = Object.entries(paths).map(([name, path]): Parameter => {
    const valueFrom = path.startsWith('jq:') ? { jqFilter: path.slice(3) } : { jsonPath: path }
    return { name, valueFrom }
  })
  return { parameters }
}

export { resources }
