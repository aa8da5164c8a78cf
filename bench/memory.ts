import type { Bench, Plan } from './harness/bench.ts'
import type { MemoryOrder } from './harness/memory.program.ts'
import { interleave, middle, type Sample, spreads } from './harness/samples.ts'
import { inProcess } from './harness/workflows.ts'

/** What is kept in memory for what is alive, and whether it is given back. */
export const memory: Bench = {
  name: 'memory',
  about: 'idle; 10,000 suspended workflows; one workflow of 100,000 nodes; all deleted',
  async run(plan) {
    const few = plan.quick ? 500 : 10_000
    const many = plan.quick ? 5_000 : 100_000
    const runs = await interleave(plan, {
      bare: () => inProcess('bare.program.ts', { dir: plan.dir }, ['--expose-gc']),
      workflows: () => ours(plan, { workflows: few, nodes: 0 }),
      nodes: () => ours(plan, { workflows: 0, nodes: many }),
    })
    const idle = middle(runs.workflows, 'idleMb')
    return {
      figures: { workflows: few, nodes: many, ...spreads(runs) },
      verdicts: [
        { what: 'idle', value: idle, unit: 'MB', must: { most: 120 }, goal: { most: 80 } },
        {
          ...{ what: 'a suspended workflow', value: middle(runs.workflows, 'kbEach'), unit: 'KB' },
          ...{ must: { most: 6 }, goal: { most: 3 } },
        },
        {
          ...{ what: 'a node', value: middle(runs.nodes, 'kbEach'), unit: 'KB' },
          ...{ must: { most: 3 }, goal: { most: 1.5 } },
        },
        {
          ...{ what: 'workflows deleted', value: middle(runs.workflows, 'afterDeletion') },
          ...{ unit: '× idle', goal: { most: 1.3 } },
        },
        {
          ...{ what: 'nodes deleted', value: middle(runs.nodes, 'afterDeletion') },
          ...{ unit: '× idle', goal: { most: 1.3 } },
        },
      ],
    }
  },
}

function ours({ dir }: Plan, what: Omit<MemoryOrder, 'dir'>): Promise<Sample> {
  return inProcess('memory.program.ts', { dir, ...what }, ['--expose-gc'])
}
