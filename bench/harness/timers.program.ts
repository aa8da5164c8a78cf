import { mkdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { removeStateDir } from '@argosy/cluster'
import type { KubeObject, Pod, Workflow } from '@argosy/engine'
import { type Client, resources, type WatchQuery } from '@argosy/kube'
import { failing, pausing, scheduled } from './manifests.ts'
import { percentile, type Sample } from './samples.ts'
import { openWorld } from './world.ts'

/** What is to become due. */
export interface TimersOrder {
  readonly dir: string
  readonly what: 'crons' | 'suspended' | 'retries' | 'plain timers'
  readonly count: number
  /** How long the suspended ones wait, and failed attempts before the next. */
  readonly seconds: number
}

/** A process of its own in which many things become due, and which prints how late they were. */
const order = JSON.parse(process.argv[2] ?? '') as TimersOrder
const dir = `${order.dir}/data`
/** Calls in flight. */
const atOnce = 64
const madePerSecond = 400
mkdirSync(dir)
process.stdout.write(JSON.stringify(await measure()))
await removeStateDir(dir)
process.exit(0)

async function measure(): Promise<Sample> {
  if (order.what === 'plain timers') return plainTimers()
  await using world = await openWorld('process', dir)
  const kinds = { crons, suspended, retries }
  return await kinds[order.what](world.client)
}

/** What the runtime itself makes of so many timers for one moment. */
async function plainTimers(): Promise<Sample> {
  const due = Date.now() + 1_000
  const late = await Promise.all(
    Array.from({ length: order.count }, () => delay(due - Date.now()).then(() => Date.now() - due)),
  )
  return lags(late)
}

/** All of them at the beginning of the same minute; late is who has not ended its workflow. */
async function crons(client: Client): Promise<Sample> {
  const { count } = order
  const ready = Date.now() + 3_000 + count * 4
  const due = Math.ceil(ready / 60_000) * 60_000
  const at = new Date(due)
  const schedule = `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`
  await all(count, (index) =>
    client.create(resources.cronWorkflows, scheduled(`tick-${index}`, schedule)),
  )
  if (Date.now() > due - 1_000) throw new Error('they could not be made in time')
  const begun: number[] = []
  const ended: number[] = []
  const { stop, heard } = follow<Workflow>(client, { resource: resources.workflows }, (event) => {
    if (event.type === 'ADDED') begun.push(Date.now() - due)
    if (!isCompleted(event.object)) return false
    if (event.object.status?.phase !== 'Succeeded') throw new Error(event.object.status?.message)
    return ended.push(Date.now() - due) === count
  })
  const idle = await idleCpu(due - Date.now() - 1_000)
  const before = process.cpuUsage()
  await heard
  stop()
  if (begun.length !== count) throw new Error(`${begun.length} workflows of ${count} schedules`)
  const { p50: endP50 = 0, p99: endP99 = 0 } = lags(ended)
  return { ...lags(begun), endP50, endP99, idlePercent: idle, cpuMsEach: cpuEach(before) }
}

/** They begin one after the other, evenly; each is due when it has waited for its time, to the millisecond. */
async function suspended(client: Client): Promise<Sample> {
  const { count, seconds } = order
  const begun = new Map<string, number>()
  const late: number[] = []
  const query = { resource: resources.workflows }
  const { stop, heard } = follow<Workflow>(client, query, ({ type, object }) => {
    const { name = '' } = object.metadata
    if (type === 'DELETED' || !object.status?.nodes) return false
    const since = begun.get(name)
    if (since === undefined) begun.set(name, Date.now())
    else if (isCompleted(object)) late.push(Date.now() - since - seconds * 1_000)
    return late.length === count
  })
  const begin = Date.now()
  await evenly(count, () => client.create(resources.workflows, pausing(seconds)))
  const madeMs = Date.now() - begin
  // The last ones have begun, and the first ones are not due.
  await delay(2_000)
  const left = begin + seconds * 1_000 - Date.now() - 1_000
  if (left < 1_000) throw new Error(`they could not be made in time (${madeMs} ms)`)
  const idlePercent = await idleCpu(left)
  const before = process.cpuUsage()
  await heard
  stop()
  const rssMb = process.memoryUsage().rss / 1e6
  return { ...lags(late), madeMs, idlePercent, cpuMsEach: cpuEach(before), rssMb }
}

/** Late is a second attempt after the end of the first one has been written and its pause is over. */
async function retries(client: Client): Promise<Sample> {
  const { count, seconds } = order
  const ended = new Map<string, number>()
  const again = new Map<string, number>()
  const pods = follow<Pod>(client, { resource: resources.pods }, ({ type, object }) => {
    const name = object.metadata.annotations?.['workflows.argoproj.io/node-name'] ?? ''
    const node = name.replace(/\(\d\)$/, '')
    const over = object.status?.phase === 'Failed'
    if (name.endsWith('(0)') && over && !ended.has(node)) ended.set(node, Date.now())
    if (name.endsWith('(1)') && type === 'ADDED') again.set(node, Date.now())
    return again.size === count
  })
  await client.create(resources.workflows, failing(count, seconds))
  await pods.heard
  pods.stop()
  const late = [...again].map(([node, at]) => at - (ended.get(node) ?? at) - seconds * 1_000)
  return lags(late)
}

function isCompleted({ metadata }: KubeObject): boolean {
  return metadata.labels?.['workflows.argoproj.io/completed'] === 'true'
}

function lags(late: readonly number[]): Sample {
  return { p50: percentile(late, 0.5), p99: percentile(late, 0.99), most: Math.max(...late) }
}

/** Milliseconds of processor time since then, for each of what became due. */
function cpuEach(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / order.count
}

/** How much of one processor this process uses while nothing happens. */
async function idleCpu(ms: number): Promise<number> {
  const begin = performance.now()
  const before = process.cpuUsage()
  await delay(Math.max(0, ms))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 10 / (performance.now() - begin)
}

async function all(count: number, make: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const maker = async () => {
    for (let index = next++; index < count; index = next++) await make(index)
  }
  await Promise.all(Array.from({ length: atOnce }, maker))
}

/** So many each second, however long one of them takes. */
async function evenly(count: number, make: () => Promise<unknown>): Promise<void> {
  const begin = Date.now()
  const made: Promise<unknown>[] = []
  while (made.length < count) {
    const due = Math.ceil((Date.now() - begin) * (madePerSecond / 1_000))
    while (made.length < Math.min(due, count)) made.push(make())
    await delay(1)
  }
  await Promise.all(made)
}

type Event<T> = { readonly type: string; readonly object: T }

/** Resolves `heard` when `hear` says that this was the last one. */
function follow<T extends KubeObject>(
  client: Client,
  query: WatchQuery,
  hear: (event: Event<T>) => boolean,
): { stop(): void; heard: Promise<void> } {
  const life = new AbortController()
  const run = async () => {
    for await (const batch of client.watch<T>(query, life.signal)) {
      for (const event of batch) if (hear(event as Event<T>)) return
    }
  }
  return { stop: () => life.abort(), heard: run() }
}
