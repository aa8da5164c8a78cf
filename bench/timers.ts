import type { Bench } from './harness/bench.ts'
import { bundle } from './harness/bundle.ts'
import { interleave, middle, ratio, spreads } from './harness/samples.ts'
import type { TimersOrder } from './harness/timers.program.ts'
import { inProcess } from './harness/workflows.ts'

/** What is due at a time, and how late it is when there is much of it; and that waiting costs nothing. */
export const timers: Bench = {
  name: 'timers',
  about: '5,000 schedules in one second, 20,000 suspended workflows, 1,000 retries with backoff',
  async run(plan) {
    const [crons, suspended, retries] = plan.quick ? [100, 300, 30] : [5_000, 20_000, 1_000]
    // Unbuilt, the compiler of TypeScript would count as ours.
    const program = await bundle('timers.program.ts', plan.dir)
    const late = (what: TimersOrder['what'], count: number, seconds: number) => () =>
      inProcess<TimersOrder>(program, { dir: plan.dir, what, count, seconds })
    // Each waits for minutes: once is enough, and a second time shows nothing new.
    const runs = await interleave(
      { ...plan, rounds: 1 },
      {
        limit: late('plain timers', crons, 0),
        crons: late('crons', crons, 0),
        suspended: late('suspended', suspended, plan.quick ? 8 : 20 + suspended / 400),
        retries: late('retries', retries, 5),
      },
    )
    const soon = { must: { most: 50 } }
    return {
      figures: { crons, suspended, retries, ...spreads(runs) },
      verdicts: [
        {
          ...{ what: 'schedules begin late, p99', value: middle(runs.crons, 'p99'), unit: 'ms' },
          ...{ must: { most: 3_000 }, goal: { most: 1_500 } },
        },
        {
          ...{ what: 'schedules begin late, p99', unit: '× setTimeout' },
          value: ratio([runs.crons, 'p99'], [runs.limit, 'p99']),
        },
        { what: 'schedules ended late, p99', value: middle(runs.crons, 'endP99'), unit: 'ms' },
        {
          ...{ what: 'suspended resume late, p99', unit: 'ms', ...soon },
          value: middle(runs.suspended, 'p99'),
        },
        {
          ...{ what: 'retries begin late, p99', unit: 'ms', ...soon },
          value: middle(runs.retries, 'p99'),
        },
        {
          ...{ what: 'idle with schedules', unit: '% of a core', must: { most: 0.5 } },
          value: middle(runs.crons, 'idlePercent'),
        },
        {
          ...{ what: 'idle with suspended', unit: '% of a core', must: { most: 0.5 } },
          value: middle(runs.suspended, 'idlePercent'),
        },
      ],
    }
  },
}
