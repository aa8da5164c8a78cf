import type { JsonObject, KubeObject } from '@argosy/engine'
import { handClock, type Resource, resources } from '@argosy/kube'
import { afterEach, expect, test } from 'vitest'
import { localClient } from '../api/local-client.ts'
import { eventually } from '../node/fixture.ts'
import { Store } from '../store/store.ts'
import type { Opener } from './door-keeper.ts'
import { startServicePorts } from './start-service-ports.ts'

let open = new AsyncDisposableStack()
afterEach(async () => {
  await open.disposeAsync()
  open = new AsyncDisposableStack()
})

type Any = KubeObject & { readonly status?: JsonObject; readonly message?: string }

/** The ports that are open; those of `taken` cannot be had. */
function world(taken: ReadonlyMap<string, string> = new Map()) {
  const clock = handClock()
  const store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  const client = localClient({ store, clock })
  const doors = new Set<string>()
  let served: boolean | undefined = true
  const opener: Opener = {
    async open({ host, port }) {
      const at = `${host}:${port}`
      const code = taken.get(at)
      if (code !== undefined) throw Object.assign(new Error(code), { code })
      doors.add(at)
      const close = () => void doors.delete(at)
      return { close, end: close }
    },
    isServed: async () => served,
  }
  open.use(startServicePorts({ client, clock, nodeHosts: ['127.0.0.1'], opener }))
  const put = (resource: Resource, name: string, more: object) =>
    client.create(resource, {
      ...{ apiVersion: 'v1', kind: resource.kind, metadata: { name, namespace: 'default' } },
      ...more,
    } as KubeObject)
  const ref = { resource: resources.services, namespace: 'default', name: 'web' }
  return {
    ...{ client, clock, doors, put, ref },
    pods: (port: number, addresses: readonly object[] = [{ ip: '127.10.0.1' }]) =>
      put(resources.endpoints, 'web', { subsets: [{ addresses, ports: [{ port }] }] }),
    status: async () => (await client.get<Any>(ref))?.status ?? {},
    events: async () =>
      (await client.list<Any>({ resource: resources.events })).items.map(({ message }) => message),
    serve: (is: boolean | undefined) => {
      served = is
    },
  }
}

const balancer = {
  spec: { type: 'LoadBalancer', clusterIP: '127.250.0.9', ports: [{ port: 80, nodePort: 30_080 }] },
}

test('a balancer has its address as soon as somebody answers there, and its node port always', async () => {
  const here = world()
  await here.put(resources.services, 'web', balancer)
  await eventually(() => here.doors.has('127.0.0.1:30080'))
  expect([...here.doors]).toEqual(['127.0.0.1:30080'])
  await here.pods(8080)
  await eventually(() => here.doors.has('127.250.0.9:80'))
  const ingress = [{ ip: '127.250.0.9', ipMode: 'VIP' }]
  await eventually(async () => JSON.stringify(await here.status()).includes('Forwarded'))
  expect(await here.status()).toMatchObject({
    loadBalancer: { ingress },
    conditions: [
      { type: 'argosy.dev/NodePortsOpen', status: 'True' },
      { type: 'argosy.dev/Forwarded', status: 'True' },
    ],
  })
  await here.client.patch(here.ref, { type: 'merge', body: { spec: { type: 'ClusterIP' } } })
  await eventually(
    async () => Object.keys((await here.status())['loadBalancer'] ?? {}).length === 0,
  )
  await here.client.remove(here.ref)
  await eventually(() => here.doors.size === 0)
})

test('a program is given the time to listen before its port is taken', async () => {
  const here = world()
  here.serve(undefined)
  await here.put(resources.services, 'web', balancer)
  await here.pods(80)
  await eventually(async () => JSON.stringify(await here.status()).includes('Waiting'))
  expect(here.doors.has('127.250.0.9:80')).toBe(false)
  here.serve(false)
  await eventually(() => {
    here.clock.advance(500)
    return here.doors.has('127.250.0.9:80')
  })
})

test('a port of another program is told of once, and had when it is free', async () => {
  const taken = new Map([
    ['127.0.0.1:30080', 'EADDRINUSE'],
    ['127.250.0.9:80', 'EACCES'],
  ])
  const here = world(taken)
  await here.pods(8080)
  await here.put(resources.services, 'web', balancer)
  await eventually(async () => (await here.events()).length === 2)
  expect((await here.events()).sort()).toEqual([
    'node port 30080/TCP at 127.0.0.1 is in use by another program of this machine: choose another nodePort',
    'port 80/TCP at 127.250.0.9 is not for this user to listen at (below 1024): clients have to ask the pods themselves',
  ])
  taken.clear()
  await eventually(() => {
    here.clock.advance(15_000)
    return here.doors.size === 2
  })
  await eventually(async () => !JSON.stringify(await here.status()).includes('False'))
  expect((await here.events()).length).toBe(2)
})

test('what nobody passes on is told of once', async () => {
  const here = world()
  const spec = {
    ...{ clusterIP: '127.250.0.9', externalIPs: ['10.0.0.1'] },
    ports: [{ port: 80, protocol: 'SCTP' }],
  }
  await here.put(resources.services, 'web', { spec })
  await eventually(async () => (await here.events()).length === 1)
  await here.pods(80)
  await here.client.patch(here.ref, { type: 'merge', body: { metadata: { labels: { a: 'b' } } } })
  expect(await here.events()).toEqual([
    'nothing is passed on at 80/SCTP: only TCP and UDP are; spec.externalIPs: nobody listens at 10.0.0.1: choose type NodePort',
  ])
  expect(here.doors.size).toBe(0)
})

test('a port at which pods of another service listen is left to them', async () => {
  const here = world()
  const spec = { clusterIP: '127.250.0.9', ports: [{ port: 8080, targetPort: 3000 }] }
  await here.put(resources.services, 'web', { spec })
  await here.pods(3000)
  await eventually(() => here.doors.has('127.250.0.9:8080'))
  const other = { clusterIP: '127.250.0.10', selector: { app: 'api' }, ports: [{ port: 8080 }] }
  await here.put(resources.services, 'api', { spec: other })
  await eventually(() => here.doors.size === 0)
  await eventually(async () => (await here.events()).length === 1)
  expect(await here.events()).toEqual([expect.stringContaining('would keep pods from listening')])
  expect(JSON.stringify(await here.status())).toContain('"False"')
  await here.client.remove({ ...here.ref, name: 'api' })
  await eventually(() => here.doors.has('127.250.0.9:8080'))
})
