import { writeFileSync } from 'node:fs'
import type { Bench } from './harness/bench.ts'
import { bundle } from './harness/bundle.ts'
import type { MemoryOrder } from './harness/memory.program.ts'
import { interleave, middle, spreads } from './harness/samples.ts'
import { inProcess } from './harness/workflows.ts'

/** What is kept in memory for what is alive, and whether it is given back. */
export const memory: Bench = {
  name: 'memory',
  about: 'idle; 10,000 suspended workflows; one workflow of 100,000 nodes; all deleted',
  async run(plan) {
    const few = plan.quick ? 500 : 10_000
    const many = plan.quick ? 5_000 : 100_000
    // Unbuilt, the compiler of TypeScript would count as ours.
    const program = await bundle('memory.program.ts', plan.dir)
    const bare = `${plan.dir}/bare.mjs`
    writeFileSync(bare, bareSource)
    const ours = (what: Omit<MemoryOrder, 'dir'>) =>
      inProcess(program, { dir: plan.dir, ...what }, ['--expose-gc'])
    const runs = await interleave(plan, {
      bare: () => inProcess(bare, { dir: plan.dir }, ['--expose-gc']),
      workflows: () => ours({ workflows: few, nodes: 0 }),
      nodes: () => ours({ workflows: 0, nodes: many }),
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

/** Node alone. */
const bareSource =
  'globalThis.gc(); setTimeout(() => console.log(JSON.stringify({ rssMb: process.memoryUsage().rss / 1e6 })), 300)'
