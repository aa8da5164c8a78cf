import { segments } from '../http/api.ts'
import { stayLive } from '../http/live.ts'
import { readStream } from '../http/stream.ts'
import {
  applyMessages,
  type EventFlow,
  type FlowMessage,
  noFlow,
  withoutOldRuns,
} from './event-flow.ts'
import type { Health } from './live-runs.ts'
import { type Observable, observable } from './observable.ts'

export interface LiveEventFlow {
  readonly flow: Observable<EventFlow>
  readonly health: Observable<Health>
  readonly close: () => void
}

/** What events come from and lead to, as it changes, of a namespace, or of all when it is empty. */
export function liveEventFlow(namespace: string): LiveEventFlow {
  const flow = observable(noFlow)
  const health = observable<Health>({ liveness: 'connecting' })
  const close = stayLive({
    onChange: (liveness, error) => health.update(() => ({ liveness, error })),
    session: async (signal, live) => {
      // What was there before stays until all of the new has come.
      let next = noFlow
      await readStream<FlowMessage>({
        path: `stream/event-flow/${segments(namespace)}`,
        events: true,
        signal,
        onFrames: (messages) => {
          const isNew = !next.loaded
          next = withoutOldRuns(applyMessages(next, messages))
          if (!next.loaded) return
          if (isNew) live()
          flow.update(() => next)
        },
      })
    },
  })
  return { flow, health, close }
}
