import {
  type JsonObject,
  type KubeObject,
  labelActor,
  labelCreator,
  type Workflow,
} from '@argosy/engine'
import { apiVersionOf } from '@argosy/kube'
import { ApiError, invalid, notFound } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { Message } from '../http/message.ts'
import { json, type Reply } from '../http/reply.ts'
import { inNamespace, refuse, refuseShape } from '../workflows/checked.ts'
import { created } from '../workflows/created.ts'
import { templatesKnown } from '../workflows/templates-known.ts'
import type { World } from '../world.ts'
import type { StoredKind } from './stored-kind.ts'

/** `POST` of one. */
export async function createStored(call: Call, kind: StoredKind, world: World): Promise<Reply> {
  const { caller, signal } = call
  const { resource } = kind
  const object = creatorOn(await objectIn(call, kind), call, kind)
  const { namespace } = object.metadata
  await caller.may('create', { resource, ...(namespace && { namespace }) })
  await check(object, call, { kind, world })
  return json(await created(caller.client, resource, object, signal))
}

/** `POST …/lint`. */
export async function lintStored(call: Call, kind: StoredKind, world: World): Promise<Reply> {
  const object = creatorOn(await objectIn(call, kind), call, kind)
  await check(object, call, { kind, world })
  return json(object)
}

/** `PUT` of one: the object of the body replaces it; what is not there is not made. */
export async function updateStored(call: Call, kind: StoredKind, world: World): Promise<Reply> {
  const { caller, params, signal } = call
  const { resource } = kind
  const given = await objectIn(call, kind)
  const { name = '' } = given.metadata
  if (params['name'] !== '' && name !== params['name']) {
    throw invalid(
      `${kind.field}.metadata.name: ${JSON.stringify(name)} is not ${params['name']} of the path`,
    )
  }
  const object = kind.problemsOf ? labelActor(given as Workflow, caller.actor, 'Update') : given
  const { namespace } = object.metadata
  await caller.may('update', { resource, name, ...(namespace && { namespace }) })
  await check(object, call, { kind, world })
  return json({ ...object, metadata: await caller.client.update(resource, object, signal) })
}

/** `DELETE` of one. */
export async function deleteStored(call: Call, { resource }: StoredKind): Promise<Reply> {
  const { caller, signal } = call
  await caller.client.remove(refOf(call, resource), {}, signal)
  return json({})
}

/** `GET` of one. */
export async function getStored(call: Call, { resource }: StoredKind): Promise<Reply> {
  const ref = refOf(call, resource)
  const object = await call.caller.client.get(ref, call.signal)
  if (!object) throw notFound(resource, ref.name)
  return json(object)
}

/** `PUT …/suspend` and `…/resume` of a schedule. */
export function suspendStored(suspend: boolean) {
  return async (call: Call, kind: StoredKind): Promise<Reply> => {
    const { client } = call.caller
    await client.patch(
      refOf(call, kind.resource),
      { type: 'merge', body: { spec: { suspend } } },
      call.signal,
    )
    return getStored(call, kind)
  }
}

function refOf({ params }: Call, resource: StoredKind['resource']) {
  const namespace = params['namespace'] ?? ''
  return { resource, name: params['name'] ?? '', ...(namespace && { namespace }) }
}

async function objectIn(
  call: Call,
  { field, missing, resource, parse }: StoredKind,
): Promise<KubeObject> {
  const manifest = new Message(await call.body()).object(field)
  if (manifest === undefined) throw new ApiError('InvalidArgument', missing)
  const typed: JsonObject = {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    ...manifest,
  }
  const { object, problems } = parse(typed)
  refuseShape(problems)
  return resource.namespaced ? inNamespace(object, call.params['namespace'] ?? '') : object
}

// The labels of a creator are the same on every kind.
function creatorOn(object: KubeObject, { caller }: Call, { problemsOf }: StoredKind): KubeObject {
  if (!problemsOf) return object
  return labelCreator(object as Workflow, caller.actor)
}

async function check(
  object: KubeObject,
  { signal }: Call,
  { kind, world }: { readonly kind: StoredKind; readonly world: World },
): Promise<void> {
  if (!kind.problemsOf) return
  const known = await templatesKnown(world.client, object.metadata.namespace ?? '', signal)
  refuse(kind.problemsOf(object, known))
}
