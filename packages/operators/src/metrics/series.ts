import { escaped, type Label, labelText, number } from '@argosy/kube'
import { type FamilyName, families } from './families.table.ts'
import { prefix } from './prefix.ts'

type Labels = Readonly<Record<string, string>>

interface Observed {
  readonly labels: readonly Label[]
  readonly counts: number[]
  count: number
  sum: number
}

/** The numbers behind upstream's metrics, in the text format of Prometheus. */
export class Series {
  readonly #values = new Map<string, Map<string, number>>()
  readonly #observed = new Map<string, Map<string, Observed>>()

  set(name: FamilyName, labels: readonly Label[], value: number): void {
    this.#of(name).set(labelText(labels), value)
  }

  add(name: FamilyName, labels: Labels, value = 1): void {
    const values = this.#of(name)
    const key = labelText(listed(labels))
    values.set(key, (values.get(key) ?? 0) + value)
  }

  /** One more value of a histogram. */
  observe(name: FamilyName, labels: Labels, value: number): void {
    const { buckets = [] } = families[name] as { readonly buckets?: readonly number[] }
    const all = this.#observed.get(name) ?? new Map<string, Observed>()
    this.#observed.set(name, all)
    const own = listed(labels)
    const key = labelText(own)
    const known = all.get(key) ?? { labels: own, counts: buckets.map(() => 0), count: 0, sum: 0 }
    all.set(key, known)
    known.count += 1
    known.sum += value
    for (const [at, bound] of buckets.entries()) {
      if (value <= bound) known.counts[at] = (known.counts[at] ?? 0) + 1
    }
  }

  text(): string {
    const names = Object.keys(families) as FamilyName[]
    return names.map((name) => this.#family(name)).join('')
  }

  #family(name: FamilyName): string {
    const { type, help } = families[name]
    const full = prefix + name
    const lines = type === 'histogram' ? this.#histogram(name) : this.#lines(name)
    if (lines.length === 0) return ''
    const head = `# HELP ${full} ${escaped(help, /[\\\n]/g)}\n# TYPE ${full} ${type}\n`
    return `${head}${lines.join('\n')}\n`
  }

  #lines(name: FamilyName): readonly string[] {
    return [...this.#of(name)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([labels, value]) => `${prefix}${name}${labels} ${number(value)}`)
  }

  #histogram(name: FamilyName): readonly string[] {
    const { buckets = [] } = families[name] as { readonly buckets?: readonly number[] }
    return [...(this.#observed.get(name) ?? new Map<string, Observed>())].flatMap(
      ([text, { labels, counts, count, sum }]) => [
        ...[...buckets.map(number), '+Inf'].map((le, at) => {
          const below = le === '+Inf' ? count : counts[at]
          return `${prefix}${name}_bucket${labelText([...labels, { key: 'le', value: le }])} ${below}`
        }),
        `${prefix}${name}_sum${text} ${number(sum)}`,
        `${prefix}${name}_count${text} ${count}`,
      ],
    )
  }

  #of(name: FamilyName): Map<string, number> {
    const known = this.#values.get(name) ?? new Map<string, number>()
    this.#values.set(name, known)
    return known
  }
}

function listed(labels: Labels): readonly Label[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value }))
}
