import { resources } from '@argosy/kube'
import { startDaemonSetController, startStatefulSetController } from '@argosy/operators/built-in'
import { afterEach, expect, it } from 'vitest'
import { dyingAfter, template, type World, world } from './controllers.fixture.ts'

let here: World
afterEach(() => here[Symbol.asyncDispose]())

const { daemonSets, statefulSets } = resources
const runs = () => undefined
const selector = { matchLabels: { app: 's' } }
const spec = { replicas: 2, serviceName: 'svc', selector, template: template({ app: 's' }) }
/** The machine on which the world's pods run. */
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'here' } }
const changed = {
  spec: {
    template: { spec: { containers: [{ name: 'main', image: 'busybox', command: ['other'] }] } },
  },
}

async function isRolledOut(replicas: number): Promise<boolean> {
  const { status = {}, metadata } = (await here.get(statefulSets, 's')) ?? { metadata: undefined }
  const { observedGeneration, updatedReplicas, readyReplicas, currentRevision, updateRevision } =
    status
  const isCurrent =
    observedGeneration === metadata?.generation && currentRevision === updateRevision
  return isCurrent && updatedReplicas === replicas && readyReplicas === replicas
}

async function running(): Promise<readonly string[]> {
  return (await here.pods()).map(
    ({ metadata, spec: { containers } }) => `${metadata.name} ${containers[0]?.command?.join()}`,
  )
}

it('a StatefulSet comes in order, is updated and shrinks', async () => {
  here = await world([startStatefulSetController], runs)
  await here.create(statefulSets, 's', spec)
  await here.until(() => isRolledOut(2))
  expect(await running()).toEqual(['s-0 true', 's-1 true'])
  await here.edit(statefulSets, 's', changed)
  await here.until(async () => (await running()).join() === 's-0 other,s-1 other')
  await here.until(() => isRolledOut(2))
  expect(await here.all(resources.controllerRevisions)).toHaveLength(2)
  await here.edit(statefulSets, 's', { spec: { replicas: 1 } })
  await here.until(async () => (await running()).join() === 's-0 other')
  expect(here.log).toEqual([])
})

it.each([0, 1, 2, 3, 4, 5, 6])(
  'killed before effect %i, a StatefulSet makes nothing twice',
  async (effects) => {
    here = await world([], runs)
    const { client, machine } = here
    startStatefulSetController({ client: dyingAfter(effects, client), clock: machine.clock })
    await here.create(statefulSets, 's', spec)
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    await using _next = startStatefulSetController({ client, clock: machine.clock })
    await here.until(() => isRolledOut(2))
    expect(await running()).toEqual(['s-0 true', 's-1 true'])
    expect(await here.all(resources.controllerRevisions)).toHaveLength(1)
  },
)

it('a DaemonSet has one pod here, and another one after an update', async () => {
  here = await world([startDaemonSetController], runs)
  await here.client.create(resources.nodes, node)
  await here.create(daemonSets, 'd', { selector, template: template({ app: 's' }) })
  const isReady = async () => (await here.get(daemonSets, 'd'))?.status?.['numberReady'] === 1
  await here.until(isReady)
  const [before] = await here.pods()
  await here.edit(daemonSets, 'd', changed)
  await here.until(async () => (await running()).every((one) => one.endsWith('other')) && isReady())
  const pods = await here.pods()
  expect(pods).toHaveLength(1)
  expect(pods[0]?.metadata.uid).not.toBe(before?.metadata.uid)
  expect((await here.get(daemonSets, 'd'))?.status).toMatchObject({
    desiredNumberScheduled: 1,
    updatedNumberScheduled: 1,
  })
})
