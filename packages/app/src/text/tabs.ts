import { textWidth } from '../output/text-width.ts'

/**
 * Aligns cells as Go's tabwriter does: a cell is padded when another one follows in its line, and as wide as the widest
 * of its column in the lines around it that have this column too.
 */
export function tabs(lines: readonly (readonly string[])[], padding: number): string {
  const widths = lines.map((cells) => cells.slice(0, -1).map((cell) => textWidth(cell) + padding))
  const columns = Math.max(0, ...widths.map((cells) => cells.length))
  for (let column = 0; column < columns; column++) level(widths, column)
  return lines
    .map((cells, row) => {
      const padded = cells.map((cell, column) => {
        const width = widths[row]?.[column] ?? 0
        return cell + ' '.repeat(Math.max(width - textWidth(cell), 0))
      })
      return `${padded.join('')}\n`
    })
    .join('')
}

/** Runs of lines that have the column share its width. */
function level(widths: readonly number[][], column: number): void {
  for (let from = 0; from < widths.length; from++) {
    let to = from
    let widest = 0
    for (; (widths[to]?.length ?? 0) > column; to++) {
      widest = Math.max(widest, widths[to]?.[column] ?? 0)
    }
    for (let row = from; row < to; row++) {
      const cells = widths[row]
      if (cells) cells[column] = widest
    }
    from = to
  }
}
