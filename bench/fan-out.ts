import { writeFileSync } from 'node:fs'
import type { Bench, Plan } from './harness/bench.ts'
import { compileFloor } from './harness/floor.ts'
import { numbers, Peers, timed } from './harness/peers.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'
import { runWorkflows } from './harness/workflows.ts'

/** As many things as the machine can do at once. */
export const fanOut: Bench = {
  name: 'fan-out',
  about: 'withSequence of 5,000 × /bin/true, parallelism 4',
  async run(plan) {
    const { dir } = plan
    const count = plan.quick ? 300 : 5_000
    const floor = compileFloor(dir)
    const peers = fanOutPeers(plan, count)
    const runs = await interleave(plan, {
      limit: () => floor(count, 2),
      ours: () =>
        runWorkflows({
          ...{ dir, steps: 'process', shape: 'fan-out', body: 'process' },
          ...{ count, parallelism: 4, warm: 1 },
        }),
      ...(peers.runs as Record<never, () => Sample>),
    })
    const all: Readonly<Record<string, readonly Sample[]>> = runs
    const rate = [runs.ours, 'perSecond'] as const
    const against = (peer: string, least: number) => {
      const theirs = all[peer]
      if (!theirs) return []
      const value = ratio(rate, [theirs, 'perSecond'])
      return [{ what: `against ${peer}`, value, unit: '× its rate', goal: { least } }]
    }
    return {
      figures: { count, ...spreads(runs) },
      missing: peers.missing,
      verdicts: [
        {
          ...{ what: 'rate', value: ratio(rate, [runs.limit, 'perSecond']), unit: '× spawn ×2' },
          ...{ must: { least: 0.27 }, goal: { least: 0.4 } },
        },
        {
          ...{ what: 'controller CPU', value: middle(runs.ours, 'cpuMsEach'), unit: 'ms/step' },
          must: { most: 0.3 },
        },
        ...against('ninja', 0.9),
        ...against('parallel', 4),
      ],
    }
  },
}

function fanOutPeers({ dir }: Plan, count: number): Peers {
  const peers = new Peers()
  const input = numbers(count)
  peers.add('xargs', () => timed(['xargs', '-P2', '-n1', '/bin/true'], count, { input }))
  const edges = Array.from({ length: count }, (_, index) => `build t${index}: run`)
  writeFileSync(
    `${dir}/build.ninja`,
    ['rule run', '  command = /bin/true', ...edges, ''].join('\n'),
  )
  peers.add('ninja', () => timed(['ninja', '--quiet', '-j2'], count, { cwd: dir }))
  const few = Math.min(count, 1_000)
  peers.add('parallel', () => timed(['parallel', '-j2', '/bin/true'], few, { input: numbers(few) }))
  return peers
}
