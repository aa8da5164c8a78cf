import type { KubeObject } from '@argosy/engine'
import { type Client, type Resource, resources, systemClock } from '@argosy/kube'
import { ControllerMetrics } from '@argosy/operators'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localClient, Store } from '../../packages/cluster/src/index.ts'

let store: Store
let client: Client
let metrics: ControllerMetrics
beforeEach(async () => {
  store = new Store({
    fatal: (error) => {
      throw error
    },
  })
  client = localClient({ store, clock: systemClock })
})
afterEach(async () => {
  await metrics[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

async function begin() {
  metrics = new ControllerMetrics({ client, clock: systemClock, version: '1.2.3' })
  await metrics.listed
}

const named = (name: string, labels = {}) => ({ name, namespace: 'default', labels })
const run = (name: string, more: object = {}, labels = {}) =>
  client.create(resources.workflows, {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    ...{ metadata: named(name, labels), spec: {}, ...more },
  } as KubeObject)
const change = (resource: Resource, name: string, body: object) =>
  client.patch({ resource, namespace: 'default', name }, { type: 'merge', body: { ...body } })

const linesOf = (name: string) =>
  metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith(`argo_workflows_${name}`))
    .map((line) => line.slice('argo_workflows_'.length))

/** Until what was written has been heard of. */
async function until(name: string, line: string): Promise<readonly string[]> {
  for (;;) {
    const lines = linesOf(name)
    if (lines.includes(line)) return lines
    await new Promise(setImmediate)
  }
}

test('workflows are counted where they are, and how often they came there', async () => {
  await run('before', { status: { phase: 'Running' } })
  await begin()
  expect(linesOf('total_count')).toEqual([])
  await run('a', {}, { 'workflows.argoproj.io/cron-workflow': 'n' })
  const conditions = [{ type: 'PodRunning', status: 'True' }]
  await change(resources.workflows, 'a', { status: { phase: 'Running', conditions } })
  await until('gauge', 'gauge{phase="Running"} 2')
  expect(linesOf('total_count')).toContain('total_count{namespace="default",phase="Running"} 1')
  expect(linesOf('workflow_condition')).toEqual([
    'workflow_condition{status="True",type="PodRunning"} 1',
  ])
  expect(linesOf('cron')).toEqual(['cronworkflows_triggered_total{name="n",namespace="default"} 1'])
  await client.remove({ resource: resources.workflows, namespace: 'default', name: 'a' })
  await until('gauge', 'gauge{phase="Running"} 1')
})

test('what is nothing but a template’s is counted by it, and how long it ran', async () => {
  await begin()
  const times = { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:07Z' }
  const spec = { workflowTemplateRef: { name: 't' } }
  await run('b', { spec, status: { phase: 'Failed', ...times } })
  const of = 'cluster_scope="false",name="t",namespace="default"'
  const lines = await until('workflowtemplate', `workflowtemplate_runtime_count{${of}} 1`)
  expect(lines).toContain(`workflowtemplate_runtime_sum{${of}} 7`)
  expect(lines).toContain(`workflowtemplate_runtime_bucket{${of},le="5"} 0`)
  expect(lines).toContain(`workflowtemplate_runtime_bucket{${of},le="10"} 1`)
  expect(lines).toContain(`workflowtemplate_triggered_total{${of},phase="Failed"} 1`)
})

test('pods of workflows are counted, and no others', async () => {
  await begin()
  const pod = (name: string, labels: object) =>
    client.create(resources.pods, {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: named(name, labels) },
      ...{ spec: { containers: [{ name: 'main', image: 'x' }] }, status: { phase: 'Pending' } },
    } as KubeObject)
  await pod('other', {})
  await pod('p', { 'workflows.argoproj.io/workflow': 'a' })
  expect(await until('pods_gauge', 'pods_gauge{phase="Pending"} 1')).toHaveLength(1)
  expect(linesOf('pods_total_count')).toEqual([
    'pods_total_count{namespace="default",phase="Pending"} 1',
  ])
})

test('the text is what Prometheus reads', async () => {
  await begin()
  expect(metrics.text()).toMatch(
    /^# HELP argo_workflows_is_leader .+\n# TYPE argo_workflows_is_leader gauge\nargo_workflows_is_leader 1\n/,
  )
  expect(linesOf('version')[0]).toContain('version="v1.2.3"')
})
