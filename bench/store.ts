import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { localClient, Store } from '@argosy/cluster'
import type { PatchOp } from '@argosy/engine'
import { type Client, type Ref, resources } from '@argosy/kube'

/** What the store costs: one JSON line. `node bench/store.ts` */
const directory = mkdtempSync(join(tmpdir(), 'argosy-bench-'))
try {
  console.log(JSON.stringify(await measure(directory)))
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function measure(directory: string): Promise<object> {
  const before = loadavg()[0]
  const store = new Store({ directory, fatal: fail })
  const client = localClient({ store })
  const single = await singleWriter(client, 2_000)
  const batched = await batchedWriters(client, 60_000, 500)
  const patchMicros: Record<string, object> = {}
  for (const nodes of [100, 1_000, 10_000, 50_000])
    patchMicros[nodes] = await patches(client, nodes)
  await store[Symbol.asyncDispose]()
  return {
    bench: 'store',
    node: process.version,
    cpus: cpus().length,
    load: [before, loadavg()[0]],
    singleCommitsPerSecond: single,
    batchedRowsPerSecond: batched,
    patchMicros,
    rssMegabytes: Math.round(process.memoryUsage().rss / 1e6),
  }
}

function fail(error: Error): never {
  throw error
}

/** One writer who waits for each write. */
async function singleWriter(client: Client, count: number): Promise<number> {
  const seconds = await timed(async () => {
    for (let index = 0; index < count; index++) await create(client, `single-${index}`)
  })
  return Math.round(count / seconds)
}

/** Writes submitted `at` at a time, 1 KB each. */
async function batchedWriters(client: Client, count: number, at: number): Promise<number> {
  const seconds = await timed(async () => {
    for (let index = 0; index < count; index += at) {
      const names = Array.from({ length: at }, (_, offset) => `batched-${index + offset}`)
      await Promise.all(names.map((name) => create(client, name)))
    }
  })
  return Math.round(count / seconds)
}

function create(client: Client, name: string) {
  return client.create(resources.configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', labels: { app: 'bench' } },
    data: { text: 'x'.repeat(700) },
  } as never)
}

/** Microseconds per patch of a Workflow of so many nodes, wall and CPU: alone, and with 50 patches per turn. */
async function patches(client: Client, nodes: number): Promise<object> {
  const name = `wf-${nodes}`
  const ref: Ref = { resource: resources.workflows, namespace: 'default', name }
  await client.create(ref.resource, workflow(name, nodes))
  await rounds(client, ref, { count: 2_000, at: 50, body: (index) => completion(index, nodes) })
  return {
    complete: await rounds(client, ref, {
      count: 20_000,
      at: 50,
      body: (index) => completion(index, nodes),
    }),
    completeAlone: await rounds(client, ref, {
      count: 2_000,
      at: 1,
      body: (index) => completion(index + 100_000, nodes),
    }),
    start: await rounds(client, ref, { count: 5_000, at: 50, body: growth }),
  }
}

interface Round {
  readonly count: number
  /** How many are submitted in one turn. */
  readonly at: number
  readonly body: (index: number) => readonly PatchOp[]
}

async function rounds(client: Client, ref: Ref, { count, at, body }: Round) {
  const cpu = process.cpuUsage()
  const seconds = await timed(async () => {
    for (let index = 0; index < count; index += at) {
      const turn = Array.from({ length: at }, (_, offset) =>
        client.patch(ref, { type: 'json', body: body(index + offset) }),
      )
      await Promise.all(turn)
    }
  })
  const { user, system } = process.cpuUsage(cpu)
  const per = (micros: number) => Math.round((micros / count) * 10) / 10
  return { wall: per(seconds * 1e6), user: per(user), system: per(system) }
}

/** One node of those that are there ends. */
function completion(index: number, nodes: number): readonly PatchOp[] {
  const path = `/status/nodes/node-${(index * 7) % nodes}`
  return [
    { op: 'replace', path: `${path}/phase`, value: `Succeeded-${index}` },
    { op: 'add', path: `${path}/finishedAt`, value: `2026-01-01T00:00:${index}Z` },
  ]
}

/** One more node appears below the root. */
function growth(index: number): readonly PatchOp[] {
  const id = `more-${index}`
  return [
    { op: 'add', path: `/status/nodes/${id}`, value: node(id) },
    { op: 'add', path: '/status/nodes/root/children/-', value: id },
  ]
}

function workflow(name: string, count: number) {
  const ids = Array.from({ length: count }, (_, index) => `node-${index}`)
  const nodes = Object.fromEntries(ids.map((id) => [id, node(id)]))
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'default' },
    spec: { entrypoint: 'main', templates: [] },
    status: { phase: 'Running', nodes: { ...nodes, root: { ...node('root'), children: ids } } },
  }
}

function node(id: string) {
  return {
    id,
    name: `workflow.${id}`,
    displayName: id,
    type: 'Pod',
    templateName: 'main',
    templateScope: 'local/workflow',
    phase: 'Running',
    boundaryID: 'root',
    startedAt: '2026-01-01T00:00:00Z',
    progress: '0/1',
    resourcesDuration: { cpu: 1, memory: 2 },
    outputs: { exitCode: '0', result: 'some result of the step that somebody will read' },
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
