import type { NodeStatus, Workflow } from '@argosy/engine'
import { useEffect, useState } from 'react'
import { exactTime } from '../../format/time.ts'
import { segments } from '../../http/api.ts'
import { readStream } from '../../http/stream.ts'
import { podOf } from '../../state/pods.ts'

interface NodeEventsProps {
  readonly run: Workflow
  readonly attempts: readonly NodeStatus[]
}

interface KubeEvent {
  readonly metadata?: { readonly uid?: string; readonly name?: string }
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly lastTimestamp?: string
  readonly firstTimestamp?: string
  readonly eventTime?: string
  readonly involvedObject?: { readonly name?: string }
}

/** What Kubernetes said about the step's pods, as it says it. */
export function NodeEvents({ run, attempts }: NodeEventsProps) {
  const [events, setEvents] = useState<readonly KubeEvent[]>([])
  const [error, setError] = useState<string>()
  const pods = attempts.map((node) => podOf(run, node)).join(',')
  const namespace = run.metadata.namespace ?? ''
  useEffect(() => {
    const stop = new AbortController()
    const wanted = new Set(pods.split(','))
    setEvents([])
    readStream<KubeEvent>({
      path: `stream/events/${segments(namespace)}`,
      query: { 'listOptions.fieldSelector': 'involvedObject.kind=Pod' },
      events: true,
      signal: stop.signal,
      onFrames: (more) =>
        setEvents((known) => [
          ...known,
          ...more.filter(({ involvedObject }) => wanted.has(involvedObject?.name ?? '')),
        ]),
    }).catch((failure: Error) => !stop.signal.aborted && setError(failure.message))
    return () => stop.abort()
  }, [pods, namespace])
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
            <b>{event.reason}</b>{' '}
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
