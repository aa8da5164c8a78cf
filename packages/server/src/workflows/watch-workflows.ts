import type { Json, KubeObject } from '@argosy/engine'
import { type Resource, resources, type WatchQuery } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { type Cleaner, cleaner } from '../http/fields.ts'
import { flagIn } from '../http/query.ts'
import { type Reply, stream } from '../http/reply.ts'
import { asDeltas, type Change } from './deltas.ts'
import { findWorkflow } from './find-workflow.ts'

/** `GET /api/v1/workflow-events/{namespace}` */
export async function watchWorkflows(call: Call): Promise<Reply> {
  const query = watchQuery(call, resources.workflows)
  await call.caller.may('watch', query)
  const fieldSelector = await withoutAlias(call, query.fieldSelector)
  const fields = cleaner(call.query.get('fields') ?? '', 'result.object.')
  const wanted = { ...query, ...(fieldSelector && { fieldSelector }) }
  if (flagIn(call.query, 'deltas')) {
    const told = await toldAlready(call, wanted, fields)
    return stream(asDeltas(events(call, wanted), fields, told))
  }
  return stream(changes(call, wanted, fields))
}

/** `GET /api/v1/stream/events/{namespace}`: Kubernetes' events, without saying what became of them. */
export async function watchEvents(call: Call): Promise<Reply> {
  const query = watchQuery(call, resources.events)
  await call.caller.may('watch', query)
  return stream(objects(changes(call, query, (object) => object)))
}

/** A stream of the changes of a kind, as `/api/v1/stream/sensors/{namespace}`. */
export async function watchKind(call: Call, resource: Resource): Promise<Reply> {
  const query = watchQuery(call, resource)
  await call.caller.may('watch', query)
  return stream(changes(call, query, cleaner(call.query.get('fields') ?? '', 'result.object.')))
}

/** What a reader who begins at a version has: the objects that have not changed since. */
async function toldAlready({ caller, signal }: Call, query: WatchQuery, shown: Cleaner) {
  const { resourceVersion, ...wanted } = query
  const since = Number(resourceVersion)
  if (!(since > 0)) return new Map<string, Json>()
  const { items } = await caller.client.list<KubeObject>(wanted, signal)
  return new Map(
    items
      .filter(({ metadata }) => Number(metadata.resourceVersion) <= since)
      .map((object) => [object.metadata.uid ?? '', shown(object) as Json]),
  )
}

function watchQuery({ params, query }: Call, resource: Resource): WatchQuery {
  const namespace = params['namespace'] ?? ''
  const text = (name: string) => query.get(`listOptions.${name}`) ?? ''
  const [labelSelector, fieldSelector] = [text('labelSelector'), text('fieldSelector')]
  const resourceVersion = text('resourceVersion')
  return {
    resource,
    ...(namespace && { namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
    ...(resourceVersion && { resourceVersion }),
  }
}

/** `metadata.name=@latest` is the name of a workflow that has to be found first. */
async function withoutAlias(call: Call, selector = ''): Promise<string> {
  const alias = /^metadata\.name==?(@latest)$/.exec(selector)?.[1]
  if (alias === undefined) return selector
  const named = { namespace: call.params['namespace'] ?? '', name: alias }
  const { metadata } = await findWorkflow(call.caller, named, call.signal)
  return `metadata.name=${metadata.name}`
}

async function* events({ caller, signal }: Call, query: WatchQuery) {
  for await (const batch of caller.client.watch<KubeObject>(query, signal)) {
    yield* batch.filter(({ type }) => type !== 'BOOKMARK')
  }
}

async function* changes(call: Call, query: WatchQuery, fields: Cleaner): AsyncGenerator<Change> {
  for await (const { type, object } of events(call, query)) yield { type, object: fields(object) }
}

async function* objects(events: AsyncIterable<Change>): AsyncGenerator<unknown> {
  for await (const { object } of events) yield object
}
