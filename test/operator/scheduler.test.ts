import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import { type Client, handClock, resources } from '@argosy/kube'
import { onlyOn } from '@argosy/kube/placement'
import { describe, expect, it } from 'vitest'
import { localClient, Store } from '../../packages/cluster/src/index.ts'
import { startScheduler, startTaintEviction } from '../../packages/operators/src/built-in.ts'

class Yard implements AsyncDisposable {
  readonly clock = handClock()
  readonly client: Client = localClient({
    store: new Store({
      fatal: (error) => {
        throw error
      },
    }),
    clock: this.clock,
  })
  readonly #open = new AsyncDisposableStack()

  start(what: typeof startScheduler): void {
    this.#open.use(what({ client: this.client, clock: this.clock }))
  }

  async node(name: string, spec: JsonObject = {}, allocatable: JsonObject = {}): Promise<void> {
    const conditions = [{ type: 'Ready', status: 'True' }]
    const metadata = { name, labels: { 'kubernetes.io/hostname': name, [`is-${name}`]: 'yes' } }
    const object = { apiVersion: 'v1', kind: 'Node', metadata, spec }
    await this.client.create(resources.nodes, object as unknown as KubeObject)
    const status = { conditions, allocatable: { cpu: '4', pods: '110', ...allocatable } }
    const ref = { resource: resources.nodes, name }
    await this.client.patch(ref, { type: 'merge', subresource: 'status', body: { status } })
  }

  async pod(name: string, spec: object = {}): Promise<void> {
    const object = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } },
      spec: { containers: [{ name: 'main', image: 'i' }], ...spec },
    }
    await this.client.create(resources.pods, object as KubeObject)
  }

  async change(name: string, spec: JsonObject): Promise<void> {
    const ref = { resource: resources.nodes, name }
    await this.client.patch(ref, { type: 'merge', body: { spec } })
  }

  /** Where each pod is, or why it is nowhere. */
  async where(): Promise<Readonly<Record<string, string>>> {
    const { items } = await this.client.list<Pod>({ resource: resources.pods })
    const place = ({ spec, status }: Pod) => spec.nodeName ?? status?.conditions?.[0]?.message
    return Object.fromEntries(items.map((pod) => [pod.metadata.name, place(pod)]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open[Symbol.asyncDispose]()
  }
}

const cpu = (amount: string) => ({
  containers: [{ name: 'main', image: 'i', resources: { requests: { cpu: amount } } }],
})

describe('the scheduler', () => {
  it('gives pods the nodes that they ask for, and the others to who has fewest', async () => {
    await using yard = new Yard()
    await yard.node('a')
    await yard.node('b')
    await yard.pod('picky', { nodeSelector: { 'is-b': 'yes' } })
    await yard.pod('one')
    await yard.pod('two')
    yard.start(startScheduler)
    await expect.poll(() => yard.where()).toEqual({ picky: 'b', one: 'a', two: 'a' })
  })

  it('counts what is asked for, and tells the first that there is no more', async () => {
    await using yard = new Yard()
    await yard.node('a')
    await yard.node('b')
    for (const name of ['one', 'two', 'three']) await yard.pod(name, cpu('3'))
    yard.start(startScheduler)
    await expect
      .poll(() => yard.where())
      .toEqual({
        ...{ one: 'a', two: 'b' },
        three: '0/2 nodes are available: 2 Insufficient cpu.',
      })
  })

  it('lets a pod that fits pass one that does not', async () => {
    await using yard = new Yard()
    await yard.node('a')
    await yard.pod('big', cpu('9'))
    await yard.pod('small', cpu('1'))
    yard.start(startScheduler)
    await expect
      .poll(() => yard.where())
      .toEqual({
        big: '0/1 nodes are available: 1 Insufficient cpu.',
        small: 'a',
      })
  })

  it('keeps pods of one claim together, before its volume is there and after', async () => {
    await using yard = new Yard()
    await yard.node('a')
    await yard.node('b')
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }]
    for (const name of ['one', 'two']) await yard.pod(name, { volumes })
    await yard.pod('other')
    yard.start(startScheduler)
    await expect.poll(() => yard.where()).toEqual({ one: 'a', two: 'a', other: 'b' })
    const spec = { claimRef: { namespace: 'default', name: 'late' }, nodeAffinity: onlyOn('b') }
    const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v' }, spec }
    await yard.client.create(resources.persistentVolumes, volume as KubeObject)
    for (const name of ['three', 'four']) {
      await yard.pod(name, {
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'late' } }],
      })
    }
    await expect.poll(() => yard.where()).toMatchObject({ three: 'b', four: 'b' })
  })

  it('looks again when a node opens', async () => {
    await using yard = new Yard()
    await yard.node('a', { unschedulable: true })
    await yard.pod('one')
    yard.start(startScheduler)
    await expect
      .poll(() => yard.where())
      .toEqual({
        one: '0/1 nodes are available: 1 node(s) were unschedulable.',
      })
    await yard.change('a', { unschedulable: null })
    await expect.poll(() => yard.where()).toEqual({ one: 'a' })
  })
})

describe('a node that drives pods out', () => {
  const drive = { taints: [{ key: 'out', effect: 'NoExecute' }] }
  const names = async ({ client }: Yard) =>
    (await client.list<Pod>({ resource: resources.pods })).items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name)

  it('is left by who does not tolerate it at once, and by others when their time is over', async () => {
    await using yard = new Yard()
    await yard.node('a')
    const stays = (more: object) => ({
      nodeName: 'a',
      tolerations: [{ key: 'out', operator: 'Exists', ...more }],
    })
    await yard.pod('leaves', { nodeName: 'a' })
    await yard.pod('stays', stays({}))
    await yard.pod('a-while', stays({ tolerationSeconds: 30 }))
    await yard.pod('elsewhere', { nodeName: 'b' })
    yard.start(startTaintEviction)
    await yard.change('a', drive)
    await expect.poll(() => names(yard)).toEqual(['a-while', 'elsewhere', 'stays'])
    await expect
      .poll(() => {
        yard.clock.advance(10_000)
        return names(yard)
      })
      .toEqual(['elsewhere', 'stays'])
  })
})
