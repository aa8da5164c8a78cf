import type { Compactor } from './compactor.ts'
import type { Log, Row } from './log.ts'

/** Appends what came together, all or nothing, and drops a little of what nobody can ask for any more. */
export function writeRows(rows: readonly Row[], log: Log, compactor: Compactor): void {
  const undo = compactor.mark()
  try {
    write(rows, log, compactor)
  } catch (error) {
    undo()
    throw error
  }
}

function write(rows: readonly Row[], log: Log, compactor: Compactor): void {
  const append = (row: Row) => {
    log.append(row)
    compactor.count(row.revision, Buffer.byteLength(row.body))
  }
  const [first] = rows
  // Measured: a statement that is a transaction by itself costs less than the three of a larger one.
  if (first && rows.length === 1 && !compactor.isDue) append(first)
  else
    log.transaction(() => {
      for (const row of rows) append(row)
      compactor.step(rows.length * 2 + 8)
    })
}
