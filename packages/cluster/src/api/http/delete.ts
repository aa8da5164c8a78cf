import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { ignore, type RemoveOptions } from '@argosy/kube'
import { collectionOf, type Kind } from '../kinds.ts'
import { page } from '../page.ts'
import { badRequest } from '../refusals.ts'
import { objectIn, readBody } from './body.ts'
import type { ObjectCall, ResourceCall } from './call.ts'
import { selectorsOf } from './list.ts'
import type { Place } from './objects.ts'
import { sendObject, sendPage } from './present.ts'
import { flag, isDryRun, wholeNumber } from './query.ts'
import { sendJson, warn } from './reply.ts'
import { reviewerOf } from './reviewer.ts'
import type { World } from './world.ts'

/** `DELETE` of an object. */
export async function remove(call: ObjectCall, world: World): Promise<void> {
  const { kind, place } = call
  const { options, dryRun } = await optionsOf(call)
  await review(call, world, { dryRun, objects: [world.objects.get(kind, place)] })
  const { object, isGone } = await world.objects.remove(kind, place, options, dryRun)
  if (!isGone || isReturned(kind)) sendObject(call, world, object)
  else sendJson(call.response, 200, success(kind, object))
}

/** `DELETE` of a collection: of everything in it that is selected. */
export async function removeAll(call: ResourceCall, world: World): Promise<void> {
  const { kind } = call
  const { options, dryRun } = await optionsOf(call)
  const selectors = selectorsOf(call)
  const found = world.objects.list(kind, selectors)
  await review(call, world, { dryRun, objects: found.map(({ value }) => value) })
  await Promise.all(
    found.map(({ namespace, name, metadata }) => {
      const place: Place = namespace === '' ? { name } : { namespace, name }
      const exact = metadata.uid === undefined ? options : { ...options, uid: metadata.uid }
      // Somebody else was faster.
      const gone = ignore('NotFound', 'Conflict')
      return world.objects.remove(kind, place, exact, dryRun).catch(gone)
    }),
  )
  const query = { ...selectors, resource: kind.resource }
  sendPage(call, world, page(found, query, world.objects.store.revision))
}

/** Webhooks may have something against it. */
async function review(
  call: ResourceCall,
  world: World,
  { dryRun, objects }: { readonly dryRun: boolean; readonly objects: readonly KubeObject[] },
): Promise<void> {
  const tell = (text: string) => warn(call.response, text)
  const reviewer = reviewerOf(call, world, 'DELETE', { dryRun, warn: tell })
  if (!reviewer) return
  for (const object of objects) {
    await reviewer.mutate(undefined, object)
    await reviewer.validate(undefined, object)
  }
}

/** Kinds whose last state is the answer, where others say that it is done. */
const returned = [
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumeclaims',
  'persistentvolumes',
]

function isReturned({ resource }: Kind): boolean {
  const collection = collectionOf(resource)
  return returned.includes(collection) || collection === 'storageclasses.storage.k8s.io'
}

function success({ resource }: Kind, { metadata }: KubeObject) {
  const { group, plural } = resource
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: metadata.name,
      ...(group !== '' && { group }),
      kind: plural,
      uid: metadata.uid,
    },
  }
}

interface Deletion {
  readonly options: RemoveOptions
  readonly dryRun: boolean
}

/** From the body, or, as Python's client sends them, from the query. */
async function optionsOf(call: ResourceCall): Promise<Deletion> {
  const body = await readBody(call.request)
  return deletionIn(call, body.bytes.length > 0 ? objectIn(body) : {})
}

/** How something is to be deleted, by `DeleteOptions` and a query. */
export function deletionIn(call: ResourceCall, given: JsonObject): Deletion {
  const { query } = call
  const seconds = given['gracePeriodSeconds'] ?? wholeNumber(query, 'gracePeriodSeconds')
  const dryRun = [...query.getAll('dryRun'), ...((given['dryRun'] ?? []) as readonly string[])]
  const preconditions = isObject(given['preconditions']) ? given['preconditions'] : {}
  const { uid, resourceVersion } = preconditions
  return {
    dryRun: isDryRun(dryRun),
    options: {
      propagationPolicy: policyOf(call, given),
      ...(typeof seconds === 'number' && { gracePeriodSeconds: seconds }),
      ...(typeof uid === 'string' && { uid }),
      ...(typeof resourceVersion === 'string' && { resourceVersion }),
    },
  }
}

type Policy = NonNullable<RemoveOptions['propagationPolicy']>
const policies: readonly string[] = ['Background', 'Foreground', 'Orphan']

function policyOf({ kind, query }: ResourceCall, given: JsonObject): Policy {
  const asked = given['propagationPolicy'] ?? query.get('propagationPolicy')
  if (typeof asked === 'string' && asked !== '') {
    if (policies.includes(asked)) return asked as Policy
    throw badRequest(
      `invalid propagationPolicy ${JSON.stringify(asked)}: expected one of "Background", "Foreground", "Orphan"`,
    )
  }
  const orphans =
    given['orphanDependents'] ??
    (query.has('orphanDependents') ? flag(query, 'orphanDependents') : undefined)
  if (typeof orphans === 'boolean') return orphans ? 'Orphan' : 'Background'
  // Kubernetes' own default for these, kept since their first version.
  return collectionOf(kind.resource) === 'jobs.batch' ? 'Orphan' : 'Background'
}
