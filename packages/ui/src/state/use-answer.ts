import { useEffect, useState } from 'react'
import { getJson, type Query } from '../http/api.ts'
import { useReturns } from './use-returns.ts'

export interface Answer<T> {
  readonly value?: T
  readonly error?: Error
  /** Asks again. */
  readonly again: () => void
}

/** What the server answers to a GET; asked again when the path changes, or the server has come back. No path asks nothing. */
export function useAnswer<T>(path: string | undefined, query?: Query): Answer<T> {
  const [answer, setAnswer] = useState<{ path: string; value?: T; error?: Error }>()
  const [round, setRound] = useState(0)
  const returns = useReturns()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a query belongs to its path; a new round asks again
  useEffect(() => {
    if (path === undefined) return
    const stop = new AbortController()
    getJson<T>(path, query, stop.signal).then(
      (value) => setAnswer({ path, value }),
      (error: Error) => !stop.signal.aborted && setAnswer({ path, error }),
    )
    return () => stop.abort()
  }, [path, round, returns])
  const again = () => setRound((value) => value + 1)
  if (answer?.path !== path) return { again }
  const { value, error } = answer ?? {}
  return { again, ...(value !== undefined && { value }), ...(error !== undefined && { error }) }
}
