import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, it } from 'vitest'
import { Store } from '../../store/store.ts'
import { registry } from '../kinds.ts'
import { localClient } from '../local-client.ts'
import { NodeReach, templateAnnotation } from './node-reach.ts'

function scene() {
  const store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  const client = localClient({ store, registry: registry() })
  const reach = new NodeReach(store)
  return {
    client,
    pod: (name: string, spec: JsonObject, annotations: JsonObject = {}) =>
      client.create(resources.pods, {
        ...{ apiVersion: 'v1', kind: 'Pod' },
        metadata: { name, namespace: 'default', annotations },
        spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
      } as unknown as KubeObject),
    reaches: (node: string, name: string, namespace = 'default') =>
      reach.reaches(node, { namespace, name }),
  }
}

const mounting = (secretName: string) => ({ volumes: [{ name: 'v', secret: { secretName } }] })

it('a node reaches what its pods name, and nothing of other nodes or namespaces', async () => {
  const { pod, reaches } = scene()
  await pod('before', { nodeName: 'a', ...mounting('one') })
  expect(reaches('a', 'one')).toBe(true)
  await pod('after', { nodeName: 'a', ...mounting('two') })
  await pod('waiting', mounting('three'))
  expect(['one', 'two', 'three', 'on'].map((name) => reaches('a', name))).toEqual([
    ...[true, true, false, false],
  ])
  expect(reaches('b', 'one')).toBe(false)
  expect(reaches('a', 'one', 'other')).toBe(false)
})

it('a step needs the keys of where its files are', async () => {
  const { pod, reaches } = scene()
  const plan = { inputs: [{ s3: { accessKeySecret: { name: 's3-keys', key: 'a' } } }] }
  await pod('step', { nodeName: 'a' }, { [templateAnnotation]: JSON.stringify(plan) })
  expect(reaches('a', 's3-keys')).toBe(true)
})

it('what a pod named that has ended, or is gone, is out of reach', async () => {
  const { client, pod, reaches } = scene()
  for (const name of ['x', 'y']) await pod(name, { nodeName: 'a', ...mounting(`${name}-key`) })
  expect([reaches('a', 'x-key'), reaches('a', 'y-key')]).toEqual([true, true])
  const ref = { resource: resources.pods, namespace: 'default' }
  const body = { status: { phase: 'Succeeded' } }
  await client.patch({ ...ref, name: 'x' }, { type: 'merge', subresource: 'status', body })
  await client.remove({ ...ref, name: 'y' }, { gracePeriodSeconds: 0 })
  expect([reaches('a', 'x-key'), reaches('a', 'y-key')]).toEqual([false, false])
})
