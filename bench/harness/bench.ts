/** One benchmark of performance.md §8: measures, then says what must hold. */
export interface Bench {
  readonly name: string
  /** One line for the list. */
  readonly about: string
  run(plan: Plan): Promise<Outcome>
}

/** How a benchmark is to run this time. */
export interface Plan {
  /** Small sizes and few rounds: shows that it works, proves nothing. */
  readonly quick: boolean
  readonly rounds: number
  /** An empty folder of this benchmark's own, removed afterwards. */
  readonly dir: string
  /** Resolves when the machine has nothing else to do, or when waiting has taken long enough. */
  readonly quiet: () => Promise<void>
}

export interface Outcome {
  /** Medians with what they were taken from. */
  readonly figures: Readonly<Record<string, unknown>>
  readonly verdicts: readonly Verdict[]
  /** Programs that would have been measured beside ours. */
  readonly missing?: readonly string[]
}

/** One figure of the table, with its bounds: `most` for what should be small, `least` for what should be large. */
export interface Verdict {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly must?: Bound
  readonly goal?: Bound
}

export type Bound = { readonly most: number } | { readonly least: number }

export function holds(value: number, bound: Bound | undefined): boolean {
  if (!bound) return true
  return 'most' in bound ? value <= bound.most : value >= bound.least
}
