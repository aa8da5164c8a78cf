import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, eventually, type Machine, machine, phaseIs } from './fixture.ts'

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'here' } } as KubeObject

function set(here: Machine, spec: JsonObject): Promise<unknown> {
  const ref = { resource: resources.nodes, name: 'here' }
  return here.client.patch(ref, { type: 'merge', body: { spec } })
}

function says(message: string) {
  return (pod: Pod | undefined) => pod?.status?.conditions?.[0]?.message === message
}

const isBusy = '0/1 nodes are available: 1 node(s) were unschedulable.'
const isTainted = '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.'

test('a node that is cordoned takes nobody new, keeps who is there, and says why, until it is not', async () => {
  await using here = await machine()
  await here.client.create(resources.nodes, node)
  await here.start()
  await here.create(aPod('old'))
  await here.until('old', phaseIs('Running'))
  await set(here, { unschedulable: true })
  await here.create(aPod('new'))
  await here.until('new', says(isBusy))
  expect((await here.pod('old'))?.status?.phase).toBe('Running')
  expect(here.runtime.containers.size).toBe(1)
  await set(here, { unschedulable: null })
  await here.until('new', phaseIs('Running'))
})

test('a node that was cordoned before it was started again is cordoned still', async () => {
  await using here = await machine()
  await here.client.create(resources.nodes, {
    ...node,
    spec: { unschedulable: true },
  } as KubeObject)
  await here.create(aPod('new'))
  await here.start()
  await here.until('new', says(isBusy))
  expect(here.runtime.containers.size).toBe(0)
})

test('who tolerates a taint comes, others wait; another taint is told anew', async () => {
  await using here = await machine()
  await here.client.create(resources.nodes, node)
  await here.start()
  await set(here, { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] })
  await here.create(aPod('plain'))
  await here.create(aPod('tolerant', { tolerations: [{ key: 'gpu', operator: 'Exists' }] }))
  await here.until('tolerant', phaseIs('Running'))
  await here.until('plain', says(isTainted))
  await set(here, { taints: null, unschedulable: true })
  await here.until('plain', says(isBusy))
})

test('a pod that is bound to a cordoned node runs there, and one that waits may be deleted', async () => {
  await using here = await machine()
  await here.client.create(resources.nodes, {
    ...node,
    spec: { unschedulable: true },
  } as KubeObject)
  await here.start()
  await here.create(aPod('bound', { nodeName: 'here' }))
  await here.until('bound', phaseIs('Running'))
  await here.create(aPod('waits'))
  await here.until('waits', says(isBusy))
  await here.client.remove({ resource: resources.pods, namespace: 'default', name: 'waits' })
  await eventually(async () => (await here.pod('waits')) === undefined)
})

test('pods that wait for room are turned away when the node closes, and come when it opens', async () => {
  await using here = await machine()
  await here.client.create(resources.nodes, node)
  await here.start({ maxPods: 1 })
  await here.create(aPod('first'))
  await here.until('first', phaseIs('Running'))
  await here.create(aPod('second'))
  await set(here, { unschedulable: true })
  await here.until('second', says(isBusy))
  ;(await here.container('main')).end(0)
  await here.until('first', phaseIs('Succeeded'))
  await set(here, { unschedulable: null })
  await here.until('second', phaseIs('Running'))
})
