import { writeFileSync } from 'node:fs'
import type { Bench, Plan } from './harness/bench.ts'
import { compileFloor } from './harness/floor.ts'
import { Peers, timed } from './harness/peers.ts'
import { interleave, ratio, type Sample, spreads } from './harness/samples.ts'
import { runWorkflows } from './harness/workflows.ts'

/** One thing after the other: what every step waits for. */
export const chain: Bench = {
  name: 'chain',
  about: '500 steps, and 500 tasks of a DAG, one after the other, each /bin/true',
  async run(plan) {
    const count = plan.quick ? 60 : 500
    const floor = compileFloor(plan.dir)
    const peers = chainPeers(plan, count)
    const runs = await interleave(plan, {
      limit: () => floor(count, 1),
      steps: () => ours(plan, 'steps', count, count),
      dag: () => ours(plan, 'dag', count, count),
      youngSteps: () => ours(plan, 'steps', count, 1),
      youngDag: () => ours(plan, 'dag', count, 1),
      ...(peers.runs as Record<never, () => Sample>),
    })
    const limit = [runs.limit, 'msEach'] as const
    const must = { most: 3.5 }
    const goal = { most: 2.2 }
    const unit = '× spawn'
    const against = (samples: readonly Sample[]) => ratio([samples, 'msEach'], limit)
    return {
      figures: { count, ...spreads(runs) },
      missing: peers.missing,
      verdicts: [
        { what: 'a link of steps', value: against(runs.steps), unit, must, goal },
        { what: 'a link of a DAG', value: against(runs.dag), unit, must, goal },
        { what: 'steps, in a young process', value: against(runs.youngSteps), unit },
        { what: 'a DAG, in a young process', value: against(runs.youngDag), unit },
        ...snakemake(runs),
      ],
    }
  },
}

/**
 * As a server that is running does it: after one such chain (`warm` links), which a young process needs to have its code
 * compiled; what that first one costs is measured beside it.
 */
function ours({ dir }: Plan, shape: 'steps' | 'dag', count: number, warm: number): Promise<Sample> {
  return runWorkflows({ dir, steps: 'process', shape, count, body: 'process', links: true, warm })
}

function snakemake(runs: Readonly<Record<string, readonly Sample[]>>) {
  const { steps, snakemake: theirs } = runs
  if (!steps || !theirs) return []
  const value = ratio([theirs, 'msEach'], [steps, 'msEach'])
  return [{ what: 'against Snakemake', value, unit: '× faster', goal: { least: 4 } }]
}

function chainPeers({ dir }: Plan, count: number): Peers {
  const peers = new Peers()
  const targets = Array.from({ length: count }, (_, index) => index + 1)
  writeFileSync(
    `${dir}/Makefile`,
    [
      `all: t${count}`,
      ...targets.map((n) => `t${n}:${n > 1 ? ` t${n - 1}` : ''}\n\t@/bin/true`),
      '',
    ].join('\n'),
  )
  peers.add('make', () => timed(['make', '-s', '-f', `${dir}/Makefile`], count))
  const links = Math.min(count, 100)
  writeFileSync(`${dir}/Snakefile`, snakefile(links))
  peers.add('snakemake', () =>
    timed(['snakemake', '-q', '-j1', '-F', '-s', `${dir}/Snakefile`, '-d', dir], links),
  )
  return peers
}

function snakefile(count: number): string {
  const rules = Array.from({ length: count }, (_, index) =>
    [
      `rule r${index}:`,
      ...(index > 0 ? [`    input: "f${index - 1}"`] : []),
      `    output: touch("f${index}")`,
      '    shell: "true"',
    ].join('\n'),
  )
  return [`rule all:\n    input: "f${count - 1}"`, ...rules, ''].join('\n')
}
