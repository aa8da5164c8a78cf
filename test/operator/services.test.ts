import { type Resource, resources } from '@argosy/kube'
import {
  registerMachine,
  startBudgetController,
  startEventExpiry,
  startQuotaController,
  startReplicaSetController,
  startServiceController,
} from '@argosy/operators/built-in'
import { afterEach, expect, it } from 'vitest'
import { template, type World, world } from './controllers.fixture.ts'

let here: World
afterEach(() => here[Symbol.asyncDispose]())

const runs = () => undefined
const labels = { app: 'web' }

async function member(resource: Resource, name: string, path: readonly string[]): Promise<unknown> {
  let value: unknown = await here.get(resource, name)
  for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part]
  return value
}

async function addresses(): Promise<number> {
  const subsets = (await member(resources.endpoints, 'web', ['subsets'])) as
    | readonly { readonly addresses?: readonly unknown[] }[]
    | undefined
  return subsets?.[0]?.addresses?.length ?? 0
}

it('a Service leads to the pods that are ready, and its lists go with it', async () => {
  here = await world([startReplicaSetController, startServiceController], runs)
  await here.create(resources.replicaSets, 'web', {
    replicas: 2,
    selector: { matchLabels: labels },
    template: template(labels),
  })
  await here.create(resources.services, 'web', { selector: labels, ports: [{ port: 80 }] })
  await here.until(async () => (await addresses()) === 2)
  expect(await member(resources.services, 'web', ['spec', 'clusterIP'])).toMatch(/^127\.250\./)
  await here.edit(resources.replicaSets, 'web', { spec: { replicas: 1 } })
  await here.until(async () => (await addresses()) === 1)
  expect(await here.all(resources.endpointSlices)).toHaveLength(1)
  await here.client.remove({ resource: resources.services, namespace: 'default', name: 'web' })
  await here.until(async () => (await here.all(resources.endpoints)).length === 0)
  await here.until(async () => (await here.all(resources.endpointSlices)).length === 0)
})

it('a budget and a quota keep count', async () => {
  here = await world([startReplicaSetController, startBudgetController, startQuotaController], runs)
  await here.create(resources.podDisruptionBudgets, 'b', {
    maxUnavailable: 1,
    selector: { matchLabels: labels },
  })
  await here.create(resources.resourceQuotas, 'q', { hard: { pods: '5' } })
  await here.create(resources.replicaSets, 'web', {
    replicas: 3,
    selector: { matchLabels: labels },
    template: template(labels),
  })
  const allowed = () =>
    member(resources.podDisruptionBudgets, 'b', ['status', 'disruptionsAllowed'])
  await here.until(async () => (await allowed()) === 1)
  const used = () => member(resources.resourceQuotas, 'q', ['status', 'used', 'pods'])
  await here.until(async () => (await used()) === '3')
})

it('Events live an hour', async () => {
  here = await world([startEventExpiry], runs)
  const event = { involvedObject: {}, reason: 'R', lastTimestamp: '2026-01-01T00:30:00Z' }
  await here.create(resources.events, 'e', {}, event)
  here.machine.clock.advance(80 * 60_000)
  await new Promise(setImmediate)
  expect(await here.get(resources.events, 'e')).toBeDefined()
  here.machine.clock.advance(20 * 60_000)
  await here.until(async () => (await here.get(resources.events, 'e')) === undefined)
})

it('the machine is a Node and renews its Lease', async () => {
  here = await world([])
  const { client, machine } = here
  await client.create(resources.namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'kube-node-lease' },
  })
  const text = { os: 'linux', arch: 'amd64', kernel: '', osImage: '', machineId: '', bootId: '' }
  const facts = { name: 'here', addresses: [], cpus: 2, memoryBytes: 1024, pods: 9, ...text }
  const whole = { ...facts, version: 'v1', runtime: 'r' }
  await using _machine = registerMachine({ client, clock: machine.clock, facts: whole })
  const lease = { resource: resources.leases, namespace: 'kube-node-lease', name: 'here' }
  const renewed = async () => {
    const found = await client.get<
      { spec: { renewTime: string } } & import('@argosy/engine').KubeObject
    >(lease)
    return found?.spec.renewTime
  }
  await here.until(async () => (await renewed()) !== undefined)
  const first = await renewed()
  expect(first).toMatch(/T\d\d:\d\d:\d\d\.\d{6}Z$/)
  expect(await member(resources.nodes, 'here', ['status', 'capacity', 'cpu'])).toBe('2')
  machine.clock.advance(300_000)
  await here.until(async () => (await renewed()) !== first)
})
