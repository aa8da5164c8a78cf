import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, it } from 'vitest'
import { inDefault, testApi } from './api.fixture.ts'

const api = testApi()
const ready = [{ type: 'Ready', status: 'True' }]

async function pod(name: string, app: string, status: JsonObject = {}): Promise<void> {
  await api.client.create(resources.pods, {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: 'default', labels: { app } },
    spec: { nodeName: 'a', containers: [{ name: 'c', image: 'i' }] },
  } as unknown as KubeObject)
  const body = { status: { phase: 'Running', conditions: ready, ...status } }
  const ref = { resource: resources.pods, namespace: 'default', name }
  await api.client.patch(ref, { type: 'merge', subresource: 'status', body })
}

async function budget(app: string, status: JsonObject, spec: JsonObject = {}): Promise<void> {
  const selector = { matchExpressions: [{ key: 'app', operator: 'In', values: [app] }] }
  await api.client.create(resources.podDisruptionBudgets, {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
    metadata: { name: app, namespace: 'default' },
    spec: { minAvailable: 1, selector, ...spec },
  } as unknown as KubeObject)
  const ref = { resource: resources.podDisruptionBudgets, namespace: 'default', name: app }
  const body = { status: { observedGeneration: 1, desiredHealthy: 1, ...status } }
  await api.client.patch(ref, { type: 'merge', subresource: 'status', body })
}

const evict = (name: string, deleteOptions?: object, query = '') =>
  api.ask(`${inDefault}/pods/${name}/eviction${query}`, {
    method: 'POST',
    body: {
      ...{ apiVersion: 'policy/v1', kind: 'Eviction' },
      metadata: { name, namespace: 'default' },
      ...(deleteOptions && { deleteOptions }),
    },
  })

it('of two that are evicted together only as many go as the budget allows, also when it selects by expressions', async () => {
  for (const name of ['a-1', 'a-2']) await pod(name, 'a')
  await budget('a', { disruptionsAllowed: 1, currentHealthy: 2 })
  const answers = await Promise.all(['a-1', 'a-2'].map((name) => evict(name)))
  expect(answers.map(({ code }) => code).sort()).toEqual([201, 429])
  const refused = answers.find(({ code }) => code === 429)
  expect(refused?.json).toMatchObject({
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: { causes: [{ reason: 'DisruptionBudget' }], retryAfterSeconds: 10 },
  })
})

it('a rehearsal spends nothing', async () => {
  await pod('b-1', 'b')
  await budget('b', { disruptionsAllowed: 1, currentHealthy: 2 })
  expect((await evict('b-1', undefined, '?dryRun=All')).code).toBe(201)
  // As `kubectl drain --dry-run=server` says it.
  expect((await evict('b-1', { dryRun: ['All'] })).code).toBe(201)
  expect((await api.ask(`${inDefault}/pods/b-1`)).code).toBe(200)
  expect((await evict('b-1', { preconditions: { uid: 'of another' } })).code).toBe(409)
  expect((await evict('b-1')).code).toBe(201)
})

it('what does no work may go, whatever the budget says', async () => {
  await pod('c-1', 'c', { phase: 'Pending', conditions: [] })
  await pod('c-2', 'c', { phase: 'Failed', conditions: [] })
  await budget('c', { disruptionsAllowed: 0 })
  for (const name of ['c-1', 'c-2']) expect((await evict(name)).code).toBe(201)
})

it('a pod that is not ready may go where enough others are, or where its budget says so', async () => {
  for (const app of ['d', 'e', 'f']) await pod(`${app}-1`, app, { conditions: [] })
  await budget('d', { disruptionsAllowed: 0, currentHealthy: 1 })
  await budget('e', { disruptionsAllowed: 0, currentHealthy: 0 })
  const always = { unhealthyPodEvictionPolicy: 'AlwaysAllow' }
  await budget('f', { disruptionsAllowed: 0, currentHealthy: 0 }, always)
  const codes = await Promise.all(['d-1', 'e-1', 'f-1'].map(async (name) => evict(name)))
  expect(codes.map(({ code }) => code)).toEqual([201, 429, 201])
})

it('a budget that nobody has counted for yet allows nothing', async () => {
  await pod('g-1', 'g')
  await budget('g', { disruptionsAllowed: 1, observedGeneration: 0 })
  expect((await evict('g-1')).json).toMatchObject({
    details: { causes: [{ message: expect.stringContaining('still being processed') }] },
  })
})

it('two budgets of one pod are too many', async () => {
  await pod('h-1', 'h')
  await budget('h', { disruptionsAllowed: 1 })
  const selector = { matchLabels: { app: 'h' } }
  await budget('h2', { disruptionsAllowed: 1 }, { selector })
  expect((await evict('h-1')).json).toMatchObject({
    code: 500,
    message: expect.stringContaining('more than one PodDisruptionBudget'),
  })
})
