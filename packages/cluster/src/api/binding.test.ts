import type { Pod } from '@argosy/engine'
import { handClock, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { Store } from '../store/store.ts'
import { localClient } from './local-client.ts'

test('the first status of a pod may say where it is; later ones, and other fields of the spec, change nothing', async () => {
  const fatal = (error: Error): never => {
    throw error
  }
  await using store = new Store({ fatal })
  const client = localClient({ store, clock: handClock() })
  const ref = { resource: resources.pods, namespace: 'default', name: 'p' }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' } }
  await client.create(resources.pods, { ...pod, spec: { containers: [] } } as never)
  for (const nodeName of ['here', 'elsewhere']) {
    const body = { spec: { nodeName, hostname: 'x' }, status: { phase: 'Pending' } }
    await client.patch(ref, { type: 'merge', subresource: 'status', body })
  }
  expect((await client.get<Pod>(ref))?.spec).toEqual({ containers: [], nodeName: 'here' })
})
