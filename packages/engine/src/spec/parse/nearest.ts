/** The candidate that a misspelt name most likely stands for, if any is close enough. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  // Of one or two letters only the case can be wrong.
  const limit = name.length < 3 ? 0.5 : Math.max(1, Math.floor(name.length / 3))
  let best: string | undefined
  let bestDistance = limit + 0.25
  for (const candidate of candidates) {
    const distance = distanceBetween(name, candidate, bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The same for dotted names: each part must be equal or near. */
export function nearestPath(name: string, candidates: Iterable<string>): string | undefined {
  const parts = name.split('.')
  let similar = [...candidates].map((candidate) => ({ candidate, parts: candidate.split('.') }))
  similar = similar.filter((each) => each.parts.length === parts.length)
  for (const [index, part] of parts.entries()) {
    const there = new Set(similar.map((each) => each.parts[index] ?? ''))
    const wanted = there.has(part) ? part : nearest(part, there)
    similar = similar.filter((each) => each.parts[index] === wanted)
  }
  return similar[0]?.candidate
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const found = nearest(name, candidates)
  return found === undefined ? '' : `; did you mean "${found}"?`
}

/**
 * Edits between two names: a letter too many, too few or swapped is likelier than another letter;
 * a letter in the other case costs half. Gives `limit` when it is not below.
 */
function distanceBetween(a: string, b: string, limit: number): number {
  if (a === b) return 0
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column * slip)
  for (let row = 1; row <= a.length; row++) {
    const current = [row * slip]
    for (let column = 1; column <= b.length; column++) {
      const replace = at(previous, column - 1) + letterCost(a[row - 1], b[column - 1])
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swap = swapped && row > 1 && column > 1 ? at(before, column - 2) + slip : limit
      current.push(
        Math.min(replace, swap, at(previous, column) + slip, at(current, column - 1) + slip),
      )
    }
    before = previous
    previous = current
  }
  return Math.min(limit, at(previous, b.length))
}

const slip = 0.9

const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY

function letterCost(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  return a?.toLowerCase() === b?.toLowerCase() ? 0.5 : 1
}
