import type { DatabaseSync } from 'node:sqlite'
import type { Ask, Question } from './archive-reads.ts'
import { SqliteReader } from './sqlite-reader.ts'
import { WorkerPool } from './worker-pool.ts'

/** How an archive is asked. */
export interface Asking {
  readonly ask: Ask
  /** To be closed first. */
  readonly readers?: AsyncDisposable
}

// An answer is of the kind of its question: what the casts to `Ask` say, and the types of the readers cannot.
export function askAtOnce(db: DatabaseSync): Asking {
  const reader = new SqliteReader(db)
  return { ask: (async (question: Question) => reader.answer(question)) as Ask }
}

/** While one searches, another still gets and lists. */
const most = 2

/** Threads that have a connection each; the file has its tables already. */
export function askThreads(path: string): Asking {
  const program = new URL('./archive-worker.ts', import.meta.url)
  const readers = new WorkerPool({ program, data: { path }, most })
  const ask = (question: Question) =>
    readers.ask(question).catch((cause: unknown) => {
      const what = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`the archive cannot be read: ${what}`, { cause })
    })
  return { ask: ask as Ask, readers }
}
