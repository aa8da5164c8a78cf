import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { localClient, Store } from '@argosy/cluster'
import type { PatchOp } from '@argosy/engine'
import { type Client, type Ref, resources } from '@argosy/kube'
import type { Bench, Plan } from './harness/bench.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'

/** What the store costs, with FULL durability, against SQLite alone. */
export const store: Bench = {
  name: 'store',
  about: 'commits, rows and patches of large objects through the client',
  async run(plan) {
    const sizes = plan.quick ? [100, 1_000] : [100, 1_000, 10_000, 50_000]
    const few = plan.quick ? 200 : 2_000
    const many = plan.quick ? 2_000 : 40_000
    const runs = await interleave(plan, {
      limit: () => plainSqlite(plan, few),
      single: () => withStore(plan, (client) => writers(client, few, 1)),
      batched: () => withStore(plan, (client) => writers(client, many, 500)),
      ...Object.fromEntries(
        sizes.map((nodes) => [
          `patch ${nodes}`,
          () => withStore(plan, (client) => patches(client, nodes, few)),
        ]),
      ),
    })
    const all: Readonly<Record<string, readonly Sample[]>> = runs
    const micros = sizes.map((nodes) => middle(all[`patch ${nodes}`] ?? [], 'cpuMsEach') * 1000)
    const commits = ratio([runs.single, 'perSecond'], [runs.limit, 'perSecond'])
    return {
      figures: { sizes, ...spreads(runs) },
      verdicts: [
        { what: 'one writer who waits', value: commits, unit: '× SQLite' },
        { what: 'rows written together', value: middle(runs.batched, 'perSecond'), unit: 'per s' },
        { what: 'patch of a node: CPU at worst', value: Math.max(...micros), unit: 'µs' },
        {
          ...{ what: 'patch of a node: growth', value: (micros.at(-1) ?? 0) / (micros[0] ?? 1) },
          ...{ unit: `${sizes.at(-1)} ÷ ${sizes[0]}`, must: { most: 2 }, goal: { most: 1.3 } },
        },
      ],
    }
  },
}

/** One synced row after the other. */
function plainSqlite({ dir }: Plan, count: number): Sample {
  using database = new DatabaseSync(join(mkdtempSync(`${dir}/sqlite-`), 'plain.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE log (revision INTEGER PRIMARY KEY, body TEXT NOT NULL)')
  const insert = database.prepare('INSERT INTO log VALUES (?, ?)')
  const body = JSON.stringify(configMap('plain'))
  const begin = performance.now()
  for (let index = 1; index <= count; index++) insert.run(index, body)
  return rate(count, performance.now() - begin)
}

async function withStore(
  { dir }: Plan,
  work: (client: Client) => Promise<Sample>,
): Promise<Sample> {
  await using store = new Store({ directory: mkdtempSync(`${dir}/store-`), fatal: fail })
  return await work(localClient({ store }))
}

function fail(error: Error): never {
  throw error
}

/** Objects of 1 KB, submitted `at` at a time. */
async function writers(client: Client, count: number, at: number): Promise<Sample> {
  const begin = performance.now()
  for (let index = 0; index < count; index += at) {
    const names = Array.from({ length: at }, (_, offset) => `object-${index + offset}`)
    await Promise.all(names.map((name) => client.create(resources.configMaps, configMap(name))))
  }
  return rate(count, performance.now() - begin)
}

/** Nodes of a Workflow that end, 50 in one turn. */
async function patches(client: Client, nodes: number, count: number): Promise<Sample> {
  const ref: Ref = { resource: resources.workflows, namespace: 'default', name: 'workflow' }
  await client.create(ref.resource, workflow(nodes))
  const round = async (from: number, upTo: number) => {
    for (let index = from; index < upTo; index += 50) {
      const turn = Array.from({ length: 50 }, (_, offset) =>
        client.patch(ref, { type: 'json', body: completion(index + offset, nodes) }),
      )
      await Promise.all(turn)
    }
  }
  await round(0, count)
  const cpu = process.cpuUsage()
  const begin = performance.now()
  await round(count, count * 10)
  const { user, system } = process.cpuUsage(cpu)
  const patched = count * 9
  return {
    ...rate(patched, performance.now() - begin),
    cpuMsEach: (user + system) / 1000 / patched,
  }
}

function rate(count: number, ms: number): Sample {
  return { perSecond: (count * 1000) / ms, msEach: ms / count }
}

function completion(index: number, nodes: number): readonly PatchOp[] {
  const path = `/status/nodes/node-${(index * 7) % nodes}`
  return [
    { op: 'replace', path: `${path}/phase`, value: `Succeeded-${index}` },
    { op: 'add', path: `${path}/finishedAt`, value: `2026-01-01T00:00:${index}Z` },
  ]
}

function configMap(name: string) {
  const metadata = { name, namespace: 'default', labels: { app: 'bench' } }
  const data = { text: 'x'.repeat(700) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as never
}

function workflow(count: number) {
  const ids = Array.from({ length: count }, (_, index) => `node-${index}`)
  const nodes = Object.fromEntries(ids.map((id) => [id, node(id)]))
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'workflow', namespace: 'default' },
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
