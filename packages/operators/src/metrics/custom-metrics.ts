import type { MetricEffect } from '@argosy/engine'
import { escaped, labelText, number } from '@argosy/kube'
import { prefix } from './prefix.ts'

export interface CustomMetricsOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A metric that cannot be kept: its name means something else already. */
  readonly log?: (line: string) => void
}

interface Series {
  readonly labels: MetricEffect['labels']
  value: number
  time?: { readonly since: number; readonly until?: number }
  /** Of a histogram: how many values fell below each bound, how many there were, and their sum. */
  readonly counts: number[]
  count: number
  sum: number
}

interface Family {
  readonly type: MetricEffect['type']
  readonly help: string
  readonly bounds: readonly number[]
  readonly series: Map<string, Series>
}

/** OpenTelemetry's: what a histogram without buckets gets. */
const defaultBuckets = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]

/** The metrics that workflows define, as long as this process lives, in the text format of Prometheus. */
export class CustomMetrics {
  readonly #families = new Map<string, Family>()
  readonly #options: CustomMetricsOptions

  constructor(options: CustomMetricsOptions) {
    this.#options = options
  }

  readonly apply = (effects: readonly MetricEffect[]): void => {
    for (const effect of effects) {
      const problem = this.#take(effect)
      if (problem !== undefined) this.#options.log?.(`metric ${effect.name}: ${problem}`)
    }
  }

  // argo: matchExistingMetric.
  #take(effect: MetricEffect): string | undefined {
    const { name, type, help } = effect
    const known = this.#families.get(name)
    if (known !== undefined && known.help !== help) {
      return `help for metric ${name} is already set to ${known.help}, it cannot be changed`
    }
    if (known !== undefined && known.type !== type) {
      return `found existing ${known.type} for custom metric ${name} of type ${type}`
    }
    const family = known ?? { type, help, bounds: boundsOf(effect), series: new Map() }
    this.#families.set(name, family)
    record(seriesOf(family, effect.labels), family, effect)
    return undefined
  }

  /** One family after the other by name, as a scraper reads it. */
  text(): string {
    const families = [...this.#families].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const now = this.#options.now()
    return families.map(([name, family]) => familyText(prefix + name, family, now)).join('')
  }
}

function boundsOf({ type, buckets = [] }: MetricEffect): readonly number[] {
  if (type !== 'histogram') return []
  return (buckets.length > 0 ? [...buckets] : [...defaultBuckets]).sort((a, b) => a - b)
}

function seriesOf({ series, bounds }: Family, labels: MetricEffect['labels']): Series {
  const key = labelText(labels)
  const known = series.get(key)
  if (known !== undefined) return known
  const made: Series = { labels, value: 0, counts: bounds.map(() => 0), count: 0, sum: 0 }
  series.set(key, made)
  return made
}

function record(series: Series, { type, bounds }: Family, effect: MetricEffect): void {
  const { value, operation } = effect
  if (typeof value !== 'number') {
    series.time = value
    return
  }
  if (type === 'histogram') {
    series.count += 1
    series.sum += value
    for (const [index, bound] of bounds.entries()) {
      if (value <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1
    }
  } else if (type === 'counter' || operation === 'Add') series.value += value
  else if (operation === 'Sub') series.value -= value
  else series.value = value
}

function familyText(name: string, family: Family, now: number): string {
  const head = `# HELP ${name} ${escaped(family.help, /[\\\n]/g)}\n# TYPE ${name} ${family.type}\n`
  const series = [...family.series].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = series.flatMap(([labels, one]) => {
    if (family.type === 'histogram') return histogramLines(name, family, one)
    return [`${name}${labels} ${number(secondsOrValue(one, now))}`]
  })
  return `${head}${lines.join('\n')}\n`
}

function secondsOrValue({ value, time }: Series, now: number): number {
  return time === undefined ? value : ((time.until ?? now) - time.since) / 1000
}

function histogramLines(name: string, { bounds }: Family, series: Series): readonly string[] {
  const { labels, counts, count, sum } = series
  const bucket = (le: string, below: number) =>
    `${name}_bucket${labelText([...labels, { key: 'le', value: le }])} ${below}`
  const text = labelText(labels)
  return [
    ...bounds.map((bound, index) => bucket(number(bound), counts[index] ?? 0)),
    bucket('+Inf', count),
    `${name}_sum${text} ${number(sum)}`,
    `${name}_count${text} ${count}`,
  ]
}
