import { mkdtempSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Workflow } from '@argosy/engine'
import type { Bench, Plan } from './harness/bench.ts'
import { buildProduct } from './harness/bundle.ts'
import { compileFloor } from './harness/floor.ts'
import { type Body, oneStep } from './harness/manifests.ts'
import { interleave, middle, percentile, ratio, type Sample, spreads } from './harness/samples.ts'
import { type ServerUnderTest, startServer } from './harness/server.ts'

const connections = 16
const perSecond = 50

/** Small workflows, as many as the server takes: from outside, over HTTPS. */
export const workflowRate: Bench = {
  name: 'workflow-rate',
  about: '3,000 one-step workflows over 16 connections; 50 a second',
  async run(plan) {
    const count = plan.quick ? 150 : 3_000
    const paced = plan.quick ? 50 : 500
    buildProduct()
    const floor = compileFloor(plan.dir)
    const runs = await interleave(plan, {
      limit: () => floor(count, 2),
      processes: () => withServer(plan, (server) => flood(server, 'process', count)),
      'no processes': () => withServer(plan, (server) => flood(server, 'suspend', count)),
      'at 50/s': () => withServer(plan, (server) => steady(server, 'process', paced)),
      'at 50/s, no processes': () => withServer(plan, (server) => steady(server, 'suspend', paced)),
    })
    return {
      figures: { count, ...spreads(runs) },
      verdicts: [
        {
          ...{ what: 'rate', value: middle(runs.processes, 'perSecond'), unit: 'workflows/s' },
          ...{ must: { least: 300 }, goal: { least: 600 } },
        },
        {
          ...{ what: 'rate', unit: '× spawn ×2', goal: { least: 0.4 } },
          value: ratio([runs.processes, 'perSecond'], [runs.limit, 'perSecond']),
        },
        {
          ...{ what: 'rate, no processes', unit: 'workflows/s', goal: { least: 4_000 } },
          value: middle(runs['no processes'], 'perSecond'),
        },
        { what: 'server CPU', value: middle(runs.processes, 'cpuMsEach'), unit: 'ms/workflow' },
        {
          ...{ what: 'submit to Succeeded at 50/s, p50', unit: 'ms', goal: { most: 5 } },
          value: middle(runs['at 50/s'], 'p50'),
        },
        {
          ...{ what: 'submit to Succeeded at 50/s, p99', unit: 'ms' },
          value: middle(runs['at 50/s'], 'p99'),
        },
        { what: 'peak', value: middle(runs.processes, 'peakMb'), unit: 'MB' },
      ],
    }
  },
}

async function withServer(plan: Plan, work: (server: ServerUnderTest) => Promise<Sample>) {
  const dir = mkdtempSync(`${plan.dir}/server-`)
  await using server = await startServer(dir, { runtime: 'process', connections })
  // The first ones compile; nobody who asks for a rate means them.
  await measured(server, { prefix: 'warm', count: 50 }, (submit) => atOnce(50, submit('process')))
  return await work(server)
}

async function flood(server: ServerUnderTest, body: Body, count: number): Promise<Sample> {
  const many = { prefix: 'flood', count }
  const sample = await measured(server, many, (submit) => atOnce(count, submit(body)))
  return { ...sample, peakMb: server.peakMb() }
}

async function steady(server: ServerUnderTest, body: Body, count: number): Promise<Sample> {
  return measured(server, { prefix: 'steady', count }, async (submit) => {
    const begin = performance.now()
    const sent: Promise<void>[] = []
    for (let index = 0; index < count; index++) {
      await delay(Math.max(0, begin + (index * 1000) / perSecond - performance.now()))
      sent.push(submit(body)(index))
    }
    await Promise.all(sent)
  })
}

type Submit = (body: Body) => (index: number) => Promise<void>

async function atOnce(count: number, submit: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const client = async () => {
    for (let index = next++; index < count; index = next++) await submit(index)
  }
  await Promise.all(Array.from({ length: connections }, client))
}

const path = '/apis/argoproj.io/v1alpha1/namespaces/default/workflows'

/** Does the work and waits until each of its workflows has succeeded, as a watcher hears of it. */
async function measured(
  server: ServerUnderTest,
  { prefix, count }: { readonly prefix: string; readonly count: number },
  work: (submit: Submit) => Promise<void>,
): Promise<Sample> {
  const begun = new Map<string, number>()
  const took: number[] = []
  let resolve = () => {}
  let reject = (_: Error) => {}
  const all = new Promise<void>((good, bad) => {
    resolve = good
    reject = bad
  })
  const selector = 'labelSelector=workflows.argoproj.io%2Fcompleted%3Dtrue'
  const end = await server.follow(`${path}?watch=1&${selector}`, (line) => {
    const now = performance.now()
    const { metadata, status } = (JSON.parse(line) as { object: Workflow }).object
    const start = begun.get(metadata.name ?? '')
    if (start === undefined) return
    begun.delete(metadata.name ?? '')
    if (status?.phase !== 'Succeeded') reject(new Error(line))
    took.push(now - start)
    if (took.length === count) resolve()
  })
  const before = server.cpu()
  const begin = performance.now()
  const submit: Submit = (body) => async (index) => {
    const name = `${prefix}-${index}`
    begun.set(name, performance.now())
    await server.ask('POST', path, oneStep(name, body))
  }
  await Promise.all([work(submit), all])
  const ms = performance.now() - begin
  end()
  const after = server.cpu()
  return {
    perSecond: (count * 1000) / ms,
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
    cpuMsEach: ((after.seconds - before.seconds) * 1000) / count,
    childCpuMsEach: ((after.childSeconds - before.childSeconds) * 1000) / count,
  }
}
