import { setTimeout as delay } from 'node:timers/promises'
import type { Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { busybox } from '../../packages/cluster/src/node/runtimes/docker/engine.fixture.ts'
import { type Engine, openEngine } from '../../packages/cluster/src/node/runtimes/docker/engine.ts'
import { engineSocket } from '../../packages/cluster/src/node/runtimes/docker/engine-socket.ts'
import { dirLabel } from '../../packages/cluster/src/node/runtimes/docker/identity.ts'
import { bareStep } from './bare-step.ts'
import { stepsChain } from './manifests.ts'
import { median } from './samples.ts'
import { openWorld } from './world.ts'

interface PairsOrder {
  readonly dir: string
  readonly pairs: number
  /** How many steps follow each other in each half of a pair. */
  readonly steps: number
  readonly warm: number
}

const settleMs = 100
const lookMs = 2
/**
 * One warm process in which containers of our steps and of four bare calls take turns, each turn on an engine that has
 * nothing else to do. Prints the medians of the pairs, each step's share.
 */
const { dir, pairs, steps, warm } = JSON.parse(process.argv[2] ?? '') as PairsOrder
const engine = await openEngine(engineSocket())
await using world = await openWorld('docker', dir)
const taken: Pair[] = []
for (let turn = 0; turn < warm + pairs; turn++) {
  const one = await pair(turn)
  if (turn >= warm) taken.push(one)
}
const middle = (of: (one: Pair) => number) => median(taken.map(of)) / steps
process.stdout.write(
  JSON.stringify({
    bareMs: middle(({ bare }) => bare.ms),
    oursMs: middle(({ ours }) => ours.ms),
    moreMs: middle(({ bare, ours }) => ours.ms - bare.ms),
    untilGoneMoreMs: middle(({ bare, ours }) => ours.goneMs - bare.goneMs),
    bareCpuMs: middle(({ bare }) => bare.cpuMs),
    oursCpuMs: middle(({ ours }) => ours.cpuMs),
  }),
)
process.exit(0)

interface Half {
  readonly ms: number
  /** Until the engine has nothing left of it. */
  readonly goneMs: number
  readonly cpuMs: number
}

interface Pair {
  readonly bare: Half
  readonly ours: Half
}

/** What is first has no advantage: the halves change places. */
async function pair(turn: number): Promise<Pair> {
  const oursFirst = turn % 2 === 1
  const early = oursFirst ? await half(ours) : undefined
  const bare = await half(bareSteps)
  return { bare, ours: early ?? (await half(ours)) }
}

async function half(work: () => Promise<void>): Promise<Half> {
  const cpu = process.cpuUsage()
  const begin = performance.now()
  await work()
  const ms = performance.now() - begin
  const { user, system } = process.cpuUsage(cpu)
  await gone(engine)
  const goneMs = performance.now() - begin
  // What the engine does after its answers.
  await delay(settleMs)
  return { ms, goneMs, cpuMs: (user + system) / 1000 }
}

async function gone(engine: Engine): Promise<void> {
  const query = { all: true, filters: JSON.stringify({ label: [dirLabel] }) }
  const left = () => engine.json<readonly object[]>({ path: '/containers/json', query })
  while ((await left())?.length !== 0) await delay(lookMs)
}

async function bareSteps(): Promise<void> {
  for (let step = 0; step < steps; step++) await bareStep(engine, busybox)
}

function ours(): Promise<void> {
  return run(world.client)
}

/** One workflow, from before it is created until whoever waits for it has heard of its end. */
async function run(client: Client): Promise<void> {
  const { name = '' } = await client.create(resources.workflows, stepsChain(steps))
  const query = {
    resource: resources.workflows,
    labelSelector: 'workflows.argoproj.io/completed=true',
    fieldSelector: `metadata.name=${name}`,
  }
  for await (const [one] of client.watch(query, new AbortController().signal)) {
    const { status } = (one?.object ?? {}) as Workflow
    if (status?.phase !== 'Succeeded') throw new Error(`${name} ended as ${status?.phase}`)
    break
  }
}
