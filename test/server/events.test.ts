import type { Workflow, WorkflowEventBinding } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArgoApi, hello, openArgoApi } from './argo-api.ts'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi()
  const metadata = { name: 't', namespace: 'default' }
  const workflowMetadata = { labels: { from: 'template' } }
  const spec = { ...hello, workflowMetadata, arguments: { parameters: [{ name: 'p', value: '' }] } }
  const argo = { apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowTemplate' }
  await api.client.create(resources.workflowTemplates, { ...argo, metadata, ...{ spec } })
})
afterAll(() => api[Symbol.asyncDispose]())

const send = (discriminator: string, body: object | string, headers = {}) =>
  api.ask(`/api/v1/events/default/${discriminator}`, { method: 'POST', body, headers })

async function binding(
  name: string,
  selector: string,
  submit?: WorkflowEventBinding['spec']['submit'],
) {
  const spec = { event: { selector }, ...(submit && { submit }) }
  const identity = { apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowEventBinding' }
  const metadata = { name, namespace: 'default' }
  const object: WorkflowEventBinding = { ...identity, metadata, spec }
  await api.client.create(resources.workflowEventBindings, object)
}

const submit = (event: string) => ({
  workflowTemplateRef: { name: 't' },
  metadata: { labels: { to: 'payload.to' }, generateName: '"g-" + discriminator + "-"' },
  arguments: { parameters: [{ name: 'p', valueFrom: { event } }] },
})

test('an event starts what the bindings that mean it say', async () => {
  await binding(
    'b',
    'discriminator == "push" && metadata["x-kind"] == ["new"]',
    submit('payload.list'),
  )
  await binding('other', 'payload.never == true', submit('1'))
  const body = { to: 'main', list: [1, 'a'] }
  expect((await send('pull', body)).json).toEqual({})
  expect((await api.client.list({ resource: resources.workflows })).items).toEqual([])
  expect((await send('push', body, { 'x-kind': 'new' })).json).toEqual({})
  const { items } = await api.client.list<Workflow>({ resource: resources.workflows })
  expect(items).toMatchObject([
    {
      metadata: {
        name: expect.stringMatching(/^g-push-.{5}$/),
        labels: {
          to: 'main',
          from: 'template',
          'workflows.argoproj.io/workflow-template': 't',
          'workflows.argoproj.io/workflow-event-binding': 'b',
        },
      },
      spec: {
        workflowTemplateRef: { name: 't' },
        arguments: { parameters: [{ name: 'p', value: '[1,"a"]' }] },
      },
    },
  ])
  const list = await api.ask('/api/v1/workflow-event-bindings/default?fields=items.metadata.name')
  expect(list.json).toEqual({
    items: [{ metadata: { name: 'b' } }, { metadata: { name: 'other' } }],
  })
})

test('what fails for a binding is told, and noted on it', async () => {
  await binding('broken', 'discriminator == "x" && 1')
  const { code, json } = await send('x', 'true')
  expect([code, json['code']]).toEqual([400, 3])
  expect(json['message']).toContain('failed to evaluate workflow template expression')
  const { items } = await api.client.list({ resource: resources.events })
  expect(items).toContainEqual(
    expect.objectContaining({
      reason: 'WorkflowEventBindingError',
      involvedObject: expect.objectContaining({ name: 'broken' }),
    }),
  )
  expect((await send('x', '{')).code).toBe(400)
})
