import { localClient } from '@argosy/cluster'
import type { KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Store } from '../store/store.ts'
import { ownerLabelIn } from './owner-label.ts'

const cron = 'workflows.argoproj.io/cron-workflow'

test.each([
  [`${cron}=a`, [cron, 'a']],
  [`${cron} == a.b-c , x=y`, [cron, 'a.b-c']],
  [
    'workflows.argoproj.io/phase=Succeeded,workflows.argoproj.io/workflow=w',
    ['workflows.argoproj.io/workflow', 'w'],
  ],
  [`${cron}!=a`, undefined],
  [`${cron}`, undefined],
  [`!${cron}`, undefined],
  [`${cron} in (a,b)`, undefined],
  [`x${cron}=a`, undefined],
  [`${cron}-x=a`, undefined],
  [`${cron}=`, undefined],
])('%s', (selector, wanted) => {
  const found = ownerLabelIn(selector)
  expect(found && [found.label, found.value]).toEqual(wanted)
})

test('a list by such a label is the list of all, filtered', async () => {
  const value = fc.constantFrom('a', 'b', undefined)
  const name = fc.constantFrom('one', 'two', 'three', 'four')
  const namespace = fc.constantFrom('default', 'blue')
  const step = fc.record({ name, namespace, value, remove: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      await using store = new Store({ fatal: fail })
      const client = localClient({ store })
      const blue = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'blue' } }
      await client.create(resources.namespaces, blue)
      for (const one of steps) {
        await apply(one)
        for (const value of ['a', 'b']) {
          const query = { resource: resources.configMaps, labelSelector: `${cron}=${value}` }
          const { items } = await client.list(query)
          const all = await client.list({ resource: resources.configMaps })
          const wanted = all.items.filter(({ metadata }) => metadata.labels?.[cron] === value)
          expect(items).toEqual(wanted)
          const here = await client.list({ ...query, namespace: 'default' })
          expect(here.items).toEqual(
            wanted.filter(({ metadata }) => metadata.namespace === 'default'),
          )
        }
      }
      async function apply({ name, namespace, value, remove }: (typeof steps)[number]) {
        const ref = { resource: resources.configMaps, namespace, name }
        const known = await client.get(ref)
        if (known && remove) return client.remove(ref)
        const labels = value === undefined ? {} : { [cron]: value }
        const metadata = { name, namespace, labels }
        const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
        return known
          ? client.update(resources.configMaps, object)
          : client.create(resources.configMaps, object)
      }
    }),
    { numRuns: 60 },
  )
})

function fail(error: unknown): never {
  throw error
}
