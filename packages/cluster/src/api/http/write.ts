import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Draft, diffOps, equalJson, type StatusError } from '@argosy/kube'
import { replace, settle } from '../changes.ts'
import type { Kind } from '../kinds.ts'
import { flawOf } from '../parts/schema/flaw.ts'
import { badRequest, invalid, notFound, staleVersion } from '../refusals.ts'
import { allow } from './authorization.ts'
import type { ObjectCall, ResourceCall } from './call.ts'
import { Content } from './content.ts'
import { type Incoming, objectFrom } from './incoming.ts'
import { recorded, untimed } from './managed.ts'
import type { Created, Written } from './objects.ts'
import { sendCreated, sendObject } from './present.ts'
import { isDryRun } from './query.ts'
import { type Reviewer, reviewerOf } from './reviewer.ts'
import { replaceStatus } from './status-part.ts'
import type { World } from './world.ts'

/** `POST` to a collection. */
export async function create(call: ResourceCall, world: World): Promise<void> {
  const { object: incoming, duplicates } = await objectFrom(call)
  const { metadata, ...rest } = incoming
  const { managedFields: _, ...given } = metadata as JsonObject
  const object = { ...rest, metadata: given } as KubeObject
  sendCreated(call, world, await createFrom(call, world, object, duplicates))
}

/** Creates what a request holds; what was applied tells itself who wrote what. */
export async function createFrom(
  call: ResourceCall,
  world: World,
  object: KubeObject,
  duplicates: readonly string[] = [],
): Promise<Created> {
  const { kind, query, identity, response } = call
  const content = new Content(call, duplicates)
  let admitted = content.checked(object)
  const warn = (text: string) => content.note(text)
  // What is added from here on is nobody's.
  if (!('managedFields' in admitted.metadata)) {
    const books = { live: undefined, now: world.clock.now() }
    admitted = recorded(call, admitted as unknown as JsonObject, books) as unknown as KubeObject
  }
  for (const admit of world.admit) admitted = await admit(kind, admitted, { identity, warn })
  const dryRun = isDryRun(query.getAll('dryRun'))
  const reviewer = reviewerOf(call, world, 'CREATE', { dryRun, warn })
  const made = await reviewer?.mutate(admitted, undefined)
  if (made !== undefined && made !== admitted) admitted = content.checked(made)
  const json = admitted as unknown as JsonObject
  for (const guard of world.guards) guard({ kind, identity, object: json, old: undefined })
  await reviewer?.validate(admitted, undefined)
  const created = await world.objects.create(kind, admitted, dryRun)
  content.warn(response)
  return created
}

/** `PUT` of an object. */
export async function update(call: ObjectCall, world: World): Promise<void> {
  const incoming = await objectFrom(call)
  const object = named(call, incoming.object)
  if (call.kind.isMadeByUpdate && !world.objects.newest(call.kind, call.place))
    return createAt(call, world, incoming)
  const needsVersion = call.kind.definition !== undefined || call.kind.needsVersion === true
  if (needsVersion && !object.metadata.resourceVersion) throw unversioned(call)
  const edit: Edit = (draft) => replace(draft, object, call.kind)
  await change(call, world, edit, incoming)
}

/** `PUT` of an object that is not there, of a kind where that makes it. */
async function createAt(call: ObjectCall, world: World, incoming: Incoming): Promise<void> {
  const object = named(call, incoming.object)
  const { uid, resourceVersion } = object.metadata
  if (uid || resourceVersion) throw notFound(call.kind.resource, call.place.name)
  await allowCreate(call, world)
  const { managedFields: _, ...metadata } = object.metadata as unknown as JsonObject
  const fresh = { ...object, metadata } as unknown as KubeObject
  sendCreated(call, world, await createFrom(call, world, fresh, incoming.duplicates))
}

/** Checks that who asks for something else may also create. */
export async function allowCreate(call: ObjectCall, world: World): Promise<void> {
  const { identity, place, target } = call
  const { group, version, plural } = target
  const what = { group, version, resource: plural, ...place }
  await allow(world.authorize, { identity, verb: 'create', ...what })
}

/** `PUT` of an object's status. */
export async function updateStatus(call: ObjectCall, world: World): Promise<void> {
  const incoming = await objectFrom(call)
  const json = named(call, incoming.object) as unknown as JsonObject
  const edit: Edit = (draft) => replaceStatus(draft, json, call.kind)
  await change(call, world, edit, incoming)
}

/** Changes a draft; `live` is what it was. */
type Edit = (draft: Draft, live: JsonObject) => void

/** What is known of a change besides. */
interface Told {
  /** Members that its text gives twice. */
  readonly duplicates?: readonly string[]
  /** `edit` says itself who wrote what. */
  readonly keepsBooks?: boolean
}

/** Changes an object as `edit` does, checks what came of it, and answers with it. */
export async function change(
  call: ObjectCall,
  world: World,
  edit: Edit,
  { duplicates = [], keepsBooks = false }: Told = {},
): Promise<void> {
  const content = new Content(call, duplicates)
  const dryRun = isDryRun(call.query.getAll('dryRun'))
  const write: Write = { edit, content, keepsBooks, dryRun }
  const warn = (text: string) => content.note(text)
  const reviewer = reviewerOf(call, world, 'UPDATE', { dryRun, warn })
  const written = reviewer
    ? await performReviewed(call, world, { ...write, reviewer })
    : await perform(call, world, write)
  content.warn(call.response)
  sendObject(call, world, written.object)
}

/** One change, ready to be done. */
interface Write {
  readonly edit: Edit
  readonly content: Content
  readonly keepsBooks: boolean
  readonly dryRun: boolean
}

async function perform(call: ObjectCall, world: World, write: Write): Promise<Written> {
  const { kind, place, identity } = call
  const { edit, content, keepsBooks, dryRun } = write
  // Read before the edit, which begins within this turn: the draft itself goes on and is no witness.
  const live = world.objects.newest(kind, place) as unknown as JsonObject
  return world.objects.edit(kind, place, dryRun, (draft, before) => {
    edit(draft, live)
    if (draft.changes.length > 0) {
      reviseBy(world, kind, { draft, live })
      content.finish(draft, live)
      const after = draft.root as JsonObject
      if (!keepsBooks)
        draft.apply(diffOps(after, recorded(call, after, { live, now: world.clock.now() })))
      const object = draft.root as JsonObject
      for (const guard of world.guards) guard({ kind, identity, object, old: live })
      // What was taken away and came back is no change, nor is the time at which that happened.
      if (equalJson(untimed(live), untimed(object))) draft.rollback()
    }
    return settle(draft, before, kind, 'at the whole')
  })
}

/** Somebody else wrote the object while webhooks were asked about it. */
class Overtaken extends Error {}

const mostReviews = 5

/** Webhooks are asked about what a rehearsal comes to; the object may not have moved on when it is done. */
async function performReviewed(
  call: ObjectCall,
  world: World,
  write: Write & { readonly reviewer: Reviewer },
): Promise<Written> {
  const { kind, place } = call
  for (let tries = 0; tries < mostReviews; tries++) {
    const old = world.objects.newest(kind, place)
    const edit: Edit = (draft, live) => {
      const { resourceVersion } = live['metadata'] as JsonObject
      if (resourceVersion !== old?.metadata.resourceVersion) throw new Overtaken()
      write.edit(draft, live)
    }
    try {
      const how = await reviewed(call, world, { ...write, edit, old })
      return await perform(call, world, { ...write, ...how })
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
  throw staleVersion(kind.resource, place.name)
}

/** The edit with what webhooks make of it, which is entered in no books. */
async function reviewed(
  call: ObjectCall,
  world: World,
  write: Write & { readonly reviewer: Reviewer; readonly old: KubeObject | undefined },
): Promise<Pick<Write, 'edit' | 'keepsBooks'>> {
  const { reviewer, old } = write
  const rehearse = async (how: Pick<Write, 'edit' | 'keepsBooks'>) =>
    (await perform(call, world, { ...write, ...how, dryRun: true })).object
  const wanted = await rehearse(write)
  const made = await reviewer.mutate(wanted, old)
  const edit: Edit = (draft, live) => {
    write.edit(draft, live)
    draft.apply(diffOps(draft.root, made as unknown as JsonObject))
  }
  if (made === wanted) {
    await reviewer.validate(wanted, old)
    return write
  }
  const how = { edit, keepsBooks: true }
  await reviewer.validate(await rehearse(how), old)
  return how
}

function reviseBy(
  world: World,
  kind: Kind,
  { draft, live }: { readonly draft: Draft; readonly live: JsonObject },
): void {
  for (const revise of world.revise) {
    const before = draft.root as JsonObject
    const after = revise(kind, before, live)
    if (after !== before) draft.apply(diffOps(before, after))
  }
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
  // Kubernetes names the collection here, where it names the kind elsewhere.
  const named = { ...kind.resource, kind: kind.resource.plural }
  return invalid(named, place.name, [flawOf.invalid('metadata.resourceVersion', 0, why)])
}
