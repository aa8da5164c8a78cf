import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { type Draft, diffOps, StatusError } from '@argosy/kube'
import { patch as applyPatch } from '../changes.ts'
import { type Apply, applyManaged } from '../parts/apply/apply.ts'
import { flawOf } from '../parts/schema/flaw.ts'
import { badRequest, conflict, invalid } from '../refusals.ts'
import { type Body, yaml } from './body.ts'
import type { ObjectCall } from './call.ts'
import { placed } from './incoming.ts'
import { managedWrite } from './managed.ts'
import { sendCreated } from './present.ts'
import { flag } from './query.ts'
import { apiVersionAt } from './versions.ts'
import type { World } from './world.ts'
import { allowCreate, change, createFrom, named } from './write.ts'

/** Server-side apply: creates what is not there, and lays what is wanted over what is. */
export async function apply(call: ObjectCall, body: Body, world: World): Promise<void> {
  const config = configIn(call, body)
  const wanted = {
    ...managedWrite(call, world.clock.now()),
    config,
    force: flag(call.query, 'force'),
  }
  if (!world.objects.newest(call.kind, call.place)) {
    if (call.target.subresource !== undefined) world.objects.get(call.kind, call.place)
    await create(call, world, wanted)
    return
  }
  const lay = (draft: Draft, live: JsonObject) => {
    const object = applied(call, { ...wanted, live })
    const { subresource } = call.target
    const isPart = subresource === 'status' && call.kind.definition !== undefined
    const body = diffOps(draft.root, isPart ? withMetadataOf(live, object) : object)
    const part = subresource === 'status' ? ({ subresource } as const) : {}
    applyPatch(draft, { type: 'json', body, ...part }, call.kind)
  }
  await change(call, world, lay, { keepsBooks: true })
}

/** Who writes the status of a custom resource writes nothing of its metadata, but is entered in its books. */
function withMetadataOf(live: JsonObject, object: JsonObject): JsonObject {
  const { managedFields } = object['metadata'] as JsonObject
  const { managedFields: _, ...metadata } = live['metadata'] as JsonObject
  return { ...object, metadata: { ...metadata, ...(managedFields && { managedFields }) } }
}

async function create(call: ObjectCall, world: World, wanted: Omit<Apply, 'live'>): Promise<void> {
  const { uid, resourceVersion } = wanted.config['metadata'] as JsonObject
  if (uid || resourceVersion) {
    const why = 'the object is not there, but a uid or a resourceVersion was given'
    throw conflict(call.kind.resource, call.place.name, why)
  }
  // Who may patch may not yet create.
  await allowCreate(call, world)
  const object = applied(call, wanted) as unknown as KubeObject
  sendCreated(call, world, await createFrom(call, world, object))
}

function applied(call: ObjectCall, wanted: Apply): JsonObject {
  const done = applyManaged(wanted)
  if ('object' in done) return done.object
  if ('flaws' in done) throw untypable(call, done.flaws)
  const { message, causes } = done.conflict
  throw new StatusError('Conflict', message, { details: { causes } })
}

/** Kubernetes takes what is of no type for a fault of its own. */
function untypable(call: ObjectCall, flaws: string): StatusError {
  const { namespace, name } = call.place
  const who = `${namespace ?? ''}/${name}; ${typeText(typeAt(call))}`
  return new StatusError('Unknown', `failed to create typed patch object (${who}): ${flaws}`)
}

function configIn(call: ObjectCall, body: Body): JsonObject {
  const { query, place, kind } = call
  const given = yaml(body.bytes)
  if (!isObject(given)) throw badRequest('the body of the request is not an object')
  const [found, wanted] = [typeText(given), typeText(typeAt(call))]
  if (found !== wanted) throw badRequest(`invalid object type: ${found}`)
  const object = named(call, placed(call, given)) as unknown as JsonObject
  if (!query.get('fieldManager')) throw noManager()
  const { managedFields } = object['metadata'] as JsonObject
  if (Array.isArray(managedFields) && managedFields.length > 0) {
    throw invalid(kind.resource, place.name, [
      flawOf.forbidden('metadata.managedFields', 'must be empty in what is applied'),
    ])
  }
  return object
}

function typeAt({ kind, target }: ObjectCall) {
  return { apiVersion: apiVersionAt(kind, target.version), kind: kind.resource.kind }
}

/** As Go prints the type of an object. */
function typeText({ apiVersion, kind }: JsonObject): string {
  const version = typeof apiVersion === 'string' ? apiVersion : ''
  const slashed = version.includes('/') ? version : `/${version}`
  return `${slashed}, Kind=${typeof kind === 'string' ? kind : ''}`
}

function noManager(): StatusError {
  const cause = flawOf.required('fieldManager', 'is required for apply patch')
  return new StatusError(
    'Invalid',
    `PatchOptions.meta.k8s.io "" is invalid: ${cause.field}: ${cause.message}`,
    { details: { group: 'meta.k8s.io', kind: 'PatchOptions', causes: [cause] } },
  )
}
