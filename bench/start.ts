import type { Bench } from './harness/bench.ts'
import { compileFloor } from './harness/floor.ts'
import { interleave, ratio, type Sample, spreads } from './harness/samples.ts'
import { runStarts, type StartsOrder } from './harness/starts.ts'

/** How fast containers start, without pods and store, against what this machine's kernel can do. */
export const start: Bench = {
  name: 'start',
  about: '2,000 containers straight from the runtimes, so many at once',
  async run(plan) {
    const count = plan.quick ? 200 : 2_000
    const floor = compileFloor(plan.dir)
    const ours = (runtime: StartsOrder['runtime'], flight: number) => (): Promise<Sample> =>
      runStarts({ dir: plan.dir, runtime, count, flight })
    const runs = await interleave(plan, {
      limit1: () => floor(count, 1),
      limit2: () => floor(count, 2),
      process1: ours('process', 1),
      process4: ours('process', 4),
      process16: ours('process', 16),
      sandbox1: ours('sandbox', 1),
      sandbox4: ours('sandbox', 4),
    })
    const against = (samples: readonly Sample[], limit: readonly Sample[]) =>
      ratio([samples, 'perSecond'], [limit, 'perSecond'])
    return {
      figures: { count, ...spreads(runs) },
      verdicts: [
        verdict('process, one at a time', against(runs.process1, runs.limit1), '× spawn'),
        verdict('process, 4 at once', against(runs.process4, runs.limit2), '× spawn ×2'),
        verdict('sandbox, one at a time', against(runs.sandbox1, runs.limit1), '× spawn'),
        verdict('sandbox, 4 at once', against(runs.sandbox4, runs.limit2), '× spawn ×2'),
      ],
    }
  },
}

function verdict(what: string, value: number, unit: string) {
  return { what, value, unit }
}
