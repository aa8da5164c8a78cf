import type { KubeObject, ObjectMeta } from '@argosy/engine'
import { type Client, handClock, ignore, type Resource, resources } from '@argosy/kube'
import { describe, expect, it } from 'vitest'
import { Store } from '../store/store.ts'
import { localClient } from './local-client.ts'

const { configMaps, namespaces, pods, workflows } = resources

function open(store = new Store({ fatal })) {
  return { store, client: localClient({ store, clock: handClock() }) }
}

function fatal(error: Error): never {
  throw error
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
}

async function make(client: Client, resource: Resource, metadata: ObjectMeta, more: object = {}) {
  const apiVersion = resource.group === '' ? 'v1' : 'argoproj.io/v1alpha1'
  const object: KubeObject = {
    apiVersion,
    kind: resource.kind,
    metadata: { namespace: 'default', ...metadata },
  }
  return client.create(resource, { ...object, ...more })
}

async function names(client: Client, resource: Resource, namespace = 'default') {
  const { items } = await client.list({ resource, namespace })
  return items.map(({ metadata }) => metadata.name)
}

const ownedBy = (...owners: readonly ObjectMeta[]) => ({
  ownerReferences: owners.map(({ name = '', uid = '' }) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    name,
    uid,
    blockOwnerDeletion: true,
  })),
})

describe('the collector', () => {
  it('removes a whole family, but not what has another owner', async () => {
    const { client } = open()
    const parent = await make(client, workflows, { name: 'parent' })
    const friend = await make(client, workflows, { name: 'friend' })
    const child = await make(
      client,
      pods,
      { name: 'child', ...ownedBy(parent) },
      { spec: { containers: [] } },
    )
    await make(client, configMaps, { name: 'grandchild', ...ownedBy(child) })
    await make(client, configMaps, { name: 'shared', ...ownedBy(parent, friend) })
    await client.remove({ resource: workflows, namespace: 'default', name: 'parent' })
    await settle()
    expect(await names(client, pods)).toEqual([])
    expect(await names(client, configMaps)).toEqual(['shared'])
    const shared = await client.get({ resource: configMaps, namespace: 'default', name: 'shared' })
    expect(shared?.metadata.ownerReferences?.map(({ name }) => name)).toEqual(['friend'])
  })

  it('removes dependents first in the foreground', async () => {
    const { client } = open()
    const parent = await make(client, workflows, { name: 'parent' })
    await make(client, configMaps, {
      name: 'child',
      finalizers: ['example.com/wait'],
      ...ownedBy(parent),
    })
    const target = { resource: workflows, namespace: 'default', name: 'parent' }
    await client.remove(target, { propagationPolicy: 'Foreground' })
    await settle()
    expect((await client.get(target))?.metadata.finalizers).toEqual(['foregroundDeletion'])
    const child = { resource: configMaps, namespace: 'default', name: 'child' }
    await client.patch(child, { type: 'merge', body: { metadata: { finalizers: null } } })
    await settle()
    expect(await client.get(child)).toBeUndefined()
    expect(await client.get(target)).toBeUndefined()
  })

  it('lets orphans live', async () => {
    const { client } = open()
    const parent = await make(client, workflows, { name: 'parent' })
    await make(client, configMaps, { name: 'child', ...ownedBy(parent) })
    const target = { resource: workflows, namespace: 'default', name: 'parent' }
    await client.remove(target, { propagationPolicy: 'Orphan' })
    await settle()
    expect(await client.get(target)).toBeUndefined()
    const child = await client.get({ resource: configMaps, namespace: 'default', name: 'child' })
    expect(child?.metadata.ownerReferences).toBeUndefined()
    expect(child?.metadata.deletionTimestamp).toBeUndefined()
  })

  it('finds after a start what was left half done', async () => {
    const { store, client } = open()
    const parent = await make(client, workflows, { name: 'parent' })
    await make(client, configMaps, { name: 'child', ...ownedBy(parent) })
    store.edit(
      { collection: 'workflows.argoproj.io', namespace: 'default', name: 'parent' },
      () => 'remove',
    )
    await store.settled()
    const again = open(store).client
    await settle()
    expect(await names(again, configMaps)).toEqual([])
  })

  it('empties a namespace that ends, and refuses new content', async () => {
    const { client } = open()
    await client.create(namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'short' },
    })
    for (let count = 0; count < 450; count++) {
      void make(client, configMaps, { name: `c${count}`, namespace: 'short' })
    }
    await make(client, configMaps, {
      name: 'held',
      namespace: 'short',
      finalizers: ['example.com/wait'],
    })
    await client.remove({ resource: namespaces, name: 'short' })
    await expect(make(client, configMaps, { name: 'late', namespace: 'short' })).rejects.toThrow(
      'configmaps "late" is forbidden: unable to create new content in namespace short because it is being terminated',
    )
    await settle()
    expect(await names(client, configMaps, 'short')).toEqual(['held'])
    const ending = await client.get<KubeObject & { status: object }>({
      resource: namespaces,
      name: 'short',
    })
    expect(ending?.status).toEqual({ phase: 'Terminating' })
    const held = { resource: configMaps, namespace: 'short', name: 'held' }
    await client.patch(held, { type: 'merge', body: { metadata: { finalizers: [] } } })
    await settle()
    expect(await client.get({ resource: namespaces, name: 'short' })).toBeUndefined()
  })

  it('keeps the default namespace', async () => {
    const { client } = open()
    await expect(client.remove({ resource: namespaces, name: 'default' })).rejects.toThrow(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    )
  })
})

describe('a client that retries at once', () => {
  it('sees the write that beat it: a refusal comes after the commit it rests on', async () => {
    const { client } = open()
    await make(client, configMaps, { name: 'counter' }, { data: { n: 0 } })
    const target = { resource: configMaps, namespace: 'default', name: 'counter' }
    const increment = async () => {
      for (let isDone = false; !isDone; ) {
        const found = await client.get<KubeObject & { data: { n: number } }>(target)
        const next = { ...found!, data: { n: found!.data.n + 1 } }
        isDone = Boolean(await client.update(configMaps, next).catch(ignore('Conflict')))
      }
    }
    await Promise.all(Array.from({ length: 16 }, increment))
    const found = await client.get<KubeObject & { data: object }>(target)
    expect(found?.data).toEqual({ n: 16 })
  })
})
