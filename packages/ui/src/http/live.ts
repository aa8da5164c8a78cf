import { ApiError } from './api.ts'
import { connection } from './connection.ts'

export type Liveness = 'connecting' | 'live' | 'lost'

export interface LiveOptions {
  /** Reads the whole state, then stays with it until the stream ends. */
  readonly session: (signal: AbortSignal, live: () => void) => Promise<void>
  readonly onChange: (liveness: Liveness, error: Error | undefined) => void
}

const longestMs = 15_000

/** Keeps one session going: lists and watches, and again with growing pauses when it breaks. The result ends it. */
export function stayLive({ session, onChange }: LiveOptions): () => void {
  const stop = new AbortController()
  let timer: number | undefined
  let failures = 0
  const live = () => {
    failures = 0
    onChange('live', undefined)
  }
  const again = (pauseMs: number) => {
    timer = window.setTimeout(start, pauseMs)
  }
  const start = () => {
    timer = undefined
    session(stop.signal, live).then(
      () => !stop.signal.aborted && again(200),
      (error: Error) => {
        if (stop.signal.aborted) return
        failures += 1
        onChange('lost', error)
        // What is forbidden or not there does not come back by asking more often.
        const final = error instanceof ApiError && [401, 403, 404].includes(error.status)
        again(final ? longestMs : Math.min(longestMs, 250 * 2 ** failures))
      },
    )
  }
  // A server that is back is not made to wait for the end of a pause.
  const leave = connection.subscribe(() => {
    if (timer === undefined || !connection.get().answers) return
    window.clearTimeout(timer)
    start()
  })
  onChange('connecting', undefined)
  start()
  return () => {
    leave()
    stop.abort()
    window.clearTimeout(timer)
  }
}
