import { type Label, labelText, number } from './metric-text.ts'

/** How many values fell below each bound. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #count = 0
  #sum = 0

  /** In rising order. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  observe(value: number): void {
    this.#count += 1
    this.#sum += value
    // From above: whoever is quick, and most are, is in all of them anyhow.
    for (let at = this.#bounds.length - 1; at >= 0; at--) {
      if (value > (this.#bounds[at] ?? 0)) return
      this.#counts[at] = (this.#counts[at] ?? 0) + 1
    }
  }

  /** As a scraper reads it. */
  lines(name: string, labels: readonly Label[]): readonly string[] {
    const bucket = (le: string, below: number) =>
      `${name}_bucket${labelText([...labels, { key: 'le', value: le }])} ${below}`
    const text = labelText(labels)
    return [
      ...this.#bounds.map((bound, at) => bucket(number(bound), this.#counts[at] ?? 0)),
      bucket('+Inf', this.#count),
      `${name}_sum${text} ${number(this.#sum)}`,
      `${name}_count${text} ${this.#count}`,
    ]
  }
}
