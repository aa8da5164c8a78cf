import type { KubeObject, Workflow } from '@argosy/engine'
import { type ListQuery, type Resource, resources, StatusError } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { cleaner } from '../http/fields.ts'
import { batches, type Reply } from '../http/reply.ts'
import { gathered } from '../workflows/gathered.ts'
import { newestFirst } from '../workflows/order.ts'

/** What events make is labelled so: by sensors with their own name and their trigger's, by bindings with theirs. */
const labels = {
  sensor: 'events.argoproj.io/sensor',
  trigger: 'events.argoproj.io/trigger',
  binding: 'workflows.argoproj.io/workflow-event-binding',
} as const

interface Part {
  readonly resource: Resource
  readonly labelSelector?: string
}

const parts: readonly Part[] = [
  { resource: resources.eventSources },
  { resource: resources.sensors },
  { resource: resources.eventBuses },
  { resource: resources.workflowEventBindings },
  { resource: resources.workflows, labelSelector: labels.sensor },
  { resource: resources.workflows, labelSelector: labels.binding },
]

/** One message of the stream. */
interface Change {
  readonly type: string
  readonly object: unknown
}

/** Comes once, after all that is there: which kinds the asker may not see. */
interface Listed {
  readonly type: 'LISTED'
  readonly refused: readonly { readonly kind: string; readonly message: string }[]
}

type Message = Change | Listed

/**
 * `GET /api/v1/stream/event-flow/{namespace}`, ours: event sources, sensors, buses, bindings, and the newest runs of each, as
 * they change. One stream for all of them: browsers open only six connections to a server.
 */
export async function watchEventFlow(call: Call): Promise<Reply> {
  const opened = await Promise.all(parts.map((part) => open(part, call)))
  const refused = opened.flatMap((one) => ('refusal' in one ? [one.refusal] : []))
  const [first] = refused
  if (first && refused.length === parts.length) throw first.error
  return batches(messages(opened, call))
}

/** A part as it is now, and where its changes begin. */
interface Opened {
  readonly query: ListQuery
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
}

interface Refused {
  readonly refusal: { readonly kind: string; readonly error: StatusError }
}

async function open(
  { resource, labelSelector }: Part,
  { caller, params, signal }: Call,
): Promise<Opened | Refused> {
  const namespace = params['namespace'] ?? ''
  const query = {
    resource,
    ...(namespace && { namespace }),
    ...(labelSelector && { labelSelector }),
  }
  try {
    await caller.may('watch', query)
    const { items, resourceVersion } = await caller.client.list<KubeObject>(query, signal)
    return { query, items, resourceVersion }
  } catch (error) {
    // A cluster need not have the kinds of Argo Events.
    const isKnown = error instanceof StatusError && ['Forbidden', 'NotFound'].includes(error.reason)
    if (!isKnown) throw error
    return { refusal: { kind: resource.kind, error } }
  }
}

async function* messages(
  opened: readonly (Opened | Refused)[],
  call: Call,
): AsyncGenerator<readonly Message[]> {
  const seen = opened.filter((one): one is Opened => !('refusal' in one))
  yield seen.flatMap((part) =>
    newest(part).map((object) => ({ type: 'ADDED', object: shown(object) })),
  )
  const refused = opened.flatMap((one) => ('refusal' in one ? [one.refusal] : []))
  const told = new Map(refused.map(({ kind, error }) => [kind, error.message]))
  yield [{ type: 'LISTED', refused: [...told].map(([kind, message]) => ({ kind, message })) }]
  yield* changes(seen, call)
}

/** The end of one is the end of all: whoever reads begins anew. */
function changes(
  seen: readonly Opened[],
  { caller, signal }: Call,
): AsyncGenerator<readonly Message[]> {
  return gathered(signal, (channel, ends) => {
    const watch = async ({ query, resourceVersion }: Opened) => {
      const wanted = { ...query, resourceVersion }
      for await (const batch of caller.client.watch<KubeObject>(wanted, ends)) {
        const news = batch.filter(({ type }) => type !== 'BOOKMARK')
        if (news.length > 0)
          await channel.push(news.map(({ type, object }) => ({ type, object: shown(object) })))
      }
    }
    return Promise.race(seen.map(watch))
  })
}

/** So many runs of one trigger, or of one binding, are told at first. */
const mostRuns = 50

function newest({ query, items }: Opened): readonly KubeObject[] {
  if (query.resource !== resources.workflows) return items
  const told = new Map<string, number>()
  return (items as readonly Workflow[]).toSorted(newestFirst).filter((run) => {
    const maker = makerOf(run)
    const count = (told.get(maker) ?? 0) + 1
    told.set(maker, count)
    return count <= mostRuns
  })
}

function makerOf({ metadata }: KubeObject): string {
  const names = Object.values(labels).map((label) => metadata.labels?.[label] ?? '')
  return [metadata.namespace ?? '', ...names].join('/')
}

const ofRuns = cleaner(
  [
    ...['apiVersion', 'kind', 'status.phase', 'status.message'],
    ...['status.startedAt', 'status.finishedAt', 'status.progress'],
    ...['name', 'namespace', 'uid', 'labels', 'creationTimestamp', 'resourceVersion'].map(
      (field) => `metadata.${field}`,
    ),
  ].join(','),
)

function shown(object: KubeObject): unknown {
  return object.kind === resources.workflows.kind ? ofRuns(object) : object
}
