import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { nodeLogs } from '@argosy/cluster'
import { formatTime, type Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { startArgoServer } from '@argosy/server'
import { openEmbedded } from '../packages/app/src/embedded.ts'
import type { Bench, Plan } from './harness/bench.ts'
import { has } from './harness/peers.ts'
import { interleave, middle, percentile, ratio, type Sample, spreads } from './harness/samples.ts'

type Embedded = Awaited<ReturnType<typeof openEmbedded>>

/** What a step may write, who reads along, and who looks for something afterwards: against a shell, a clock and grep. */
export const logs: Bench = {
  name: 'logs',
  about: 'a step that writes much, a hundred followers, and grep over a gigabyte',
  async run(plan) {
    const log = (line: string) => process.stderr.write(`${line}\n`)
    await using embedded = await openEmbedded({ dataDir: plan.dir, runtime: 'process', log })
    await embedded.start()
    await using server = await serving(embedded)
    // A server in use has run steps before: what is compiled for the first is not what writing costs.
    for (const round of Array(plan.quick ? 2 : 200).keys()) {
      await stepRuns(embedded, `warms-${round}`, 'true')
    }
    const file = await bigLog(plan, embedded)
    const bytes = plan.quick ? 20_000_000 : 200_000_000
    const turn = turns()
    const runs = await interleave<string>(
      { ...plan, rounds: Math.min(plan.rounds, 5) },
      {
        shell: () => shellWrites(plan, bytes),
        step: () => stepRuns(embedded, `writes-${turn()}`, writing(bytes)),
        // It takes as long, and writes nothing.
        'silent step': () => stepRuns(embedded, `silent-${turn()}`, 'sleep 0.25'),
        followers: () => followers(plan, { embedded, server, name: `ticks-${turn()}` }),
        ...(has('grep') && {
          grep: async () => timed(() => execFileSync('grep', ['-c', needle, file])),
        }),
        'our grep': () => search(server.url),
      },
    )
    const of = (name: string) => runs[name] ?? []
    return {
      figures: spreads(runs),
      missing: has('grep') ? [] : ['grep'],
      verdicts: [
        {
          ...{ what: 'a step that writes', unit: '× shell' },
          value: ratio([of('shell'), 'ms'], [of('step'), 'ms']),
          ...{ must: { least: 0.8 }, goal: { least: 0.95 } },
        },
        {
          ...{ what: 'our CPU meanwhile', unit: '% of a core' },
          value: middle(of('step'), 'cpuPercent'),
          ...{ must: { most: 5 }, goal: { most: 1 } },
        },
        {
          ...{ what: 'of it for the bytes', unit: '% of a core' },
          value:
            ((middle(of('step'), 'cpuMs') - middle(of('silent step'), 'cpuMs')) * 100) /
            middle(of('step'), 'ms'),
        },
        {
          ...{ what: 'line to follower, p99', unit: 'ms' },
          value: middle(of('followers'), 'p99'),
          ...{ must: { most: 200 }, goal: { most: 50 } },
        },
        ...(has('grep')
          ? [
              {
                ...{ what: 'grep through HTTP', unit: '× grep' },
                value: ratio([of('grep'), 'ms'], [of('our grep'), 'ms']),
                must: { least: 0.5 },
              },
            ]
          : []),
      ],
    }
  },
}

function serving({ client, clock, dataDir }: Embedded) {
  return startArgoServer({
    ...{ client, clock, host: '127.0.0.1', port: 0, modes: ['server'], version: '0.0.0' },
    ownIdentity: { user: 'admin', groups: [] },
    authenticate: async () => undefined,
    authorize: async () => ({ allowed: true, reason: '' }),
    log: (line) => process.stderr.write(`${line}\n`),
    logs: nodeLogs({ client, clock, dataDir }),
  })
}

const writing = (bytes: number) =>
  `yes "a line of a log, of the length that lines have" | head -c ${bytes}`

/** A number for each run. */
function turns(): () => number {
  let turn = 0
  return () => ++turn
}

async function timed(act: () => unknown): Promise<Sample> {
  const begin = performance.now()
  await act()
  return { ms: performance.now() - begin }
}

function shellWrites({ dir }: Plan, bytes: number): Promise<Sample> {
  const file = join(dir, 'shell.log')
  return timed(() => execFileSync('sh', ['-c', `{ ${writing(bytes)}; } >> ${file}`]))
}

function oneStep(name: string, command: readonly string[]): Workflow {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'default' },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: { name: 'main', image: 'x', command: [...command] } }],
    },
  }
}

async function stepRuns(embedded: Embedded, name: string, script: string): Promise<Sample> {
  const cpu = process.cpuUsage()
  const { ms = 0 } = await timed(async () => {
    const workflow = oneStep(name, ['sh', '-c', script])
    await embedded.client.create(resources.workflows, workflow)
    await ended(embedded, name)
  })
  const { user, system } = process.cpuUsage(cpu)
  const cpuMs = (user + system) / 1000
  return { ms, cpuMs, cpuPercent: (cpuMs * 100) / ms }
}

async function ended({ client }: Embedded, name: string): Promise<void> {
  const query = { resource: resources.workflows, namespace: 'default' }
  const stop = new AbortController()
  const { items, resourceVersion } = await client.list<Workflow>(query)
  const isEnded = ({ metadata, status }: Workflow) => {
    if (metadata.name !== name || !status?.finishedAt) return false
    if (status.phase === 'Succeeded') return true
    throw new Error(`${name} ${status.phase}: ${status.message}`)
  }
  if (items.some(isEnded)) return
  for await (const batch of client.watch<Workflow>({ ...query, resourceVersion }, stop.signal)) {
    if (batch.some(({ type, object }) => type !== 'BOOKMARK' && isEnded(object))) return
  }
}

interface Following {
  readonly embedded: Embedded
  readonly server: { readonly url: string }
  readonly name: string
}

/** A line a millisecond, each with the time at which it was written. */
const ticking = (seconds: number) => `
  const end = Date.now() + ${seconds * 1000}
  let due = Date.now()
  setInterval(() => {
    for (; due <= Date.now(); due++) process.stdout.write(Date.now() + '\\n')
    if (due > end) process.exit()
  }, 1)`

async function followers(plan: Plan, { embedded, server, name }: Following): Promise<Sample> {
  const program = [process.execPath, '-e', ticking(plan.quick ? 2 : 5)]
  await embedded.client.create(resources.workflows, oneStep(name, program))
  const late: number[] = []
  const path = `${server.url}/api/v1/workflows/default/${name}/log?logOptions.follow=true`
  const follow = async () => {
    const response = await fetch(path)
    if (!response.ok || !response.body) throw new Error(`${response.status}`)
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const now = Date.now()
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) late.push(now - Number(/"content":"(\d+)"/.exec(line)?.[1]))
    }
  }
  const cpu = process.cpuUsage()
  const { ms = 0 } = await timed(() => Promise.all(Array.from({ length: 100 }, follow)))
  const { user, system } = process.cpuUsage(cpu)
  const [p50, p99] = [percentile(late, 0.5), percentile(late, 0.99)]
  return { p50, p99, lines: late.length, cpuPercent: (user + system) / 10 / ms }
}

const needle = 'needle in the stack'

/** The log of a workflow whose pod is gone. */
async function bigLog({ quick }: Plan, { client, dataDir }: Embedded): Promise<string> {
  const folder = join(dataDir, 'logs')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'default_big_uid_main_0.log')
  const line = '2026-01-01T00:00:00Z INFO worker-7 handled order 123456 in 17 ms, all is well\n'
  const block = Buffer.from(`${line.repeat(13_000)}one ${needle}\n`)
  const file = openSync(path, 'w')
  for (let size = 0; size < (quick ? 100_000_000 : 1_000_000_000); size += block.length)
    writeSync(file, block)
  closeSync(file)
  // Both read what the machine has in its memory.
  if (quick) readFileSync(path)
  const at = formatTime(Date.now())
  const node = {
    id: 'big',
    name: 'big',
    displayName: 'big',
    type: 'Pod',
    phase: 'Succeeded',
  } as const
  const status = {
    phase: 'Succeeded',
    startedAt: at,
    finishedAt: at,
    nodes: { big: node },
  } as const
  const whole: Workflow = { ...oneStep('big', ['true']), status }
  await client.create(resources.workflows, whole)
  return path
}

async function search(url: string): Promise<Sample> {
  let found = 0
  const sample = await timed(async () => {
    const asked = new URLSearchParams({ grep: needle })
    const response = await fetch(`${url}/api/v1/workflows/default/big/log?${asked}`)
    found = (await response.text()).trim().split('\n').length
  })
  if (found < 10) throw new Error(`grep found ${found} lines`)
  return sample
}
