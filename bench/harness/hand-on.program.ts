import { mkdirSync } from 'node:fs'
import { removeStateDir } from '@argosy/cluster'
import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { openWorld } from './world.ts'

/** One step makes a file of this size, four others get it: the whole product, in sandboxes. */
export interface HandOnOrder {
  readonly dir: string
  readonly bytes: number
  readonly consumers: number
}

const order = JSON.parse(process.argv[2] ?? '') as HandOnOrder
const dir = `${order.dir}/data`
mkdirSync(dir)
await run({ ...order, bytes: 2 ** 21 })
const ms = await run(order)
process.stdout.write(JSON.stringify({ ms }))
await removeStateDir(dir)
process.exit(0)

/** Milliseconds from the end of the file's maker until the last of the others has ended. */
async function run({ bytes, consumers }: HandOnOrder): Promise<number> {
  await using world = await openWorld('sandbox', dir)
  const { client } = world
  const stop = new AbortController()
  const heard = ends(client, consumers + 1, stop.signal)
  const { name = '' } = await client.create(resources.workflows, workflow(bytes, consumers))
  const times = await heard
  stop.abort()
  const ref = { resource: resources.workflows, namespace: 'default', name }
  const { status } = (await client.get<Workflow>(ref)) ?? {}
  if (status?.phase === 'Failed' || status?.phase === 'Error') throw new Error(status.message)
  await client.remove(ref)
  return (times.at(-1) ?? 0) - (times[0] ?? 0)
}

/** When the first so many pods succeeded, as a watcher hears of it. */
async function ends(client: Client, count: number, signal: AbortSignal): Promise<number[]> {
  const times = new Map<string, number>()
  for await (const batch of client.watch<Pod>({ resource: resources.pods }, signal)) {
    for (const { object } of batch) {
      const { name = '' } = object.metadata
      const isNew = object.status?.phase === 'Succeeded' && !times.has(name)
      if (isNew) times.set(name, performance.now())
    }
    if (times.size === count) break
  }
  return [...times.values()]
}

function workflow(bytes: number, consumers: number): KubeObject {
  // Whole, but made in no time: what is measured is what comes after it.
  const make = `truncate -s ${bytes} /srv/large`
  const artifact = { name: 'large', path: '/srv/large' }
  const from = '{{steps.make.outputs.artifacts.large}}'
  const use = {
    ...{ name: 'use', template: 'use', withSequence: { count: String(consumers) } },
    arguments: { artifacts: [{ name: 'large', from }] },
  }
  const check = `test $(stat -c %s /srv/large) = ${bytes}`
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'hand-on-', namespace: 'default' },
    spec: {
      entrypoint: 'main',
      templates: [
        { name: 'main', steps: [[{ name: 'make', template: 'make' }], [use]] },
        {
          ...{ name: 'make', outputs: { artifacts: [artifact] } },
          container: { image: 'alpine', command: ['sh', '-c', make] },
        },
        {
          ...{ name: 'use', inputs: { artifacts: [artifact] } },
          container: { image: 'alpine', command: ['sh', '-c', check] },
        },
      ],
    },
  } as KubeObject
}
