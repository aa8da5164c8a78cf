import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { localClient, Store } from '@argosy/cluster'
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

/** What completing one node costs in a Workflow of so many nodes: alone, and with 50 completions per turn. */
async function patches(client: Client, nodes: number): Promise<object> {
  const name = `wf-${nodes}`
  const ref: Ref = { resource: resources.workflows, namespace: 'default', name }
  await client.create(ref.resource, workflow(name, nodes))
  const count = 5_000
  await rounds(client, ref, nodes, { count: 1_000, at: 50 })
  const batched = await rounds(client, ref, nodes, { count: count * 4, at: 50 })
  const alone = await rounds(client, ref, nodes, { count, at: 1 })
  return { batched, alone }
}

async function rounds(
  client: Client,
  ref: Ref,
  nodes: number,
  { count, at }: { count: number; at: number },
) {
  const cpu = process.cpuUsage()
  const seconds = await timed(async () => {
    for (let index = 0; index < count; index += at) {
      const turn = Array.from({ length: at }, (_, offset) =>
        client.patch(ref, { type: 'json', body: completion(index + offset, nodes) }),
      )
      await Promise.all(turn)
    }
  })
  const { user, system } = process.cpuUsage(cpu)
  const per = (micros: number) => Math.round((micros / count) * 10) / 10
  return { wall: per(seconds * 1e6), cpu: per(user + system) }
}

function completion(index: number, nodes: number) {
  const id = `node-${index % nodes}`
  const value = index % 2 === 0 ? 'Succeeded' : 'Running'
  return [
    { op: 'replace', path: `/status/nodes/${id}/phase`, value: `${value}-${index}` },
    { op: 'add', path: `/status/nodes/${id}/finishedAt`, value: `2026-01-01T00:00:${index}Z` },
    { op: 'add', path: `/status/nodes/${id}-${index}`, value: node(`${id}-${index}`) },
    { op: 'add', path: '/status/nodes/root/children/-', value: `${id}-${index}` },
  ] as const
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
