import { useEffect, useState } from 'react'
import { useReturns } from './use-returns.ts'

interface Log {
  readonly lines: readonly string[]
  readonly state: 'reading' | 'whole' | 'broken'
  readonly error?: string
}

/** What somebody who reads a log does with what he reads. */
interface Reader {
  readonly signal: AbortSignal
  readonly add: (lines: readonly string[]) => void
  /** Nothing that was added counts any more. */
  readonly clear: () => void
}

const nothing: Log = { lines: [], state: 'reading' }

/**
 * Lines as they come. What they are is said by the key; with another one, and when the server is back after the reading
 * broke off, `read` is called again: it clears, or goes on behind what it has added.
 */
export function useLog(key: string, read: (reader: Reader) => Promise<void>): Log {
  const [log, setLog] = useState(nothing)
  const [round, setRound] = useState(0)
  const returns = useReturns()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what broke off is read again when the server is back
  useEffect(() => {
    if (log.state === 'broken') setRound(returns)
  }, [returns])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything that is read
  useEffect(() => {
    const stop = new AbortController()
    const add = (lines: readonly string[]) =>
      setLog((known) => ({ ...known, lines: [...known.lines, ...lines] }))
    setLog(({ lines }) => ({ lines, state: 'reading' }))
    read({ signal: stop.signal, add, clear: () => setLog(nothing) }).then(
      () => setLog((known) => ({ ...known, state: 'whole' })),
      (error: Error) => {
        if (!stop.signal.aborted)
          setLog((known) => ({ ...known, state: 'broken', error: error.message }))
      },
    )
    return () => stop.abort()
  }, [key, round])
  return log
}
