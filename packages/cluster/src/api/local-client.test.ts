import { handClock, resources } from '@argosy/kube'
import { clientContract } from '@argosy/kube/contract'
import { describe, expect, it } from 'vitest'
import { Store } from '../store/store.ts'
import { localClient } from './local-client.ts'

function fatal(error: Error): never {
  throw error
}

describe('the client in process keeps the promises of the port', () => {
  for (const { name, run } of clientContract) {
    it(name, async () => {
      const store = new Store({ fatal })
      await run({ client: localClient({ store, clock: handClock() }), namespace: 'default' })
      await store[Symbol.asyncDispose]()
    })
  }
})

describe('an early list', () => {
  it('holds what has been heard early, and is not committed yet', async () => {
    const store = new Store({ fatal })
    const client = localClient({ store, clock: handClock() })
    const query = { resource: resources.configMaps, namespace: 'default' }
    const pair = (name: string) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name, namespace: 'default' },
    })
    const late = client.create(resources.configMaps, pair('a'))
    expect((await client.list(query)).items).toEqual([])
    const { items } = await client.list({ ...query, early: true })
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a'])
    await late
  })
})
