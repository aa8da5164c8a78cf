import { localClient, Store } from '@argosy/cluster'
import type { CronWorkflow, KubeObject, Workflow } from '@argosy/engine'
import { type Client, handClock, resources } from '@argosy/kube'
import { startCronOperator } from '@argosy/operators'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { dyingAfter } from './controllers.fixture.ts'

const begin = Date.UTC(2026, 0, 1, 10, 0, 30)

let open: AsyncDisposableStack
let client: Client
let clock: ReturnType<typeof handClock>
let log: string[]

beforeEach(async () => {
  open = new AsyncDisposableStack()
  clock = handClock(begin)
  log = []
  const store = open.use(new Store({ fatal: (error) => expect.unreachable(error.message) }))
  client = localClient({ store, clock })
})
afterEach(() => open.disposeAsync())

const spec = {
  entrypoint: 'a',
  templates: [{ name: 'a', container: { image: 'i', command: ['true'] } }],
}

async function schedule(more: object = {}): Promise<void> {
  await client.create(resources.cronWorkflows, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { name: 'c', namespace: 'default' },
    spec: { schedules: ['* * * * *'], workflowSpec: spec, ...more },
  } as KubeObject)
}

async function operate(through = client): Promise<AsyncDisposable> {
  const operator = await startCronOperator({
    client: through,
    clock,
    log: (line) => log.push(line),
  })
  await turns()
  return operator
}

async function turns(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve))
}

async function passes(ms: number): Promise<void> {
  await turns()
  clock.advance(ms)
  await turns()
}

async function runs(): Promise<readonly Workflow[]> {
  return (await client.list<Workflow>({ resource: resources.workflows })).items
}

async function minutes(): Promise<readonly string[]> {
  const times = (await runs()).map(({ metadata }) =>
    metadata.annotations?.['workflows.argoproj.io/scheduled-time']?.slice(14, 16),
  )
  return times.map((time) => time ?? '').sort()
}

async function finish(phase: 'Succeeded' | 'Failed'): Promise<void> {
  for (const { metadata, status } of await runs()) {
    if (status?.phase !== undefined) continue
    const { name = '', namespace = '' } = metadata
    const body = { status: { phase, finishedAt: new Date(clock.now()).toISOString() } }
    await client.patch({ resource: resources.workflows, namespace, name }, { type: 'merge', body })
  }
}

async function stored(): Promise<CronWorkflow> {
  const ref = { resource: resources.cronWorkflows, namespace: 'default', name: 'c' }
  const found = await client.get<CronWorkflow>(ref)
  if (found === undefined) throw new Error('no cron')
  return found
}

it('makes a run each minute, notes it, and counts how it ended', async () => {
  await schedule()
  open.use(await operate())
  await passes(30_000)
  await vi.waitFor(async () => expect(await minutes()).toEqual(['01']))
  await vi.waitFor(async () => expect((await stored()).status?.active).toHaveLength(1))
  await finish('Succeeded')
  await vi.waitFor(async () =>
    expect((await stored()).status).toMatchObject({
      succeeded: 1,
      phase: 'Active',
      lastScheduledTime: '2026-01-01T10:01:00Z',
    }),
  )
  await passes(60_000)
  await vi.waitFor(async () => expect(await minutes()).toEqual(['01', '02']))
  expect(log).toEqual([])
})

it('keeps no more finished runs than it should', async () => {
  await schedule({ successfulJobsHistoryLimit: 1 })
  open.use(await operate())
  for (const minute of ['01', '02', '03']) {
    await passes(minute === '01' ? 30_000 : 60_000)
    await vi.waitFor(async () => expect(await minutes()).toContain(minute))
    await finish('Succeeded')
  }
  await vi.waitFor(async () => expect(await minutes()).toEqual(['03']))
  expect((await stored()).status?.succeeded).toBe(3)
})

it('ends the run that is replaced', async () => {
  await schedule({ concurrencyPolicy: 'Replace' })
  open.use(await operate())
  await passes(30_000)
  await vi.waitFor(async () => expect(await minutes()).toEqual(['01']))
  await passes(60_000)
  await vi.waitFor(async () => expect(await minutes()).toEqual(['01', '02']))
  const shutdowns = (await runs()).map(({ spec: { shutdown } }) => shutdown)
  expect(shutdowns.filter((one) => one === 'Terminate')).toHaveLength(1)
})

it('says what is wrong, and runs once it is right', async () => {
  await schedule({ workflowSpec: { workflowTemplateRef: { name: 't' } } })
  open.use(await operate())
  await vi.waitFor(async () =>
    expect((await stored()).status?.conditions?.[0]).toMatchObject({ type: 'SpecError' }),
  )
  await client.create(resources.workflowTemplates, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'WorkflowTemplate',
    metadata: { name: 't', namespace: 'default' },
    spec,
  } as KubeObject)
  await vi.waitFor(async () => expect((await stored()).status?.conditions ?? []).toEqual([]))
  await passes(30_000)
  await vi.waitFor(async () => expect(await minutes()).toEqual(['01']))
})

it.each([0, 1, 2, 3, 4, 5])(
  'killed before its effect %i it makes one run for each tick, and counts each once',
  async (effects) => {
    await schedule({ startingDeadlineSeconds: 300, successfulJobsHistoryLimit: 100 })
    const first = await operate()
    await passes(30_000)
    await vi.waitFor(async () => expect((await stored()).status?.active).toHaveLength(1))
    await first[Symbol.asyncDispose]()

    const doomed = operate(dyingAfter(effects, client))
    await turns()
    await passes(60_000)
    await finish('Succeeded')
    await turns()
    void doomed

    open.use(await operate())
    await vi.waitFor(async () => expect(await minutes()).toEqual(['01', '02']))
    await finish('Succeeded')
    await vi.waitFor(async () =>
      expect((await stored()).status).toMatchObject({ succeeded: 2, failed: 0 }),
    )
    expect((await stored()).status?.active ?? []).toEqual([])
  },
)
