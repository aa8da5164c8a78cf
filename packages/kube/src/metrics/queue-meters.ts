import { Histogram } from './histogram.ts'
import { type Family, familyText } from './metric-text.ts'

/** What a queue tells of itself; times in milliseconds. */
export interface QueueMeter {
  /** A key came that did not wait already. */
  added(): void
  /** A key that had waited so long is worked on. */
  taken(waitedMs: number): void
  /** The work on a key, which took so long, is over. */
  done(tookMs: number): void
  /** A key failed, and comes again. */
  retried(): void
  /** What waited is not waited for any more. */
  dropped(count: number): void
}

class Meter implements QueueMeter {
  adds = 0
  retries = 0
  depth = 0
  busy = 0
  readonly latency = new Histogram([0.001, 0.01, 0.1, 1, 5, 20, 60, 180])
  readonly duration = new Histogram([0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 180])

  added(): void {
    this.adds += 1
    this.depth += 1
  }

  taken(waitedMs: number): void {
    this.depth -= 1
    this.busy += 1
    this.latency.observe(waitedMs / 1000)
  }

  done(tookMs: number): void {
    this.busy -= 1
    this.duration.observe(tookMs / 1000)
  }

  retried(): void {
    this.retries += 1
  }

  dropped(count: number): void {
    this.depth -= count
  }
}

/** Of the queues of one process, under upstream's names. argo: docs/metrics.md, from client-go's workqueue. */
export class QueueMeters {
  readonly #meters = new Map<string, Meter>()

  of(name: string): QueueMeter {
    const known = this.#meters.get(name) ?? new Meter()
    this.#meters.set(name, known)
    return known
  }

  text(): string {
    const all = [...this.#meters].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const numbers = (family: Family, pick: (meter: Meter) => number, label = 'queue_name') =>
      familyText(
        family,
        all.map(([name, meter]) => `${family.name}{${label}="${name}"} ${pick(meter)}`),
      )
    const histograms = (family: Family, pick: (meter: Meter) => Histogram) =>
      familyText(
        family,
        all.flatMap(([name, meter]) =>
          pick(meter).lines(family.name, [{ key: 'queue_name', value: name }]),
        ),
      )
    return [
      numbers(families.adds, ({ adds }) => adds),
      numbers(families.depth, ({ depth }) => depth),
      histograms(families.duration, ({ duration }) => duration),
      histograms(families.latency, ({ latency }) => latency),
      numbers(families.retries, ({ retries }) => retries),
      numbers(families.busy, ({ busy }) => busy, 'worker_type'),
    ].join('')
  }
}

const p = 'argo_workflows_'

const families = {
  adds: { name: `${p}queue_adds_count`, type: 'counter', help: 'How many keys came into a queue' },
  depth: { name: `${p}queue_depth_gauge`, type: 'gauge', help: 'How many keys wait in a queue' },
  duration: {
    ...{ name: `${p}queue_duration`, type: 'histogram' },
    help: 'How long keys of a queue were worked on, in seconds',
  },
  latency: {
    ...{ name: `${p}queue_latency`, type: 'histogram' },
    help: 'How long keys waited in a queue, in seconds',
  },
  retries: {
    ...{ name: `${p}queue_retries`, type: 'counter' },
    help: 'How often a key of a queue failed and was tried again',
  },
  busy: {
    ...{ name: `${p}workers_busy_count`, type: 'gauge' },
    help: 'How many keys of a queue are worked on',
  },
} as const satisfies Readonly<Record<string, Family>>
