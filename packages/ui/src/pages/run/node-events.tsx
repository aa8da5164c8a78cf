import type { NodeStatus, Workflow } from '@argosy/engine'
import { exactTime } from '../../format/time.ts'
import { type LiveEvents, liveEvents } from '../../state/live-events.ts'
import { useSelected } from '../../state/observable.ts'
import { podOf } from '../../state/pods.ts'
import { useLive } from '../../state/use-live.ts'

interface NodeEventsProps {
  readonly run: Workflow
  readonly attempts: readonly NodeStatus[]
}

/** What Kubernetes said about the step's pods, as it says it. */
export function NodeEvents({ run, attempts }: NodeEventsProps) {
  const pods = attempts.map((node) => podOf(run, node)).join(',')
  const namespace = run.metadata.namespace ?? ''
  const live = useLive(`${namespace} ${pods}`, () =>
    liveEvents(namespace, new Set(pods.split(','))),
  )
  return live ? <EventList live={live} /> : null
}

const itself = <T,>(value: T): T => value

function EventList({ live }: { readonly live: LiveEvents }) {
  const { all, error } = useSelected(live.events, itself)
  const events = [...all.values()]
  return (
    <div className="body stack">
      {error && <p className="notice">The events could not be read: {error}</p>}
      {!error && events.length === 0 && (
        <p className="quiet">No events of its pods. Kubernetes forgets them after an hour.</p>
      )}
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
