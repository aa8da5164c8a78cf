import type { Workflow } from '@argosy/engine'
import { ApiError, getJson, segments } from '../http/api.ts'
import { stayLive } from '../http/live.ts'
import { readStream } from '../http/stream.ts'
import { applyDelta } from './apply-delta.ts'
import type { Health } from './live-runs.ts'
import { type Observable, observable } from './observable.ts'
import type { WatchEvent } from './run-list.ts'

export interface LiveRun {
  /** `undefined` until it has come; `null`: there is none of this name. */
  readonly run: Observable<Workflow | null | undefined>
  readonly health: Observable<Health>
  /** It was deleted while it was looked at. */
  readonly isDeleted: Observable<boolean>
  readonly close: () => void
}

/** One run with all its nodes, as it changes; the archive answers for what is gone. */
export function liveRun(namespace: string, name: string, uid?: string): LiveRun {
  const run = observable<Workflow | null | undefined>(undefined)
  const health = observable<Health>({ liveness: 'connecting' })
  const isDeleted = observable(false)
  const stop = stayLive({
    onChange: (liveness, error) => {
      health.update(() => ({ liveness, error }))
      // What was seen stays, also when nobody has it any more.
      const isMissing = error instanceof ApiError && error.status === 404
      if (isMissing && run.get()) isDeleted.update(() => true)
      else if (isMissing) run.update(() => null)
    },
    session: async (signal, live) => {
      const path = `workflows/${segments(namespace, name)}`
      const found = await getJson<Workflow>(path, { uid }, signal)
      run.update(() => found)
      isDeleted.update((was) => was && isPersisted(found))
      live()
      await readStream<WatchEvent>({
        path: `workflow-events/${segments(namespace)}`,
        query: {
          'listOptions.fieldSelector': `metadata.name=${name}`,
          'listOptions.resourceVersion': found.metadata.resourceVersion,
          deltas: true,
        },
        events: true,
        signal,
        // A difference that does not fit throws, which begins anew with the whole run.
        onFrames: (events) => {
          run.update((value) => latest(value, events))
          isDeleted.update((was) => deletedBy(events, was))
        },
      })
    },
  })
  return { run, health, isDeleted, close: stop }
}

/** Only the archive has it. */
function isPersisted({ metadata }: Workflow): boolean {
  return metadata.labels?.['workflows.argoproj.io/workflow-archiving-status'] === 'Persisted'
}

/** Of its name another one may have come, or the same one back from the archive. */
export function deletedBy(events: readonly WatchEvent[], was: boolean): boolean {
  const last = events.findLast(({ type }) => type === 'DELETED' || type === 'ADDED')
  return last === undefined ? was : last.type === 'DELETED'
}

/**
 * What the events make of it: of a large run they tell only what is new. A deletion leaves what was seen last, the reader
 * may want it.
 */
export function latest(value: Workflow | null | undefined, events: readonly WatchEvent[]) {
  const news = events.filter(({ type }) => type === 'ADDED' || type === 'MODIFIED')
  const whole = news.findLastIndex(({ patch }) => patch === undefined)
  const base = whole < 0 ? value : news[whole]?.object
  const patches = news.slice(whole + 1).flatMap(({ patch }) => (patch ? [patch] : []))
  return base ? applyDelta(base, patches) : base
}
