import type { Workflow } from '@argosy/engine'
import { getJson, segments } from '../http/api.ts'
import { type Liveness, stayLive } from '../http/live.ts'
import { readStream } from '../http/stream.ts'
import { type Observable, observable } from './observable.ts'
import { applyEvents, listed, noRuns, type RunList, type WatchEvent } from './run-list.ts'

export interface LiveRuns {
  readonly list: Observable<RunList>
  readonly health: Observable<Health>
  readonly close: () => void
}

export interface Health {
  readonly liveness: Liveness
  readonly error?: Error | undefined
}

const metadata = [
  'uid',
  'name',
  'namespace',
  'resourceVersion',
  'creationTimestamp',
  'labels',
  'annotations',
]
const status = ['phase', 'message', 'startedAt', 'finishedAt', 'estimatedDuration', 'progress']
const shown = [
  ...metadata.map((field) => `metadata.${field}`),
  ...status.map((field) => `status.${field}`),
  'spec.suspend',
  'spec.workflowTemplateRef',
  'spec.arguments.parameters',
]
/** More than anybody reads; the server would go on with all of the archive. */
const most = 5000
const listFields = ['metadata', ...shown.map((field) => `items.${field}`)].join(',')
const watchFields = ['result.type', ...shown.map((field) => `result.object.${field}`)].join(',')

/** The runs of a namespace, or of all when it is empty, as they change. */
export function liveRuns(namespace: string, labelSelector?: string): LiveRuns {
  const list = observable(noRuns)
  const health = observable<Health>({ liveness: 'connecting' })
  const incoming = batcher<WatchEvent>((events) =>
    list.update((value) => applyEvents(value, events)),
  )
  const selector = { 'listOptions.labelSelector': labelSelector }
  const stop = stayLive({
    onChange: (liveness, error) => health.update(() => ({ liveness, error })),
    session: async (signal, live) => {
      const answer = await getJson<RunListAnswer>(
        `workflows/${segments(namespace)}`,
        { fields: listFields, 'listOptions.limit': most, ...selector },
        signal,
      )
      const { resourceVersion, continue: older } = answer.metadata ?? {}
      list.update(() => listed(answer.items ?? [], Boolean(older)))
      live()
      await readStream<WatchEvent>({
        path: `workflow-events/${segments(namespace)}`,
        query: {
          fields: watchFields,
          'listOptions.resourceVersion': resourceVersion,
          ...selector,
        },
        events: true,
        signal,
        onFrames: incoming,
      })
    },
  })
  return { list, health, close: stop }
}

interface RunListAnswer {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items?: readonly Workflow[] | null
}

/** Gathers what comes in one frame of the screen: a burst of events is drawn once. */
function batcher<T>(apply: (items: readonly T[]) => void): (items: readonly T[]) => void {
  let waiting: T[] = []
  return (items) => {
    if (waiting.length === 0) {
      // A hidden page gets no animation frames, a timer always comes.
      window.setTimeout(() => {
        const due = waiting
        waiting = []
        apply(due)
      }, 50)
    }
    waiting.push(...items)
  }
}
