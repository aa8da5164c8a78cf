import type { Workflow } from '@argosy/engine'
import type { Phase } from '../format/phase.ts'
import { getJson, type Query } from '../http/api.ts'
import { connection } from '../http/connection.ts'
import { type Observable, observable } from './observable.ts'
import { keyOf } from './run-list.ts'

/** As much of the archive as was read. */
export interface ArchivePages {
  readonly runs: readonly Workflow[]
  /** `more`: there are further pages; `all`: these are all. */
  readonly state: 'reading' | 'more' | 'all' | 'broken'
  /** Another one for each question: what it was answered begins at its first run. */
  readonly round: number
  /** How many runs each phase would show, where the server says so. */
  readonly counts?: PhaseCounts
  /** Where the next page begins. */
  readonly next?: string
  readonly error?: Error
}

type PhaseCounts = Readonly<Partial<Record<Phase, number>>>

/** What is asked: which runs are wanted, and of which they are counted. */
interface ArchiveQuestion {
  readonly wanted: Query
  readonly counted: Query
}

export interface ArchiveAnswer {
  readonly metadata?: { readonly continue?: string }
  readonly items?: readonly Workflow[] | null
}

export interface ArchiveReader {
  readonly pages: Observable<ArchivePages>
  /** Asks for something else, from its first page on; what is shown stays until that has come. */
  readonly ask: (question: ArchiveQuestion) => void
  /** Reads the next page, or again the one that could not be read. */
  readonly more: () => void
  readonly again: () => void
  readonly close: () => void
}

const nothingRead: ArchivePages = { runs: [], state: 'reading', round: 0 }
const pageSize = 100
/** While somebody types, not every letter is a question. */
const typingMs = 150

/** Reads the archive page by page, as far as the reader scrolls. */
export function archiveReader(): ArchiveReader {
  const pages = observable(nothingRead)
  let question: ArchiveQuestion | undefined
  let reading = new AbortController()
  let counting = new AbortController()
  let timer: number | undefined
  const count = () => {
    counting.abort()
    counting = new AbortController()
    const { signal } = counting
    const path = 'archived-workflows-phases'
    getJson<{ counts?: PhaseCounts }>(path, question?.counted, signal).then(
      ({ counts }) => pages.update((value) => withCounts(value, counts)),
      // A server of another kind cannot count: the list is the same without.
      () => !signal.aborted && pages.update((value) => withCounts(value, undefined)),
    )
  }
  const read = (next: string | undefined) => {
    reading.abort()
    reading = new AbortController()
    const { signal } = reading
    const page = { 'listOptions.limit': pageSize, 'listOptions.continue': next }
    pages.update((value) => ({ ...value, state: 'reading' }))
    if (next === undefined) count()
    getJson<ArchiveAnswer>('archived-workflows', { ...question?.wanted, ...page }, signal).then(
      (answer) =>
        pages.update((value) => withPage(next === undefined ? anew(value) : value, answer)),
      (error: Error) => !signal.aborted && pages.update((value) => broken(value, error)),
    )
  }
  const leave = connection.subscribe(() => {
    const { state, next } = pages.get()
    if (state === 'broken' && connection.get().answers) read(next)
  })
  const stop = () => {
    window.clearTimeout(timer)
    reading.abort()
    counting.abort()
  }
  return {
    pages,
    ask(wanted) {
      const first = question === undefined
      question = wanted
      stop()
      if (first) read(undefined)
      else timer = window.setTimeout(read, typingMs, undefined)
    },
    more() {
      const { state, next } = pages.get()
      if (state === 'more' || state === 'broken') read(next)
    },
    again: () => read(undefined),
    close() {
      leave()
      stop()
    },
  }
}

/** With the runs of one more page; one that was archived anew meanwhile comes only once. */
export function withPage(
  { runs, round, counts }: ArchivePages,
  { metadata, items }: ArchiveAnswer,
): ArchivePages {
  const known = new Set(runs.map(keyOf))
  const fresh = (items ?? []).filter((run) => !known.has(keyOf(run)))
  const next = metadata?.continue
  const read = { runs: [...runs, ...fresh], round, ...(counts && { counts }) }
  return next ? { ...read, state: 'more', next } : { ...read, state: 'all' }
}

function withCounts(
  { counts: _, ...pages }: ArchivePages,
  counts: PhaseCounts | undefined,
): ArchivePages {
  return counts ? { ...pages, counts } : pages
}

function anew({ round, counts }: ArchivePages): ArchivePages {
  return { ...nothingRead, round: round + 1, ...(counts && { counts }) }
}

function broken(value: ArchivePages, error: Error): ArchivePages {
  return { ...value, state: 'broken', error }
}
