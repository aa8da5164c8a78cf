/** How many of the last lines are remembered of a log whose beginning was not read. */
const most = 1000

/**
 * The lines of one log that have been shown, so that one that broke off can be read again from its start: what has been
 * shown is passed over. Of a log that was read from its start that is a matter of counting; of one whose end alone was
 * asked for, the last lines are looked for.
 */
export class ShownLines {
  readonly #isWhole: boolean
  #count = 0
  #last: string[] = []

  constructor(isWhole: boolean) {
    this.#isWhole = isWhole
  }

  get count(): number {
    return this.#count
  }

  add(line: string): void {
    this.#count += 1
    if (this.#isWhole) return
    this.#last.push(line)
    if (this.#last.length >= 2 * most) this.#last = this.#last.slice(-most)
  }

  /** For one more reading: told each line in turn, it says whether that has been shown. */
  again(): (line: string) => boolean {
    return this.#isWhole ? counted(this.#count) : until(this.#last.slice(-most), this.#count)
  }
}

function counted(count: number): () => boolean {
  let left = count
  return () => left-- > 0
}

/** All lines up to the first place where these follow each other. After Knuth, Morris and Pratt. */
function until(wanted: readonly string[], count: number): (line: string) => boolean {
  const fallback = fallbacks(wanted)
  let matched = 0
  let seen = 0
  let isBehind = count === 0
  return (line) => {
    if (isBehind) return false
    seen += 1
    matched = next(matched, line, { wanted, fallback })
    isBehind = matched === wanted.length && seen >= count
    return true
  }
}

interface Pattern {
  readonly wanted: readonly string[]
  readonly fallback: readonly number[]
}

/** How many of the wanted lines the lines so far end with. */
function next(matched: number, line: string, { wanted, fallback }: Pattern): number {
  let at = matched
  while (at > 0 && wanted[at] !== line) at = fallback[at - 1] ?? 0
  return wanted[at] === line ? at + 1 : at
}

/** For each beginning of the wanted lines, its longest end that is a beginning too. */
function fallbacks(wanted: readonly string[]): readonly number[] {
  const fallback: number[] = [0]
  for (const [index, line] of wanted.entries()) {
    if (index > 0) fallback.push(next(fallback[index - 1] ?? 0, line, { wanted, fallback }))
  }
  return fallback
}
