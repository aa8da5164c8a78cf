import { localClient, Store } from '@argosy/cluster'
import type { Workflow } from '@argosy/engine'
import { instanceClient, resources } from '@argosy/kube'
import { expect, test } from 'vitest'

const label = 'workflows.argoproj.io/controller-instanceid'
const resource = resources.workflows

function workflow(name: string): Workflow {
  const spec = { entrypoint: 'main', templates: [{ name: 'main', suspend: {} }] }
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    ...{ metadata: { name, namespace: 'default', labels: { team: 'a' } }, spec },
  } as Workflow
}

test('what is created has the id, and only what has it is seen', async () => {
  const fatal = (error: Error) => {
    throw error
  }
  await using store = new Store({ fatal })
  const all = localClient({ store })
  const own = instanceClient(all, 'blue')
  await all.create(resource, workflow('others'))
  await own.create(resource, workflow('own'))
  const [only, ...more] = (await own.list<Workflow>({ resource, labelSelector: 'team=a' })).items
  expect([only?.metadata.name, more]).toEqual(['own', []])
  expect(only?.metadata.labels).toEqual({ team: 'a', [label]: 'blue' })
  const ref = (name: string) => ({ resource, namespace: 'default', name })
  expect(await own.get(ref('own'))).toBeDefined()
  expect(await own.get(ref('nobody'))).toBeUndefined()
  await expect(own.get(ref('others'))).rejects.toThrow(
    "'others' is not managed by the current Argo Server",
  )
  const strange = "'others' is not managed by the current Argo Server"
  await expect(own.remove(ref('others'))).rejects.toThrow(strange)
  const patch = { type: 'merge', body: { spec: { suspend: true } } } as const
  await expect(own.patch(ref('others'), patch)).rejects.toThrow(strange)
  await own.patch(ref('own'), patch)
  await own.remove(ref('own'))
  expect((await all.list({ resource })).items).toHaveLength(1)
  // What is not Argo's has no such label.
  const found = await own.list({ resource: resources.namespaces })
  expect(found.items.length).toBeGreaterThan(0)
})

test('who has no id sees what names none, and takes ids away', async () => {
  await using store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  const all = localClient({ store })
  const [blue, none] = [instanceClient(all, 'blue'), instanceClient(all, '')]
  await blue.create(resource, workflow('blue'))
  const { metadata, ...rest } = workflow('plain')
  const marked = { ...rest, metadata: { ...metadata, labels: { team: 'a', [label]: 'blue' } } }
  await none.create(resource, marked)
  const [only, ...more] = (await none.list<Workflow>({ resource })).items
  expect([only?.metadata.name, only?.metadata.labels, more]).toEqual(['plain', { team: 'a' }, []])
  const ref = { resource, namespace: 'default', name: 'blue' }
  await expect(none.get(ref)).rejects.toThrow("'blue' is not managed by the current Argo Server")
})
