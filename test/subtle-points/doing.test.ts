import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Artifact,
  advance,
  type KubeObject,
  load,
  type StepPlan,
  type Workflow,
} from '@argosy/engine'
import { resources } from '@argosy/kube'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aStep, machine, phaseIs } from '../../packages/cluster/src/node/fixture.ts'
import { driverOf, localDrivers } from '../../packages/executor/src/artifacts/drivers.ts'
import { collect } from '../../packages/executor/src/collect.ts'
import { CustomMetrics } from '../../packages/operators/src/metrics/custom-metrics.ts'
import { identity, workbench } from '../operator/workbench.ts'
import { inDefault, openArgoApi, put } from '../server/argo-api.ts'
import { played } from './played.ts'

// What implementers get wrong, one test for each point: those that show in what is done outside of the engine.

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-points-'))
})
afterEach(() => rm(room, { recursive: true, force: true }))

test('3, of container sets: `retries` counts all attempts there', async () => {
  await using here = await machine()
  await here.start()
  const retryStrategy = { retries: '2', duration: '5s' }
  const containerSet = { containers: [{ name: 'main' }], retryStrategy }
  const containers = [{ name: 'main', image: 'busybox', command: ['true'] }]
  await here.create(aStep('set', { containerSet }, {}, { containers }))
  const folders = () => [...here.runtime.containers.values()].map(({ spec }) => spec.dir)
  const attempted = new Set<string>()
  const begun = (attempt: number) => () => {
    for (const dir of folders()) attempted.add(dir)
    return folders().some((dir) => dir.endsWith(`.${attempt}`))
  }
  ;(await here.container('main')).end(1)
  await here.until('set', () => here.clock.waiting > 1)
  begun(0)()
  here.clock.advance(5000)
  await here.until('set', begun(1))
  ;(await here.container('main')).end(1)
  await here.until('set', phaseIs('Failed'))
  expect(attempted.size).toBe(2)
})

test('12. memoized outputs are kept in the namespace of the controller, in ConfigMaps with a label of their own', async () => {
  await using bench = workbench()
  bench.succeedAll()
  await using _ = await bench.operator({ load, advance })
  const container = { name: 'main', image: 'i', command: ['c'] }
  const memoize = { key: 'k', cache: { configMap: { name: 'kept' } } }
  await bench.client.create(resources.workflows, {
    ...identity,
    metadata: { name: 'a', namespace: 'default' },
    spec: { entrypoint: 'pod', templates: [{ name: 'pod', container, memoize }] },
  } as KubeObject)
  const isOver = ({ metadata }: Workflow) =>
    metadata.labels?.['workflows.argoproj.io/completed'] === 'true'
  await bench.until('a', isOver)
  const find = (namespace: string) =>
    bench.client.get({ resource: resources.configMaps, namespace, name: 'kept' })
  await expect.poll(() => find('argo'), { interval: 1 }).toBeDefined()
  expect((await find('argo'))?.metadata.labels).toEqual({
    'workflows.argoproj.io/configmap-type': 'Cache',
  })
  expect(await find('default')).toBe(undefined)
})

test('20. events of a stream are `data: {json} ` with a space, errors bear gRPC codes, lists hold what is live and what is archived, `continue` is an offset', async () => {
  await using api = await openArgoApi({}, { archived: true })
  for (const name of ['a', 'b', 'c']) await put(api.client, name)
  const events = `/api/v1/workflow-events/default?listOptions.resourceVersion=0`
  await api.streaming(events, { accept: 'text/event-stream' }, async (next) => {
    expect(await next()).toMatch(/^data: \{"result":.*\} \n\n/)
  })
  const { code, json } = await api.ask(`${inDefault}/nobody`)
  expect([code, json['code']]).toEqual([404, 5])

  const page = await api.ask(`${inDefault}?listOptions.limit=2`)
  expect(page.json['metadata']).toMatchObject({ continue: '2' })
  const rest = await api.ask(`${inDefault}?listOptions.limit=2&listOptions.continue=2`)
  expect((rest.json['items'] as readonly unknown[]).length).toBe(1)

  const at = '2026-01-01T00:00:00Z'
  const status = { phase: 'Failed', startedAt: at, finishedAt: at }
  await put(api.client, 'old', { metadata: { name: 'old', namespace: 'default' }, status })
  const archived = async () => (await api.ask('/api/v1/archived-workflows')).text.includes('"old"')
  await expect.poll(archived, { interval: 1 }).toBe(true)
  await api.ask(`${inDefault}/old`, { method: 'DELETE' })
  const all = (await api.ask(inDefault)).json['items'] as readonly { metadata: { name: string } }[]
  expect(all.map(({ metadata }) => metadata.name)).toContain('old')
})

function collected(outputs: StepPlan['template']['outputs'], includeResult = false) {
  const plan: StepPlan = {
    nodeId: 'n',
    template: { ...(outputs && { outputs }) },
    archiveLocation: { disk: { key: 'wf/n' } },
    includeResult,
  }
  return collect(plan, {
    resolve: async (path) => join(room, 'view', path),
    stdout: join(room, 'stdout'),
    logs: [],
    isSettled: () => false,
    drivers: localDrivers(join(room, 'kept')),
  })
}

test('22. an artifact is kept as `name.tgz`; what is loaded is unpacked when it is a tarball, and one entry alone is the artifact', async () => {
  await mkdir(join(room, 'view'))
  await writeFile(join(room, 'view/f'), 'text')
  const { outputs } = await collected({ artifacts: [{ name: 'out', path: '/f' }] })
  const [saved] = outputs.artifacts ?? []
  expect(saved).toMatchObject({ disk: { key: 'wf/n/out.tgz' } })
  const load = (one: Artifact, as: string) =>
    driverOf(localDrivers(join(room, 'kept')), one).load(one, join(room, as))
  const artifact = saved ?? { name: 'out' }
  await load(artifact, 'again')
  expect(await readFile(join(room, 'again'), 'utf8')).toBe('text')
  const plain = { ...artifact, archive: { none: {} } }
  await load(plain, 'packed')
  expect([...(await readFile(join(room, 'packed'))).subarray(0, 2)]).toEqual([0x1f, 0x8b])
  expect(await readdir(room)).toContain('kept')
})

test('23. one newline is taken from the end of parameters and results; a result is its last 256 KiB', async () => {
  await mkdir(join(room, 'view'))
  await writeFile(join(room, 'view/v'), 'value\n\n')
  await writeFile(join(room, 'stdout'), `lost${'x'.repeat(256 * 1024)}\n`)
  const { outputs } = await collected(
    { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
    true,
  )
  expect(outputs.parameters?.[0]?.value).toBe('value\n')
  expect(outputs.result).toBe('x'.repeat(256 * 1024))
})

test('25. metrics get no `_total`, another help for a name is an error, and gauges in real time know only durations', () => {
  const told: string[] = []
  const metrics = new CustomMetrics({ now: () => 0, log: (line) => told.push(line) })
  const runs = { name: 'runs', help: 'h', type: 'counter' as const, labels: [], value: 1 }
  metrics.apply([runs, { ...runs, help: 'other' }])
  expect(metrics.text()).toContain('\nargo_workflows_runs 1\n')
  expect(told).toEqual([
    'metric runs: help for metric runs is already set to h, it cannot be changed',
  ])
  const live = (value: string) =>
    played(`
main: {container: {image: i}, metrics: {prometheus: [{name: g, help: h, gauge: {realtime: true, value: '${value}'}}]}}`)
  expect(live('{{duration}}').whole('metrics')).toContain('g running')
  expect(live('{{status}}').whole('metrics')).toBe('')
})

test('26. a request is sent once for each node: a restart sends it no more, and a retry is another node', () => {
  const text = `
main: {retryStrategy: {limit: 1}, http: {url: 'http://h'}}
--
(0): {fails: 'received non-2xx response code: 503'}
(1): {result: ok}`
  for (const crash of [() => false, () => true]) {
    const run = played(text, { crash })
    expect([run.line('(0)'), run.line('(1)')]).toEqual([
      'HTTP Failed: received non-2xx response code: 503',
      'HTTP Succeeded',
    ])
    expect(run.play.created.length).toBe(2)
  }
})
