import { Histogram } from './histogram.ts'
import { type Family, familyText, type Label, labelText } from './metric-text.ts'

export interface RequestFamilies {
  readonly total: Family
  readonly duration: Family
  /** The label of `total` that says how a request ended. */
  readonly codeLabel: string
  /** In seconds. */
  readonly bounds: readonly number[]
}

interface Counted {
  readonly labels: readonly Label[]
  readonly codes: Map<string, number>
  durations: Histogram | undefined
}

/** How often requests ended how, and how long they took. Whoever counts sees to it that there are not too many kinds. */
export class RequestCounts {
  readonly #families: RequestFamilies
  readonly #counted = new Map<string, Counted>()

  constructor(families: RequestFamilies) {
    this.#families = families
  }

  /** `labels` are asked for once for each key; without `ms` its length says nothing. */
  ended(
    key: string,
    labels: () => Readonly<Record<string, string>>,
    { code, ms }: { readonly code: string; readonly ms?: number },
  ): void {
    const counted = this.#counted.get(key) ?? this.#made(key, labels())
    counted.codes.set(code, (counted.codes.get(code) ?? 0) + 1)
    if (ms === undefined) return
    counted.durations ??= new Histogram(this.#families.bounds)
    counted.durations.observe(ms / 1000)
  }

  #made(key: string, labels: Readonly<Record<string, string>>): Counted {
    const listed = Object.entries(labels).map(([name, value]) => ({ key: name, value }))
    const made = { labels: listed, codes: new Map<string, number>(), durations: undefined }
    this.#counted.set(key, made)
    return made
  }

  text(): string {
    const { total, duration, codeLabel } = this.#families
    const all = [...this.#counted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    const counts = all.flatMap(({ labels, codes }) =>
      [...codes].map(([value, count]) => {
        return `${total.name}${labelText([...labels, { key: codeLabel, value }])} ${count}`
      }),
    )
    const times = all.flatMap(
      ({ labels, durations }) => durations?.lines(duration.name, labels) ?? [],
    )
    return familyText(total, counts) + familyText(duration, times)
  }
}
