import type { KubeObject, Workflow } from '@argosy/engine'
import { runsByMaker } from '../graph/flow-bindings.ts'

/** What of the event flow has been told: objects of all its kinds, by their uids. */
export interface EventFlow {
  readonly objects: ReadonlyMap<string, KubeObject>
  /** Kinds that the reader may not see, and why. */
  readonly refused: readonly RefusedKind[]
  /** All that is there has come. */
  readonly loaded: boolean
}

interface RefusedKind {
  readonly kind: string
  readonly message: string
}

export interface FlowMessage {
  readonly type: string
  readonly object?: KubeObject
  readonly refused?: readonly RefusedKind[]
}

export const noFlow: EventFlow = { objects: new Map(), refused: [], loaded: false }

/** The flow after some messages, in their order. An older version of an object is no news. */
export function applyMessages(flow: EventFlow, messages: readonly FlowMessage[]): EventFlow {
  const objects = new Map(flow.objects)
  let { refused, loaded } = flow
  for (const message of messages) {
    const { type, object } = message
    if (type === 'LISTED') {
      refused = message.refused ?? []
      loaded = true
    }
    if (object === undefined) continue
    const key = object.metadata.uid ?? ''
    if (type === 'DELETED') objects.delete(key)
    else if (!isOlder(object, objects.get(key))) objects.set(key, object)
  }
  return { objects, refused, loaded }
}

/** More runs than this are not kept; how many of each trigger or binding are, then. */
const [mostRuns, keptRuns] = [1000, 50]

/** The flow without the runs that have become too old to be shown: a page may be open for weeks. */
export function withoutOldRuns(flow: EventFlow): EventFlow {
  const runs = [...flow.objects].filter(([, { kind }]) => kind === 'Workflow')
  if (runs.length <= mostRuns) return flow
  const makers = runsByMaker(runs.map(([, run]) => run) as unknown as readonly Workflow[])
  const kept = new Set([...makers.values()].flatMap((own) => own.slice(0, keptRuns)))
  const others = [...flow.objects].filter(
    ([, one]) => one.kind !== 'Workflow' || kept.has(one as unknown as Workflow),
  )
  return { ...flow, objects: new Map(others) }
}

function isOlder(one: KubeObject, known: KubeObject | undefined): boolean {
  const revision = ({ metadata }: KubeObject) => Number(metadata.resourceVersion ?? Number.NaN)
  return known !== undefined && revision(one) < revision(known)
}
