import { useEffect, useState } from 'react'
import { type Connection, connection } from '../http/connection.ts'
import { useSelected } from './observable.ts'

export interface Log {
  readonly lines: readonly string[]
  readonly state: 'reading' | 'whole' | 'broken'
  readonly error?: string
}

type Read = (signal: AbortSignal, add: (lines: readonly string[]) => void) => Promise<void>

const nothing: Log = { lines: [], state: 'reading' }
const roundOf = ({ round }: Connection) => round

/** Lines as they come. What they are is said by the key: with another one they are read from the beginning. */
export function useLog(key: string, read: Read): Log {
  const [log, setLog] = useState(nothing)
  const [round, setRound] = useState(0)
  const returns = useSelected(connection, roundOf)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what broke off is read anew when the server is back
  useEffect(() => {
    if (log.state === 'broken') setRound(returns)
  }, [returns])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything that is read
  useEffect(() => {
    const stop = new AbortController()
    setLog(nothing)
    const add = (lines: readonly string[]) =>
      setLog((known) => ({ ...known, lines: [...known.lines, ...lines] }))
    read(stop.signal, add).then(
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
