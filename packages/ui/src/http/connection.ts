import { type Observable, observable } from '../state/observable.ts'
import { getJson, onSilence } from './api.ts'

/** Whether the server answers, and how often it came back: what failed meanwhile is then asked again. */
export interface Connection {
  readonly answers: boolean
  readonly round: number
}

export const connection: Observable<Connection> = observable<Connection>({
  answers: true,
  round: 0,
})

const [firstMs, longestMs] = [500, 5000]

/** From now on a server that falls silent is asked until it answers. */
export function watchConnection(): void {
  onSilence((isSilent) => {
    const { answers, round } = connection.get()
    if (answers !== isSilent) return
    connection.update(() => ({ answers: !isSilent, round: isSilent ? round : round + 1 }))
    if (isSilent) askAgain(firstMs)
  })
}

/** Any answer is one, also that the reader is not known. */
function askAgain(pauseMs: number): void {
  window.setTimeout(async () => {
    if (connection.get().answers) return
    await getJson('version').catch(() => undefined)
    if (!connection.get().answers) askAgain(Math.min(longestMs, pauseMs * 1.5))
  }, pauseMs)
}
