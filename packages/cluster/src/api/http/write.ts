import type { JsonObject, KubeObject } from '@argosy/engine'
import type { Draft, StatusError } from '@argosy/kube'
import { replace, settle } from '../changes.ts'
import { badRequest, flaw, invalid } from '../refusals.ts'
import { isValidated } from '../validation/validate.ts'
import type { ObjectCall, ResourceCall } from './call.ts'
import { Content } from './content.ts'
import { objectFrom } from './incoming.ts'
import { sendObject } from './present.ts'
import { isDryRun } from './query.ts'
import { replaceStatus } from './status-part.ts'
import type { World } from './world.ts'

/** `POST` to a collection. */
export async function create(call: ResourceCall, world: World): Promise<void> {
  const object = await objectFrom(call)
  sendObject(call, world, await createFrom(call, world, object), 201)
}

/** Creates what a request holds. */
async function createFrom(
  call: ResourceCall,
  world: World,
  object: KubeObject,
): Promise<KubeObject> {
  const { kind, query, identity, response } = call
  const content = new Content(call)
  let admitted = content.checked(object)
  for (const admit of world.admit) admitted = await admit(kind, admitted, identity)
  const created = await world.objects.create(kind, admitted, isDryRun(query.getAll('dryRun')))
  content.warn(response)
  return created
}

/** `PUT` of an object. */
export async function update(call: ObjectCall, world: World): Promise<void> {
  const object = named(call, await objectFrom(call))
  if (call.kind.definition && !object.metadata.resourceVersion) throw unversioned(call)
  await change(call, world, (draft) => replace(draft, object, call.kind))
}

/** `PUT` of an object's status. */
export async function updateStatus(call: ObjectCall, world: World): Promise<void> {
  const object = named(call, await objectFrom(call))
  const json = object as unknown as JsonObject
  await change(call, world, (draft) => replaceStatus(draft, json, call.kind))
}

/** Changes an object as `edit` does, checks what came of it, and answers with it. */
export async function change(
  call: ObjectCall,
  world: World,
  edit: (draft: Draft) => void,
): Promise<void> {
  const { kind, place, query, response } = call
  const content = new Content(call)
  const dryRun = isDryRun(query.getAll('dryRun'))
  const written = await world.objects.edit(kind, place, dryRun, (draft, before) => {
    // The draft goes on as one and the same object: what it was is gone unless it is copied.
    const old = isValidated(kind) ? structuredClone(draft.root as JsonObject) : undefined
    edit(draft)
    if (draft.changes.length > 0) content.finish(draft, old)
    return settle(draft, before, kind)
  })
  content.warn(response)
  sendObject(call, world, written.object)
}

/** Checks that an object has the name of the URL. */
export function named(call: ObjectCall, object: KubeObject): KubeObject {
  const { name } = object.metadata
  if (name === call.place.name) return object
  if (!name) return { ...object, metadata: { ...object.metadata, name: call.place.name } }
  throw badRequest(
    `the name of the object (${name}) does not match the name on the URL (${call.place.name})`,
  )
}

function unversioned({ kind, place }: ObjectCall): StatusError {
  const why = 'must be specified for an update'
  return invalid(kind.resource, place.name, [flaw.invalid('metadata.resourceVersion', 0, why)])
}
