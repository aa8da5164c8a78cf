import type { ServerResponse } from 'node:http'

/** What aborts when a client leaves before its answer ends, and when the server stops. */
export type Departure = () => AbortSignal

/** Measured: a signal for each request, which hardly any of them looks at, took as long as RBAC. It is made when it is asked for. */
export function departure(response: ServerResponse, life: AbortSignal): Departure {
  let signal: AbortSignal | undefined
  return () => {
    signal ??= departed(response, life)
    return signal
  }
}

function departed(response: ServerResponse, life: AbortSignal): AbortSignal {
  const left = new AbortController()
  const stop = () => left.abort()
  const leave = () => {
    life.removeEventListener('abort', stop)
    if (!response.writableFinished) stop()
  }
  if (life.aborted) stop()
  else if (response.closed) leave()
  else {
    life.addEventListener('abort', stop)
    response.once('close', leave)
  }
  return left.signal
}
