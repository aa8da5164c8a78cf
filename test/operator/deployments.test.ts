import { type Resource, resources } from '@argosy/kube'
import { startDeploymentController, startReplicaSetController } from '@argosy/operators/built-in'
import { afterEach, describe, expect, it } from 'vitest'
import { dyingAfter, isTrue, template, type World, world } from './controllers.fixture.ts'

let here: World
afterEach(() => here[Symbol.asyncDispose]())

const { deployments, replicaSets } = resources
const all = [startDeploymentController, startReplicaSetController]
const runs = () => undefined
const spec = {
  replicas: 2,
  selector: { matchLabels: { app: 'd' } },
  template: template({ app: 'd' }),
}

async function status(resource: Resource, name: string): Promise<Record<string, unknown>> {
  return (await here.get(resource, name))?.status ?? {}
}

/** Every pod is of the deployment's present template, and available. */
async function isRolledOut(replicas: number): Promise<boolean> {
  const deployment = await here.get(deployments, 'd')
  const {
    updatedReplicas,
    availableReplicas,
    observedGeneration,
    replicas: total,
  } = deployment?.status ?? {}
  if (observedGeneration !== deployment?.metadata.generation) return false
  return [updatedReplicas, availableReplicas, total].every((count) => count === replicas)
}

async function commands(): Promise<readonly string[]> {
  const live = (await here.pods()).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  )
  return live.map(({ spec: { containers } }) => String(containers[0]?.command)).sort()
}

const other = { spec: { template: { spec: template({}).spec } } }
const changed = {
  spec: {
    template: { spec: { containers: [{ name: 'main', image: 'busybox', command: ['other'] }] } },
  },
}

describe('Deployments', () => {
  it('roll out, over to another template, back again, and are scaled', async () => {
    here = await world(all, runs)
    await here.create(deployments, 'd', spec)
    await here.until(() => isRolledOut(2))
    expect(isTrue(await here.get(deployments, 'd'), 'Available')).toBe(true)
    await here.edit(deployments, 'd', changed)
    await here.until(() => isRolledOut(2))
    await here.until(async () => (await commands()).join() === 'other,other')
    await here.edit(deployments, 'd', other)
    await here.until(() => isRolledOut(2))
    await here.until(async () => (await commands()).join() === 'true,true')
    const sets = await here.all(replicaSets)
    expect(sets).toHaveLength(2)
    const revisions = sets.map(
      ({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'],
    )
    expect(revisions.sort()).toEqual(['2', '3'])
    await here.edit(deployments, 'd', { spec: { replicas: 4 } })
    await here.until(() => isRolledOut(4))
    await here.edit(deployments, 'd', { spec: { replicas: 0 } })
    await here.until(async () => (await here.pods()).length === 0)
    expect(here.log).toEqual([])
  })

  it('replace pods that go or fail', async () => {
    here = await world(all, runs)
    await here.create(deployments, 'd', spec)
    await here.until(() => isRolledOut(2))
    const [first] = await here.pods()
    const name = first?.metadata.name ?? ''
    await here.client.remove({ resource: resources.pods, namespace: 'default', name })
    await here.until(async () => {
      const names = (await here.pods()).map(({ metadata }) => metadata.name)
      return names.length === 2 && !names.includes(name)
    })
    await here.until(() => isRolledOut(2))
  })

  it('are recreated only when all that was before is gone', async () => {
    here = await world(all, runs)
    await here.create(deployments, 'd', { ...spec, strategy: { type: 'Recreate' } })
    await here.until(() => isRolledOut(2))
    await here.edit(deployments, 'd', changed)
    await here.until(async () => {
      const seen = new Set(await commands())
      expect(seen.size).toBeLessThan(2)
      return seen.has('other') && isRolledOut(2)
    })
  })

  it('leave orphans that the next one takes in', async () => {
    here = await world(all, runs)
    await here.create(deployments, 'd', spec)
    await here.until(() => isRolledOut(2))
    const before = (await here.pods()).map(({ metadata }) => metadata.uid).sort()
    const ref = { resource: deployments, namespace: 'default', name: 'd' }
    await here.client.remove(ref, { propagationPolicy: 'Orphan' })
    await here.until(async () => (await here.get(deployments, 'd')) === undefined)
    expect((await here.pods()).map(({ metadata }) => metadata.uid).sort()).toEqual(before)
    await here.create(deployments, 'd', spec)
    await here.until(() => isRolledOut(2))
    expect(await here.all(replicaSets)).toHaveLength(1)
    expect((await here.pods()).map(({ metadata }) => metadata.uid).sort()).toEqual(before)
  })

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'killed before effect %i, nothing is made twice',
    async (effects) => {
      here = await world([], runs)
      const { client, machine } = here
      const through = dyingAfter(effects, client)
      for (const start of all) start({ client: through, clock: machine.clock })
      await here.create(deployments, 'd', spec)
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
      await using open = new AsyncDisposableStack()
      for (const start of all) open.use(start({ client, clock: machine.clock }))
      await here.until(() => isRolledOut(2))
      expect(await here.all(replicaSets)).toHaveLength(1)
      expect(await here.pods()).toHaveLength(2)
      expect(
        await status(replicaSets, (await here.all(replicaSets))[0]?.metadata.name ?? ''),
      ).toMatchObject({ replicas: 2, availableReplicas: 2 })
    },
  )
})
