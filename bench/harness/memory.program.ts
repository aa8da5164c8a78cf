import { mkdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { fanOut, suspended } from './manifests.ts'
import { heapMb, settledMemory } from './rss.ts'
import type { Sample } from './samples.ts'
import { openWorld } from './world.ts'

export interface MemoryOrder {
  readonly dir: string
  /** So many workflows of one suspended node each… */
  readonly workflows: number
  /** …or one workflow of so many suspended nodes. */
  readonly nodes: number
}

/** A process of its own that fills the product with live workflows, and empties it again. */
const order = JSON.parse(process.argv[2] ?? '') as MemoryOrder
process.stdout.write(JSON.stringify(await measure(order)))
process.exit(0)

async function measure({ dir, workflows, nodes }: MemoryOrder): Promise<Sample> {
  const data = `${dir}/data`
  mkdirSync(data)
  await using world = await openWorld('process', data)
  const { client } = world
  const idle = await settledMemory()
  const idleHeapMb = heapMb()
  const count = nodes || workflows
  if (nodes > 0) await client.create(resources.workflows, fanOut(nodes, 'suspend forever'))
  else await createMany(client, workflows)
  await untilLive(client, count)
  const full = await settledMemory()
  const fullHeapMb = heapMb()
  await removeAll(client)
  const empty = await settledMemory()
  return {
    ...{ idleMb: idle.rssMb, fullMb: full.rssMb, emptyMb: empty.rssMb },
    ...{ idleOwnMb: idle.ownMb, fullOwnMb: full.ownMb, emptyOwnMb: empty.ownMb },
    ...{ idleHeapMb, fullHeapMb, emptyHeapMb: heapMb() },
    kbEach: ((full.ownMb - idle.ownMb) * 1000) / count,
    heapKbEach: ((fullHeapMb - idleHeapMb) * 1000) / count,
    afterDeletion: empty.rssMb / idle.rssMb,
  }
}

async function createMany(client: Client, count: number): Promise<void> {
  for (let done = 0; done < count; done += 100) {
    const batch = Array.from({ length: Math.min(100, count - done) }, () =>
      client.create(resources.workflows, suspended()),
    )
    await Promise.all(batch)
  }
}

/** Every node runs, as the objects say. */
async function untilLive(client: Client, count: number): Promise<void> {
  for (;;) {
    const { items } = await client.list<Workflow>({ resource: resources.workflows })
    const live = items.reduce((sum, workflow) => sum + liveNodes(workflow), 0)
    if (live === count) return
    await delay(300)
  }
}

function liveNodes({ status }: Workflow): number {
  const nodes = Object.values(status?.nodes ?? {})
  return nodes.filter(({ type, phase }) => type === 'Suspend' && phase === 'Running').length
}

async function removeAll(client: Client): Promise<void> {
  const { items } = await client.list<Workflow>({ resource: resources.workflows })
  const names = items.map(({ metadata }) => metadata.name ?? '')
  for (let done = 0; done < names.length; done += 500) {
    const batch = names.slice(done, done + 500)
    const resource = resources.workflows
    await Promise.all(batch.map((name) => client.remove({ resource, namespace: 'default', name })))
  }
  while ((await client.list({ resource: resources.workflows })).items.length > 0) await delay(100)
}
