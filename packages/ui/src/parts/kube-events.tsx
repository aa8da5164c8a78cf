import { exactTime } from '../format/time.ts'
import { type LiveEvents, liveEvents } from '../state/live-events.ts'
import { useValue } from '../state/observable.ts'
import { useLive } from '../state/use-live.ts'

interface KubeEventsProps {
  readonly namespace: string
  /** Kubernetes' field selector, as `involvedObject.kind=Pod`. */
  readonly fieldSelector: string
  /** The objects that are meant. */
  readonly names: readonly string[]
  /** What is said when there are none. */
  readonly nothing: string
}

/** What Kubernetes said about some objects, as it says it. */
export function KubeEvents({ namespace, fieldSelector, names, nothing }: KubeEventsProps) {
  const live = useLive(`${namespace} ${fieldSelector} ${names.join(',')}`, () =>
    liveEvents(namespace, new Set(names), fieldSelector),
  )
  return live ? <EventList live={live} nothing={nothing} /> : null
}

interface EventListProps {
  readonly live: LiveEvents
  readonly nothing: string
}

function EventList({ live, nothing }: EventListProps) {
  const { all, error } = useValue(live.events)
  const events = [...all.values()]
  return (
    <div className="body stack">
      {error && <p className="notice">The events could not be read: {error}</p>}
      {!error && events.length === 0 && <p className="quiet">{nothing}</p>}
      <ol className="stack tight">
        {events.map((event) => (
          <li
            key={event.metadata?.uid ?? event.metadata?.name}
            className="event"
            data-type={event.type}
          >
            <b>{event.reason}</b>
            {(event.count ?? 1) > 1 && ` × ${event.count}`}{' '}
            <span className="quiet">
              {exactTime(event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime)}
            </span>
            <p>{event.message}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}
