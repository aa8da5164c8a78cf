import { substitute, type Variables } from '../packages/engine/src/expr/tags.ts'
import type { Bench } from './harness/bench.ts'
import { interleave, middle, type Sample, spreads } from './harness/samples.ts'

const perTemplate = 12

/** How fast `{{tags}}` find their values: once for each, nothing remembered of the last time. */
export const tags: Bench = {
  name: 'tags',
  about: 'simple tags and expressions in templates',
  async run(plan) {
    const count = plan.quick ? 2_000 : 50_000
    const runs = await interleave(plan, {
      simple: () => replaced(count, (name) => `{{inputs.parameters.${name}}}`),
      expressions: () => replaced(count / 10, (name) => `{{=inputs.parameters.${name}}}`),
    })
    return {
      figures: { count: count * perTemplate, ...spreads(runs) },
      verdicts: [
        {
          ...{ what: 'simple tags', value: middle(runs.simple, 'perSecond'), unit: 'per s' },
          must: { least: 200_000 },
        },
        {
          ...{ what: 'simple tags', unit: 'per s of processor time' },
          value: middle(runs.simple, 'perCpuSecond'),
        },
        { what: 'expressions', value: middle(runs.expressions, 'perSecond'), unit: 'per s' },
      ],
    }
  },
}

/** A container as people write them, its values different each time. */
function replaced(count: number, tag: (name: string) => string): Sample {
  const args = Array.from({ length: perTemplate }, (_, index) => `--p${index}=${tag(`p${index}`)}`)
  const template = { name: 'step', container: { image: 'alpine', command: ['run'], args } }
  const begin = performance.now()
  const cpu = process.cpuUsage()
  for (let index = 0; index < count; index++) {
    const { value, problem } = substitute(template, variables(index), { final: true })
    const last = value.container.args.at(-1)
    const wanted = `--p${perTemplate - 1}=value ${perTemplate - 1} of ${index}`
    if (problem !== undefined || last !== wanted) throw new Error(problem ?? `${last}`)
  }
  const ms = performance.now() - begin
  const { user, system } = process.cpuUsage(cpu)
  const done = count * perTemplate
  return { perSecond: (done * 1000) / ms, perCpuSecond: (done * 1e6) / (user + system) }
}

const root = 'inputs.parameters.p'

function variables(index: number): Variables {
  const value = (at: number | string) => `value ${at} of ${index}`
  return {
    lookup: (name) => (name.startsWith(root) ? value(name.slice(root.length)) : undefined),
    environment() {
      const all = Array.from({ length: perTemplate }, (_, at) => [`p${at}`, value(at)])
      return { inputs: { parameters: Object.fromEntries(all) } }
    },
  }
}
