import { segments } from '../http/api.ts'
import { stayLive } from '../http/live.ts'
import { readStream } from '../http/stream.ts'
import { type Observable, observable } from './observable.ts'

/** What Kubernetes says about something. */
export interface KubeEvent {
  readonly metadata?: { readonly uid?: string; readonly name?: string }
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly count?: number
  readonly lastTimestamp?: string
  readonly firstTimestamp?: string
  readonly eventTime?: string
  readonly involvedObject?: { readonly name?: string }
}

interface Events {
  readonly all: ReadonlyMap<string, KubeEvent>
  readonly error?: string
}

export interface LiveEvents {
  readonly events: Observable<Events>
  readonly close: () => void
}

const none: ReadonlyMap<string, KubeEvent> = new Map()

/** The events of some of a namespace's objects, each of them once as it is now, also over a server that is started anew. */
export function liveEvents(
  namespace: string,
  names: ReadonlySet<string>,
  fieldSelector = 'involvedObject.kind=Pod',
): LiveEvents {
  const events = observable<Events>({ all: none })
  const close = stayLive({
    onChange: (_, error) => events.update(({ all }) => ({ all, ...(error && wordsOf(error)) })),
    session: (signal, live) =>
      readStream<KubeEvent>({
        path: `stream/events/${segments(namespace)}`,
        query: { 'listOptions.fieldSelector': fieldSelector },
        events: true,
        signal,
        onFrames: (more) => {
          live()
          const wanted = more.filter(({ involvedObject }) => names.has(involvedObject?.name ?? ''))
          events.update(({ all }) => ({ all: withNews(all, wanted) }))
        },
      }),
  })
  return { events, close }
}

const wordsOf = ({ message: error }: Error) => ({ error })

/** One that happens again is the same, told anew. */
export function withNews(
  known: ReadonlyMap<string, KubeEvent>,
  news: readonly KubeEvent[],
): ReadonlyMap<string, KubeEvent> {
  if (news.length === 0) return known
  const named = news.map((event) => {
    const { uid, name = '' } = event.metadata ?? {}
    return [uid ?? name, event] as const
  })
  return new Map([...known, ...named])
}
