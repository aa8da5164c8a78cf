import type { Workflow } from '@argosy/engine'
import { getJson, type Query } from '../http/api.ts'
import { type Observable, observable } from './observable.ts'
import { keyOf } from './run-list.ts'

/** As much of the archive as was read. */
export interface ArchivePages {
  readonly runs: readonly Workflow[]
  /** `more`: there are further pages; `all`: these are all. */
  readonly state: 'reading' | 'more' | 'all' | 'broken'
  /** Another one for each question: what it was answered begins at its first run. */
  readonly round: number
  /** Where the next page begins. */
  readonly next?: string
  readonly error?: string
}

export interface ArchiveAnswer {
  readonly metadata?: { readonly continue?: string }
  readonly items?: readonly Workflow[] | null
}

export interface ArchiveReader {
  readonly pages: Observable<ArchivePages>
  /** Asks for something else, from its first page on; what is shown stays until that has come. */
  readonly ask: (question: Query) => void
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
  let question: Query | undefined
  let reading = new AbortController()
  let timer: number | undefined
  const read = (next: string | undefined) => {
    reading.abort()
    reading = new AbortController()
    const { signal } = reading
    const page = { 'listOptions.limit': pageSize, 'listOptions.continue': next }
    pages.update((value) => ({ ...value, state: 'reading' }))
    getJson<ArchiveAnswer>('archived-workflows', { ...question, ...page }, signal).then(
      (answer) =>
        pages.update((value) => withPage(next === undefined ? anew(value) : value, answer)),
      (error: Error) => !signal.aborted && pages.update((value) => broken(value, error)),
    )
  }
  const stop = () => {
    window.clearTimeout(timer)
    reading.abort()
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
    close: stop,
  }
}

/** With the runs of one more page; one that was archived anew meanwhile comes only once. */
export function withPage(
  { runs, round }: ArchivePages,
  { metadata, items }: ArchiveAnswer,
): ArchivePages {
  const known = new Set(runs.map(keyOf))
  const fresh = (items ?? []).filter((run) => !known.has(keyOf(run)))
  const next = metadata?.continue
  const all = [...runs, ...fresh]
  return next ? { runs: all, round, state: 'more', next } : { runs: all, round, state: 'all' }
}

function anew({ round }: ArchivePages): ArchivePages {
  return { ...nothingRead, round: round + 1 }
}

function broken(value: ArchivePages, { message }: Error): ArchivePages {
  return { ...value, state: 'broken', error: message }
}
