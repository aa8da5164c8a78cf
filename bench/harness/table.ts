import { type Bound, holds, type Verdict } from './bench.ts'
import { rounded } from './samples.ts'

export interface Row {
  readonly bench: string
  readonly verdict: Verdict
  readonly missed: boolean
  /** The machine was idle, and the run a full one. */
  readonly counts: boolean
}

/** The figures beside their bounds, for people. */
export function table(rows: readonly Row[]): string {
  const head = ['benchmark', 'figure', 'measured', '', 'must', 'goal', '']
  const lines = [head, ...rows.map(cells)]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cells({ bench, verdict, missed, counts }: Row): string[] {
  const { what, value, unit, must, goal } = verdict
  const said = missed ? 'MISSED' : holds(value, goal) ? 'goal' : 'must'
  const word = must || goal ? (missed || must || holds(value, goal) ? said : 'below goal') : ''
  const doubt = counts ? '' : ' (not a fair run)'
  return [bench, what, String(rounded(value)), unit, text(must), text(goal), `${word}${doubt}`]
}

function text(bound: Bound | undefined): string {
  if (!bound) return ''
  return 'most' in bound ? `≤ ${bound.most}` : `≥ ${bound.least}`
}
