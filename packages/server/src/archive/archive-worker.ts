import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Question } from './archive-reads.ts'
import { SqliteReader } from './sqlite-reader.ts'
import type { Order, Outcome } from './worker-pool.ts'

// Whoever writes has made the file, and its tables.
const { path } = workerData as { readonly path: string }
const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
db.exec('PRAGMA cache_size = -32768')
const reader = new SqliteReader(db)

parentPort?.on('message', ({ id, question }: Order) => {
  parentPort?.postMessage({ id, ...outcomeOf(question as Question) } satisfies Outcome)
})

function outcomeOf(question: Question): { readonly answer: unknown } | { readonly error: string } {
  try {
    return { answer: reader.answer(question) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
