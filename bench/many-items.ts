import type { Bench } from './harness/bench.ts'
import { bundle } from './harness/bundle.ts'
import { interleave, median, middle, spreads } from './harness/samples.ts'
import { inProcess, type WorkflowsOrder } from './harness/workflows.ts'

/** A long list in one workflow, each item a step in a sandbox of its own. */
export const manyItems: Bench = {
  name: 'many-items',
  about: 'withParam of 10,000 items × true in the sandbox',
  async run(plan) {
    const count = plan.quick ? 300 : 10_000
    // Unbuilt, the compiler of TypeScript would count as ours.
    const program = await bundle('workflows.program.ts', plan.dir)
    const order = { dir: plan.dir, steps: 'sandbox', shape: 'items', body: 'process' } as const
    const runs = await interleave(
      { ...plan, rounds: Math.min(plan.rounds, 2) },
      { ours: () => inProcess<WorkflowsOrder>(program, { ...order, count, warm: 1 }) },
    )
    const cores = runs.ours.map(({ cpuMsEach = 0, msEach = 1 }) => cpuMsEach / msEach)
    return {
      figures: { count, ...spreads(runs) },
      verdicts: [
        { what: 'our processor time', value: median(cores), unit: 'cores', must: { most: 0.25 } },
        { what: 'peak', value: middle(runs.ours, 'peakMb'), unit: 'MB', must: { most: 600 } },
        { what: 'our processor time', value: middle(runs.ours, 'cpuMsEach'), unit: 'ms/step' },
        { what: 'rate', value: middle(runs.ours, 'perSecond'), unit: 'steps/s' },
      ],
    }
  },
}
