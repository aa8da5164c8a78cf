import type { JsonObject, KubeObject } from '@argosy/engine'
import type { StatusError } from '@argosy/kube'
import { replace, settle } from '../changes.ts'
import { badRequest, flaw, invalid } from '../refusals.ts'
import type { ObjectCall, ResourceCall } from './call.ts'
import { complete } from './complete.ts'
import { objectFrom } from './incoming.ts'
import { sendObject } from './present.ts'
import { isDryRun } from './query.ts'
import { replaceStatus } from './status-part.ts'
import type { World } from './world.ts'

/** `POST` to a collection. */
export async function create(call: ResourceCall, world: World): Promise<void> {
  const object = await objectFrom(call, world)
  sendObject(call, world, await createFrom(call, world, object), 201)
}

/** Creates what a request holds. */
async function createFrom(
  call: ResourceCall,
  world: World,
  object: KubeObject,
): Promise<KubeObject> {
  const { kind, query, identity } = call
  let admitted = complete(kind, object)
  for (const admit of world.admit) admitted = await admit(kind, admitted, identity)
  return world.objects.create(kind, admitted, isDryRun(query.getAll('dryRun')))
}

/** `PUT` of an object. */
export async function update(call: ObjectCall, world: World): Promise<void> {
  const object = complete(call.kind, named(call, await objectFrom(call, world)))
  if (call.kind.definition && !object.metadata.resourceVersion) throw unversioned(call)
  const { kind, place, query } = call
  const written = await world.objects.edit(
    kind,
    place,
    isDryRun(query.getAll('dryRun')),
    (draft, before) => {
      replace(draft, object, kind)
      return settle(draft, before, kind)
    },
  )
  sendObject(call, world, written.object)
}

/** `PUT` of an object's status. */
export async function updateStatus(call: ObjectCall, world: World): Promise<void> {
  const object = named(call, await objectFrom(call, world))
  const { kind, place, query } = call
  const written = await world.objects.edit(
    kind,
    place,
    isDryRun(query.getAll('dryRun')),
    (draft, before) => {
      replaceStatus(draft, object as unknown as JsonObject, kind)
      return settle(draft, before, kind)
    },
  )
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
