import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { advance, type Change, load, type Pod, type Workflow } from '@argosy/engine'
import { Draft, resources, systemClock } from '@argosy/kube'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fanOut, layers } from '../bench/harness/manifests.ts'
import { localClient, Store } from '../packages/cluster/src/index.ts'
import { startWorkflowOperator } from '../packages/operators/src/index.ts'

/**
 * What one completion costs must not depend on how many nodes there are: ratios between sizes, which hold on any machine,
 * counted where something can be counted. How fast it is, `npm run bench` says.
 */
const small = 100
const large = 10_000

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what the engine decides', () => {
  for (const shape of ['fan-out', 'layers'] as const) {
    it(`of ${shape}, a completion writes as much among many nodes as among few`, () => {
      const few = decide(shape, small)
      const many = decide(shape, large)
      expect(many.opsEach / few.opsEach).toBeLessThan(1.2)
      expect(many.bytesEach / few.bytesEach).toBeLessThan(1.2)
      // The busiest task of ten thousand starts a few more than the busiest of a hundred.
      expect(many.mostOps).toBeLessThan(3 * few.mostOps)
    })
  }
})

describe('what the store keeps', () => {
  it('a completion is a small row, however large the object, and the object is not built for it', async () => {
    const few = await patch(small)
    const many = await patch(large)
    expect(many.bytesEach / few.bytesEach).toBeLessThan(1.2)
    expect(many.deltaEach / few.deltaEach).toBeLessThan(1.2)
    expect(many.snapshots).toBeLessThanOrEqual(few.snapshots)
    expect(many.built).toBeLessThanOrEqual(few.built)
  })

  it('a watcher who asks only which object changed never has it built', async () => {
    const built = await watchNames(1_000)
    expect(built).toBeLessThan(20)
  })
})

describe('what a node takes of the processor', () => {
  for (const shape of ['fan-out', 'layers'] as const) {
    it(`grows by less than a factor of 3 from 200 to ${large} nodes of ${shape}`, async () => {
      // The compiler learns first; then the best of several, which is what a quiet machine would show.
      await cpuEach(shape, 1_000, 1)
      let few = await cpuEach(shape, 200, 10)
      let many = await cpuEach(shape, large, 1)
      for (let again = 0; again < 3 && many / few > 2; again++) {
        few = Math.min(few, await cpuEach(shape, 200, 10))
        many = Math.min(many, await cpuEach(shape, large, 1))
      }
      expect(many / few).toBeLessThan(3)
    })
  }
})

interface Decided {
  readonly opsEach: number
  readonly bytesEach: number
  readonly mostOps: number
}

/** Runs a workflow of pods through the engine alone; every pod's end is a pass of its own. */
function decide(shape: 'fan-out' | 'layers', count: number): Decided {
  const workflow = workflowOf(shape, count, 'process')
  const world = { workflowTemplate: none, clusterWorkflowTemplate: none, configMap: none }
  const run = load({ workflow, pods: [], results: [], world: world as never })
  const waiting: Pod[] = []
  let now = Date.parse('2026-01-01T00:00:00Z')
  let [ops, bytes, mostOps, passes] = [0, 0, 0, 0]
  const pass = (changes: readonly Change[]): boolean => {
    now += 1000
    const decision = advance(run, changes, now)
    waiting.push(...decision.create)
    // The first pass brings what is there from the beginning, and has no completion.
    if (changes.length > 0 && !decision.done) {
      ops += decision.ops.length
      bytes += JSON.stringify(decision.ops).length
      mostOps = Math.max(mostOps, decision.ops.length)
      passes += 1
    }
    return decision.done
  }
  let done = pass([])
  for (let pod = waiting.shift(); pod && !done; pod = waiting.shift()) {
    done = pass([{ kind: 'pod', pod: succeeded(pod) }])
  }
  expect(done).toBe(true)
  return { opsEach: ops / passes, bytesEach: bytes / passes, mostOps }
}

const none = () => undefined

function succeeded(pod: Pod): Pod {
  const time = '2026-01-01T00:00:00Z'
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time }
  const containerStatuses = [{ name: 'main', state: { terminated }, restartCount: 0 }]
  return { ...pod, status: { phase: 'Succeeded', containerStatuses } } as Pod
}

/** Ends 2,000 nodes of a Workflow of so many, ten per commit. */
async function patch(nodes: number) {
  const directory = mkdtempSync(join(tmpdir(), 'argosy-growth-'))
  try {
    const store = new Store({ directory, fatal: fail })
    const client = localClient({ store })
    const ids = Array.from({ length: nodes }, (_, index) => `node-${index + large}`)
    const node = { type: 'Pod', phase: 'Running', templateName: 'main', message: 'x'.repeat(200) }
    const status = { phase: 'Running', nodes: Object.fromEntries(ids.map((id) => [id, node])) }
    await client.create(resources.workflows, { ...identity, spec: {}, status } as never)
    const seal = vi.spyOn(Draft.prototype, 'seal')
    const ref = { resource: resources.workflows, namespace: 'default', name: 'workflow' }
    for (let index = 0; index < 2_000; index += 10) {
      const turn = Array.from({ length: 10 }, (_, offset) => {
        const path = `/status/nodes/${ids[(index + offset) % nodes]}`
        const value = `Succeeded ${10_000 + index + offset}`
        return client.patch(ref, {
          type: 'json',
          body: [{ op: 'replace', path: `${path}/phase`, value }],
        })
      })
      await Promise.all(turn)
    }
    const built = seal.mock.calls.length
    await store[Symbol.asyncDispose]()
    return { built, ...rowsOf(directory) }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Of the Workflow's rows: all bytes after the first one, those of the patches, and how often the whole was written. */
function rowsOf(directory: string) {
  using database = new DatabaseSync(join(directory, 'store.db'), { readOnly: true })
  const rows = database
    .prepare(
      "SELECT kind, octet_length(body) AS bytes FROM log WHERE collection LIKE 'workflows%' AND kind > 0",
    )
    .all() as unknown as readonly { readonly kind: number; readonly bytes: number }[]
  const deltas = rows.filter(({ kind }) => kind === 2)
  const sum = (some: typeof rows) => some.reduce((total, { bytes }) => total + bytes, 0)
  return {
    bytesEach: sum(rows) / rows.length,
    deltaEach: sum(deltas) / deltas.length,
    snapshots: rows.length - deltas.length,
  }
}

const identity = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'workflow', namespace: 'default' },
}

/** How often a Workflow was built while it ran and somebody followed the names of what changed. */
async function watchNames(count: number): Promise<number> {
  const seal = vi.spyOn(Draft.prototype, 'seal')
  const stop = new AbortController()
  await runOnce('fan-out', count, (client) => {
    const follow = async () => {
      const query = { resource: resources.workflows }
      for await (const batch of client.watch(query, stop.signal)) {
        expect(batch.every(({ name }) => name === 'workflow')).toBe(true)
      }
    }
    follow().catch(none)
  })
  stop.abort()
  return seal.mock.calls.length
}

/** Microseconds of processor for each node, through store, client and operator. */
async function cpuEach(shape: 'fan-out' | 'layers', count: number, times: number): Promise<number> {
  const cpu = process.cpuUsage()
  for (let time = 0; time < times; time++) await runOnce(shape, count)
  const { user, system } = process.cpuUsage(cpu)
  return (user + system) / (count * times)
}

type LocalClient = ReturnType<typeof localClient>

async function runOnce(
  shape: 'fan-out' | 'layers',
  count: number,
  look: (client: LocalClient) => void = none,
): Promise<void> {
  await using store = new Store({ fatal: fail })
  const client = localClient({ store })
  await using _operator = await startWorkflowOperator({ client, clock: systemClock })
  look(client)
  await client.create(resources.workflows, workflowOf(shape, count, 'suspend'))
  const labelSelector = 'workflows.argoproj.io/completed=true'
  const query = { resource: resources.workflows, labelSelector }
  for await (const [event] of client.watch<Workflow>(query, new AbortController().signal)) {
    expect(event?.object.status?.phase).toBe('Succeeded')
    return
  }
}

function workflowOf(shape: 'fan-out' | 'layers', count: number, body: 'process' | 'suspend') {
  const made = shape === 'layers' ? layers(count, body) : fanOut(count, body, 10)
  const metadata = { name: 'workflow', namespace: 'default', uid: 'uid' }
  return { ...made, metadata } as Workflow
}

function fail(error: Error): never {
  throw error
}
