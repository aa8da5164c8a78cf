import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { removeStateDir } from '@argosy/cluster'
import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import { type Client, type Ref, resources } from '@argosy/kube'
import { bytesWritten, childCpu } from './cpu.ts'
import { dagChain, fanOut, items, layers, stepsChain } from './manifests.ts'
import { percentile, type Sample } from './samples.ts'
import type { WorkflowsOrder } from './workflows.ts'
import { openWorld } from './world.ts'

/** A process of its own that runs workflows one after the other and prints what they cost. */
const order = JSON.parse(process.argv[2] ?? '') as WorkflowsOrder
const dir = `${order.dir}/data`
mkdirSync(dir)
const sample = await measure(order)
process.stdout.write(JSON.stringify({ ...sample, logBytesEach: logBytes(order) }))
await removeStateDir(dir)
process.exit(0)

async function measure({ steps, count, times = 1, warm = 0, reader }: WorkflowsOrder) {
  await using world = await openWorld(steps, dir)
  const { client } = world
  if (warm > 0) await run(client, { ...order, count: warm })
  const stop = new AbortController()
  const reading = reader ? readSlowly(client, stop.signal) : undefined
  const links = await followLinks(client, stop.signal)
  const begin = { at: performance.now(), bytes: bytesWritten(), children: childCpu() }
  const cpu = process.cpuUsage()
  for (let time = 0; time < times; time++) await run(client, order)
  const { user, system } = process.cpuUsage(cpu)
  const ms = performance.now() - begin.at
  const each = 1 / (count * times)
  const childMs = (childCpu() - begin.children) * 1000
  const writtenEach = (bytesWritten() - begin.bytes) * each
  stop.abort()
  await reading
  const gaps = links.gaps()
  return {
    perSecond: 1000 / (ms * each),
    msEach: ms * each,
    cpuMsEach: ((user + system) / 1000) * each,
    systemMsEach: (system / 1000) * each,
    childCpuMsEach: childMs * each,
    writtenEach,
    rssMb: process.memoryUsage().rss / 1e6,
    peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
    ...(gaps.length > 0 && { p50: percentile(gaps, 0.5), p99: percentile(gaps, 0.99) }),
  } satisfies Sample
}

/** Submits one workflow and waits for its end. */
async function run(client: Client, { shape, count, body, parallelism }: WorkflowsOrder) {
  const shapes: Record<WorkflowsOrder['shape'], () => KubeObject> = {
    steps: () => stepsChain(count),
    dag: () => dagChain(count),
    'fan-out': () => fanOut(count, body, parallelism),
    items: () => items(count),
    layers: () => layers(count, body),
  }
  const { name = '' } = await client.create(resources.workflows, shapes[shape]())
  const query = {
    resource: resources.workflows,
    labelSelector: 'workflows.argoproj.io/completed=true',
    fieldSelector: `metadata.name=${name}`,
  }
  for await (const _ of client.watch(query, new AbortController().signal)) break
  const ref: Ref = { resource: resources.workflows, namespace: 'default', name }
  const { status } = (await client.get<Workflow>(ref)) ?? {}
  const nodes = Object.values(status?.nodes ?? {})
  const leaves = nodes.filter(({ type }) => type === 'Pod' || type === 'Suspend')
  const good = leaves.filter(({ phase }) => phase === 'Succeeded').length
  if (status?.phase === 'Succeeded' && good === count) return
  throw new Error(`${name}: ${status?.phase} ${status?.message}, ${good} of ${count} succeeded`)
}

/** The times between one pod's durable end and the next one's, as a watcher sees them who comes now. */
async function followLinks(
  client: Client,
  signal: AbortSignal,
): Promise<{ gaps(): readonly number[] }> {
  const ends: number[] = []
  const { items, resourceVersion } = await client.list<Pod>({ resource: resources.pods })
  // Released afterwards, a pod that is over is heard of once more.
  const over = new Set(items.map(({ metadata }) => metadata.name))
  const follow = async () => {
    const query = { resource: resources.pods, resourceVersion }
    for await (const batch of client.watch<Pod>(query, signal)) {
      const now = performance.now()
      for (const { name, object } of batch) {
        if (object.status?.phase !== 'Succeeded' || over.has(name)) continue
        over.add(name)
        ends.push(now)
      }
    }
  }
  if (order.links) void follow()
  return { gaps: () => ends.slice(1).map((end, index) => end - (ends[index] ?? 0)) }
}

/** As somebody with `kubectl get -w` and a slow terminal: the whole object, twice a second. */
async function readSlowly(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(500, undefined, { signal }).catch(() => undefined)
    const { items } = await client.list<Workflow>({
      resource: resources.workflows,
      labelSelector: 'workflows.argoproj.io/completed!=true',
    })
    for (const { status } of items) void Object.keys(status?.nodes ?? {}).length
  }
}

/** What the log's rows hold, for each node: without pages, indexes and frames. */
function logBytes({ count, times = 1, warm = 0 }: WorkflowsOrder): number {
  using database = new DatabaseSync(join(dir, 'store.db'), { readOnly: true })
  const sum = database.prepare('SELECT sum(octet_length(body)) AS bytes FROM log').get()
  return Number(sum?.['bytes'] ?? 0) / (count * times + warm)
}
