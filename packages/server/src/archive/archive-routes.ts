import type { Workflow } from '@argosy/engine'
import { labelActor, retryWorkflow } from '@argosy/engine'
import { type LabelRequirement, labelRequirements, resources } from '@argosy/kube'
import { ApiError, accepted, invalid } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { cleaner } from '../http/fields.ts'
import { Message } from '../http/message.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import { created } from '../workflows/created.ts'
import { listOptionsIn } from '../workflows/list-options.ts'
import { removeOld, resubmitted, retryOptionsIn } from '../workflows/operate-workflow.ts'
import { openFirst } from '../workflows/order.ts'
import type { World } from '../world.ts'
import { type Archive, persisted, type Wanted } from './archive.ts'

/** argo: ArchivedWorkflowService. */
export function archiveRoutes(world: World): readonly Route[] {
  const { archive } = world
  if (!archive) return []
  const all = '/api/v1/archived-workflows'
  const one = `${all}/{uid}`
  const route = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
    method,
    path,
    handle,
  })
  return [
    route('GET', all, (call) => list(call, archive, world)),
    route('GET', one, async (call) => json(await find(call, archive, 'get'))),
    route('DELETE', one, (call) => remove(call, archive)),
    route('PUT', `${one}/retry`, (call) => retry(call, archive, world)),
    route('PUT', `${one}/resubmit`, (call) => resubmit(call, archive, world)),
    route('GET', `${all}-phases`, (call) => phases(call, archive, world)),
    route('GET', `${all}-label-keys`, (call) => labelKeys(call, archive)),
    route('GET', `${all}-label-values`, (call) => labelValues(call, archive)),
  ]
}

async function list(call: Call, archive: Archive, world: World): Promise<Reply> {
  const { query } = call
  const wanted = await wantedIn(call, world)
  const { limit, countRemaining } = wanted
  const found = await archive.list({ ...wanted, limit: limit === 0 ? 0 : limit + 1 })
  const shown = limit === 0 ? found : found.slice(0, limit)
  const last = shown.at(-1)
  const metadata = {
    ...(last !== undefined && found.length > shown.length && { continue: String(last.key) }),
    ...(countRemaining &&
      limit > 0 && { remainingItemCount: await remaining(archive, wanted, shown.length) }),
  }
  const fields = cleaner(query.get('fields') ?? '')
  const items = shown.map(({ workflow }) => persisted(workflow)).sort(openFirst)
  return json(fields({ metadata, items }))
}

/** What a list asks for, of one who may list that. */
async function wantedIn({ query, caller }: Call, { clock }: World): Promise<Wanted> {
  const namespace = query.get('namespace') ?? ''
  const options = listOptionsIn(query, { namespace, now: clock.now() })
  await mayList(caller, options.namespace)
  return { ...options, deletedOnly: false }
}

/** How many runs of each phase the whole list has; without `counts` that would take too long to find out. */
async function phases(call: Call, archive: Archive, world: World): Promise<Reply> {
  const wanted = await wantedIn(call, world)
  const counts = await archive.phases({ ...wanted, limit: 0, offset: 0, before: undefined })
  return json(counts ? { counts } : {})
}

async function remaining(archive: Archive, wanted: Wanted, shown: number): Promise<number> {
  return Math.max((await archive.count(wanted)) - wanted.offset - shown, 0)
}

function mayList(caller: Call['caller'], namespace: string): Promise<void> {
  return caller.may('list', { resource: resources.workflows, ...(namespace && { namespace }) })
}

/** One that the caller may see; by the uid of the path, or by name and namespace. */
async function find(
  { params, query, caller }: Call,
  archive: Archive,
  verb: string,
  body: Message = new Message({}),
): Promise<Workflow> {
  const name = query.get('name') || body.text('name')
  const namespace = query.get('namespace') || body.text('namespace')
  const uid = params['uid'] ?? ''
  const found = await archive.get(uid === '' ? { namespace, name } : { uid })
  if (!found) throw new ApiError('NotFound', 'not found')
  const { name: own = '', namespace: where = '' } = found.metadata
  await caller.may(verb, { resource: resources.workflows, namespace: where, name: own })
  return persisted(found)
}

async function remove(call: Call, archive: Archive): Promise<Reply> {
  const { metadata } = await find(call, archive, 'delete')
  await archive.remove(metadata.uid ?? '')
  return json({})
}

async function resubmit(call: Call, archive: Archive, world: World): Promise<Reply> {
  const body = new Message(await call.body())
  return json(await resubmitted(await find(call, archive, 'get', body), call, { body, world }))
}

/** The workflow comes back under its name, with another uid. */
async function retry(call: Call, archive: Archive, { clock }: World): Promise<Reply> {
  const { caller, signal } = call
  const body = new Message(await call.body())
  const old = await find(call, archive, 'get', body)
  const { namespace = '', name = '' } = old.metadata
  const resource = resources.workflows
  if (await caller.client.get({ resource, namespace, name }, signal)) {
    const hint = 'Workflow already exists on cluster, use argo retry {name} instead'
    throw new ApiError('AlreadyExists', hint)
  }
  const retried = accepted(retryWorkflow(old, { ...retryOptionsIn(body), now: clock.now() }))
  await removeOld(caller.client, retried, signal)
  const { uid: _, resourceVersion: _version, ...metadata } = retried.workflow.metadata
  const fresh = labelActor({ ...retried.workflow, metadata }, caller.actor, 'Retry')
  return json(await created(caller.client, resource, fresh, signal))
}

async function labelKeys({ query, caller }: Call, archive: Archive): Promise<Reply> {
  const namespace = query.get('namespace') ?? ''
  await mayList(caller, namespace)
  return json({ items: await archive.labelKeys(namespace) })
}

async function labelValues({ query, caller }: Call, archive: Archive): Promise<Reply> {
  const namespace = query.get('namespace') ?? ''
  await mayList(caller, namespace)
  const requirements = labelRequirements(query.get('listOptions.labelSelector') ?? '')
  return json({ items: await archive.labelValues(keyIn(requirements), namespace) })
}

function keyIn(requirements: readonly LabelRequirement[]): string {
  const [only] = requirements
  if (only === undefined || requirements.length > 1) {
    throw invalid(`only allow 1 labelRequirement, found ${requirements.length}`)
  }
  if (only.operator === 'exists') return only.key
  throw invalid(`operation ${only.operator} is not supported`)
}
