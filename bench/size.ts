import type { Bench, Plan, Verdict } from './harness/bench.ts'
import type { Body } from './harness/manifests.ts'
import { interleave, middle, type Runs, type Sample, spreads } from './harness/samples.ts'
import { simulate } from './harness/simulator.ts'
import { runWorkflows, type WorkflowsOrder } from './harness/workflows.ts'

const kinds = ['fan-out', 'layers', 'fan-out, pods', 'layers, pods'] as const
type Kind = (typeof kinds)[number]

/** What one node costs, however many there are. */
export const size: Bench = {
  name: 'size',
  about: 'nodes without processes, 100 to 50,000 in one workflow, with a slow reader',
  async run(plan) {
    const sizes = plan.quick ? [100, 1_000] : [100, 1_000, 10_000, 50_000]
    const runs = await interleave(plan, {
      ...Object.fromEntries(
        kinds.flatMap((kind) =>
          sizesOf(kind, sizes).map((count) => [`${kind} ${count}`, () => ours(plan, kind, count)]),
        ),
      ),
      ...Object.fromEntries(
        sizes
          .filter((count) => count <= 10_000)
          .map((count) => [`simulator ${count}`, () => simulate(plan.dir, count)]),
      ),
    })
    const verdicts = kinds.flatMap((kind) => verdictsOf(kind, sizesOf(kind, sizes), runs))
    return { figures: { sizes, ...spreads(runs) }, verdicts: [...verdicts, ...ahead(runs, sizes)] }
  },
}

/** Fifty thousand pods would take longer than a benchmark may. */
function sizesOf(kind: Kind, sizes: readonly number[]): readonly number[] {
  return kind.endsWith('pods') ? sizes.filter((count) => count <= 10_000) : sizes
}

/** Small workflows are run several times over, after some that warm the compiler up: growth is not to be hidden by it. */
function ours({ dir, quick }: Plan, kind: Kind, count: number): Promise<Sample> {
  const pods = kind.endsWith('pods')
  const shape: WorkflowsOrder['shape'] = kind.startsWith('layers') ? 'layers' : 'fan-out'
  const body: Body = pods ? 'process' : 'suspend'
  const nodes = quick ? 500 : pods ? 2_000 : 5_000
  const times = Math.max(1, Math.round(nodes / count))
  const order = { dir, steps: pods ? 'fake' : 'none', shape, body, count, times } as const
  return runWorkflows({ ...order, warm: 1_000, reader: true })
}

function verdictsOf(kind: Kind, sizes: readonly number[], runs: Runs<string>): Verdict[] {
  const micros = sizes.map((count) => middle(runs[`${kind} ${count}`] ?? [], 'cpuMsEach') * 1000)
  const bytes = sizes.map((count) => middle(runs[`${kind} ${count}`] ?? [], 'logBytesEach'))
  const growth = (values: readonly number[]) => (values.at(-1) ?? 0) / (values[0] ?? 1)
  const growing = { must: { most: 2 }, goal: { most: 1.3 } }
  const unit = `${sizes.at(-1)} ÷ ${sizes[0]}`
  // A pod costs what its step costs (fan-out's bound); of the workflow alone more is asked.
  const most = kind.endsWith('pods')
    ? { must: { most: 300 } }
    : { must: { most: 200 }, goal: { most: 80 } }
  return [
    { what: `${kind}: CPU at worst`, value: Math.max(...micros), unit: 'µs/node', ...most },
    { what: `${kind}: growth of CPU`, value: growth(micros), unit, ...growing },
    { what: `${kind}: growth of bytes`, value: growth(bytes), unit, ...growing },
    { what: `${kind}: bytes`, value: Math.max(...bytes), unit: 'B/node' },
  ]
}

function ahead(runs: Runs<string>, sizes: readonly number[]): Verdict[] {
  const count = Math.min(10_000, sizes.at(-1) ?? 0)
  const theirs = middle(runs[`simulator ${count}`] ?? [], 'cpuMsEach')
  const value = theirs / middle(runs[`fan-out ${count}`] ?? [], 'cpuMsEach')
  const goal = count === 10_000 ? { goal: { least: 1_000 } } : {}
  return [{ what: `whole-object simulator, ${count}`, value, unit: '× our CPU', ...goal }]
}
