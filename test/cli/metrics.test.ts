import { text } from 'node:stream/consumers'
import { Connection, readContext } from '@argosy/kube/remote'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cli } from './cli.ts'

let cli: Cli
beforeAll(async () => {
  cli = await Cli.open()
})
afterAll(() => cli[Symbol.asyncDispose]())

const workflow = JSON.stringify({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'counted' } },
  spec: {
    entrypoint: 'main',
    templates: [{ name: 'main', container: { image: 'alpine', command: ['true'] } }],
  },
})

it('a server tells of its requests, its queues and its store', async () => {
  await cli.says('submit - --wait', workflow)
  await cli.says('archive list')
  const { access } = await readContext({ kubeconfig: cli.kubeconfig })
  using connection = new Connection(access)
  const told = await text(await connection.open('/metrics', { accept: '*/*' }))
  const value = (start: string) =>
    Number(
      told
        .split('\n')
        .find((line) => line.startsWith(start))
        ?.split(' ')
        .at(-1),
    )
  const posted =
    'apiserver_request_total{code="201",component="apiserver",group="argoproj.io",resource="workflows"'
  expect(value(posted)).toBe(1)
  expect(value('grpc_server_handled_total{grpc_code="OK",grpc_method="ListArchived')).toBe(1)
  expect(value('argo_workflows_queue_adds_count{queue_name="workflow_queue"}')).toBeGreaterThan(1)
  expect(value('argo_workflows_queue_depth_gauge{queue_name="workflow_queue"}')).toBe(0)
  expect(value('argo_workflows_workers_busy_count{worker_type="workflow_queue"}')).toBe(0)
  expect(value('etcd_disk_backend_commit_duration_seconds_count')).toBeGreaterThan(3)
  expect(value('argosy_store_writes_total')).toBeGreaterThan(10)
  // As Prometheus reads it: a name, labels, a number, each of a family that was announced.
  const families = new Set([...told.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  for (const line of told
    .trim()
    .split('\n')
    .filter((one) => !one.startsWith('#'))) {
    const name = /^([a-z_]+?)(?:_bucket|_sum|_count)?(?:\{(?:\w+="[^"]*",?)+\})? [\d.e+-]+$/.exec(
      line,
    )
    const known = [name?.[1], line.split(/[{ ]/)[0]].some((one) => families.has(one))
    expect([line, known]).toEqual([line, true])
  }
})
