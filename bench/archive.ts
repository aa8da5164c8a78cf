import { join } from 'node:path'
import { archiveServer } from './harness/archive-server.ts'
import type { Bench, Verdict } from './harness/bench.ts'
import type { Sample } from './harness/samples.ts'

const all = '/api/v1/archived-workflows'
const page = 'listOptions.limit=50'

/** performance.md no. 13's queries, as upstream's parameters say them. */
const queries = {
  page: `${all}?${page}`,
  phase: `${all}?${page}&listOptions.labelSelector=workflows.argoproj.io/phase%3DFailed`,
  'one label': `${all}?${page}&listOptions.labelSelector=team%3Dinfra`,
  'two labels': `${all}?${page}&listOptions.labelSelector=team%3Dinfra,tier%3Dgold`,
  'offset 10,000': `${all}?${page}&listOptions.continue=10000`,
  count: `${all}?${page}&listOptions.fieldSelector=ext.showRemainingItemCount%3Dtrue`,
  'name contains': `${all}?${page}&nameFilter=Contains&listOptions.fieldSelector=metadata.name%3Dzz9`,
  get: `${all}/00000bb8-0000-4000-8000-000000000000`,
} as const

/** The archive through HTTP: what lists and gets cost, small runs and large ones, and how fast it fills. */
export const archive: Bench = {
  name: 'archive',
  about: 'pages, labels, offsets, counts and gets of archived runs, small and large',
  async run({ quick, dir, quiet }) {
    const sizes = [
      { name: 'small', count: quick ? 5_000 : 100_000, nodes: 1, least: 2_000 },
      { name: 'large', count: quick ? 3_500 : 20_000, nodes: 180, least: 0 },
    ]
    const figures: Record<string, Sample> = {}
    const verdicts: Verdict[] = []
    for (const { name, count, nodes, least } of sizes) {
      await quiet()
      await using server = await archiveServer(join(dir, `${name}.db`))
      const filled = await server.fill(count, nodes)
      figures[`${name}: insert`] = filled
      const must = least === 0 ? {} : { must: { least } }
      verdicts.push({ what: `${name}: inserts`, value: filled.perSecond, unit: 'per s', ...must })
      for (const [what, path] of Object.entries(queries)) {
        const sample = await server.ask([path], quick ? 20 : 200)
        figures[`${name}: ${what}`] = sample
        const { p99: value = 0 } = sample
        const bounds = { must: { most: 10 }, goal: { most: 3 } }
        verdicts.push({ what: `${name}: ${what}, p99`, value, unit: 'ms', ...bounds })
      }
    }
    return { figures, verdicts }
  },
}
