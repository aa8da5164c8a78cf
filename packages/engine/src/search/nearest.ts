/** The one that is meant when somebody mistypes; none when nothing is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = word.length <= 4 ? 1 : 2
  const own = word.toLowerCase()
  let best: { readonly text: string; readonly steps: number } | undefined
  for (const text of known) {
    const steps = distance(own, text.toLowerCase())
    if (steps <= most && steps < (best?.steps ?? Number.POSITIVE_INFINITY)) best = { text, steps }
  }
  return best?.text
}

/** Letters put in, left out or changed; two that changed places count once. */
function distance(a: string, b: string): number {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let at = 1; at <= a.length; at++) {
    const next = rowAfter({ a, b, at }, row, before)
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

/** The steps from the first `at` letters of `a` to each beginning of `b`. */
function rowAfter(
  { a, b, at }: { readonly a: string; readonly b: string; readonly at: number },
  row: readonly number[],
  before: readonly number[],
): readonly number[] {
  const next = [at]
  for (let j = 1; j <= b.length; j++) {
    const change = (row[j - 1] ?? 0) + Number(a[at - 1] !== b[j - 1])
    const steps = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change)
    const swapped = a[at - 1] === b[j - 2] && a[at - 2] === b[j - 1]
    next.push(swapped ? Math.min(steps, (before[j - 2] ?? 0) + 1) : steps)
  }
  return next
}
