import type { Plan } from './bench.ts'

/** What one run measured, by name. */
export type Sample = Readonly<Record<string, number>>
export type Runs<Name extends string> = Readonly<Record<Name, readonly Sample[]>>

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Runs everything once per round, A B C A B C, each on a quiet machine: drift hits all of them. */
export async function interleave<Name extends string>(
  { rounds, quiet }: Pick<Plan, 'rounds' | 'quiet'>,
  runs: Readonly<Record<Name, () => Promise<Sample> | Sample>>,
): Promise<Runs<Name>> {
  const names = Object.keys(runs) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as unknown
  const taken = results as Record<Name, Sample[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await quiet()
      taken[name].push(await runs[name]())
    }
  }
  return taken
}

/** Median, least and most of each figure of each run. */
export function spreads(runs: Runs<string>): Record<string, Record<string, Spread>> {
  return Object.fromEntries(
    Object.entries(runs).map(([name, samples]) => [
      name,
      Object.fromEntries(
        Object.keys(samples[0] ?? {}).map((key) => [
          key,
          spread(samples.map((one) => one[key] ?? 0)),
        ]),
      ),
    ]),
  )
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: rounded(median(sorted)),
    min: rounded(sorted[0] ?? 0),
    max: rounded(sorted.at(-1) ?? 0),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** The median over the rounds of one figure of `ours` divided by the same round's figure of `theirs`. */
export function ratio(
  [ours, key]: readonly [readonly Sample[], string],
  [theirs, theirKey]: readonly [readonly Sample[], string],
): number {
  return median(ours.map((one, round) => (one[key] ?? 0) / (theirs[round]?.[theirKey] ?? 0)))
}

export function middle(samples: readonly Sample[], key: string): number {
  return median(samples.map((one) => one[key] ?? 0))
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** Four digits are more than any of this is worth. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
