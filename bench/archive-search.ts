import { join } from 'node:path'
import { archiveServer } from './harness/archive-server.ts'
import type { Bench, Verdict } from './harness/bench.ts'
import type { Sample } from './harness/samples.ts'

/** What people look for, what they mistype, and what has no index. */
const searches = [
  '',
  'status=failed',
  'status=failed label.team=data',
  'label.team=data label.tier=gold',
  'template=pipeline-7 status=failed',
  'param.order=order-123456',
  'param.size>990',
  'param=123',
  'message~OOMKilled',
  'oomkilled status=failed label.team=risk',
  '"no space left" param.color=red',
  'name~zz9',
  'name=pipeline-7-*',
  'started<2024-02-01',
  'started>2024-02-01 started<2024-02-03',
  'duration>59m status=failed',
  'finished<2024-01-03',
  'not status=succeeded',
  'nothing-like-this',
  'status=failed message~oomkilled or label.tier=gold',
  'label.team=data status=error',
  'label.tier=gold label.team!=data',
  'name~q7',
  'label.team=data message~zzz',
  'param.color=red label.team=ml template=pipeline-3 status=failed',
] as const

/** One million archived runs, searched through HTTP. */
export const archiveSearch: Bench = {
  name: 'archive-search',
  about: 'the search over one million archived runs',
  async run({ quick, dir, quiet }) {
    await using server = await archiveServer(join(dir, 'archive.db'))
    const filled = await server.fill(quick ? 10_000 : 1_000_000, 1)
    await quiet()
    const paths = searches.map(
      (text) => `/api/v1/archived-workflows?listOptions.limit=50&query=${encodeURIComponent(text)}`,
    )
    const figures: Record<string, Sample> = { insert: filled }
    for (const [at, path] of paths.entries()) {
      figures[searches[at] || 'all'] = await server.ask([path], quick ? 3 : 20)
    }
    const whole = await server.ask(paths, quick ? 3 : 20)
    figures['every search'] = whole
    const counts = paths.map((path) => path.replace('workflows?', 'workflows-phases?'))
    const counted = await server.ask(counts, quick ? 3 : 20)
    figures['their runs by phase'] = counted
    const { p50 = 0, p95 = 0, held = 0 } = whole
    const verdicts: Verdict[] = [
      { what: 'a search, p50', value: p50, unit: 'ms' },
      { what: 'a search, p95', value: p95, unit: 'ms', must: { most: 200 } },
      { what: 'its runs by phase, p95', value: counted.p95 ?? 0, unit: 'ms', must: { most: 200 } },
      { what: 'the event loop held by it, p99', value: held, unit: 'ms' },
      { what: 'inserts', value: filled.perSecond, unit: 'per s' },
    ]
    return { figures, verdicts }
  },
}
