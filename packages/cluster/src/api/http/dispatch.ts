import { StatusError } from '@argosy/kube'
import { collectionOf, type Kind } from '../kinds.ts'
import { badRequest } from '../refusals.ts'
import { approve } from './approve.ts'
import { allow } from './authorization.ts'
import type { Call, ObjectCall, ResourceCall } from './call.ts'
import { remove, removeAll } from './delete.ts'
import { patchEphemeral, putEphemeral } from './ephemeral-containers.ts'
import { evict } from './evict.ts'
import { finalize } from './finalize.ts'
import type { Attributes } from './identity.ts'
import { list } from './list.ts'
import { patch } from './patch.ts'
import { podLog } from './pod-log.ts'
import { sendObject } from './present.ts'
import { proxy } from './proxy.ts'
import { flag } from './query.ts'
import { answerMetrics, isMeasured } from './resource-metrics.ts'
import { reviewGroups } from './reviews.table.ts'
import { answerReview } from './reviews.ts'
import { getScale, patchScale, putScale } from './scale.ts'
import type { ResourceTarget } from './target.ts'
import { isServed } from './versions.ts'
import { watch } from './watch.ts'
import type { World } from './world.ts'
import { create, update, updateStatus } from './write.ts'

type Verb<C> = (call: C, world: World) => Promise<void>
type Methods<C> = Readonly<Record<string, Verb<C>>>

const onCollection: Methods<ResourceCall> = {
  GET: (call, world) => (flag(call.query, 'watch') ? watch(call, world) : list(call, world)),
  POST: create,
  DELETE: removeAll,
}

const onObject: Methods<ObjectCall> = { GET: get, PUT: update, PATCH: patch, DELETE: remove }

const onStatus: Methods<ObjectCall> = { GET: get, PUT: updateStatus, PATCH: patch }
const onScale: Methods<ObjectCall> = { GET: getScale, PUT: putScale, PATCH: patchScale }

const anyMethod = { GET: proxy, POST: proxy, PUT: proxy, PATCH: proxy, DELETE: proxy }

const onPart: Readonly<Record<string, Methods<ObjectCall>>> = {
  'pods/proxy': anyMethod,
  'services/proxy': anyMethod,
  'pods/log': { GET: podLog },
  'pods/eviction': { POST: evict },
  'pods/ephemeralcontainers': { GET: get, PATCH: patchEphemeral, PUT: putEphemeral },
  'namespaces/finalize': { PUT: finalize },
  'certificatesigningrequests.certificates.k8s.io/approval': { GET: get, PUT: approve },
}

const streams = ['pods/attach', 'pods/exec', 'pods/portforward']

/** Whether a part of objects, as `pods/exec`, is served by us or by somebody who was given to us. */
export function servesPart(
  part: string,
  world: Pick<World, 'parts' | 'podLogs' | 'podStreams'>,
): boolean {
  if (streams.includes(part)) return world.podStreams !== undefined
  if (part === 'pods/log') return world.podLogs !== undefined
  return Object.hasOwn(onPart, part) || world.parts.has(part)
}

async function get(call: ObjectCall, world: World): Promise<void> {
  if (flag(call.query, 'watch')) await watch(onlyThis(call), world)
  else sendObject(call, world, world.objects.get(call.kind, call.place))
}

/** A watch of one object is one of its collection. */
function onlyThis(call: ObjectCall): ResourceCall {
  const query = new URLSearchParams(call.query)
  query.set('fieldSelector', `metadata.name=${call.place.name}`)
  const { name: _, ...target } = call.target
  return { ...call, target, query }
}

/** Does what a request wants of a resource, if it may. */
export async function dispatch(
  call: Call & { readonly target: ResourceTarget },
  world: World,
): Promise<void> {
  const { target, request } = call
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
  await allow(world.authorize, attributesOf(call, method))
  if (world.usage && method === 'GET' && isMeasured(target))
    return answerMetrics(call, world.usage, world)
  const review = reviewAt(target)
  if (review && method === 'POST') return answerReview(call, review, world)
  const kind = kindAt(target, world)
  if (!kind) throw noSuchResource()
  const act = verbFor({ ...call, kind }, method, world)
  if (!act) throw notAllowed(method, kind)
  await act()
}

function reviewAt({ group, version, plural, name }: ResourceTarget) {
  if (version !== 'v1' || name !== undefined) return undefined
  return reviewGroups.get(group)?.find((review) => review.plural === plural)
}

function kindAt({ group, version, plural, namespace }: ResourceTarget, world: World) {
  const kind = world.objects.registry.served(collectionOf({ group, plural } as Kind['resource']))
  if (!kind || !isServed(kind, version)) return undefined
  return namespace !== undefined && !kind.resource.namespaced ? undefined : kind
}

/** Undefined when the thing is there but cannot be asked that. */
function verbFor(call: ResourceCall, method: string, world: World) {
  const { target, kind } = call
  const { name, namespace, subresource } = target
  if (name === undefined) {
    const verb = onCollection[method]
    return verb && (() => verb(call, world))
  }
  if (kind.resource.namespaced && namespace === undefined) throw noSuchResource()
  const place = { name, ...(namespace !== undefined && { namespace }) }
  const verb =
    subresource === undefined ? onObject[method] : partVerb(kind, subresource, method, world)
  return verb && (() => verb({ ...call, place }, world))
}

function partVerb(kind: Kind, subresource: string, method: string, world: World) {
  if (subresource === 'status' && kind.hasStatus) return onStatus[method]
  if (subresource === 'scale' && kind.scale) return onScale[method]
  const part = `${collectionOf(kind.resource)}/${subresource}`
  if (streams.includes(part)) throw badRequest('Upgrade request required')
  if (!servesPart(part, world)) throw noSuchResource()
  const given = world.parts.get(part)
  return given ? (call: ObjectCall) => given(call) : onPart[part]?.[method]
}

/** What Kubernetes' authorizers are told of a request. */
function attributesOf(
  {
    identity,
    target,
    query,
  }: Pick<Call, 'identity' | 'query'> & { readonly target: ResourceTarget },
  method: string,
): Attributes {
  const { group, version, plural, namespace, subresource } = target
  const name = target.name ?? selectedName(query)
  const inNamespace = plural === 'namespaces' && group === '' ? target.name : namespace
  return {
    identity,
    verb: verbOf(method, target, query),
    group,
    version,
    resource: plural,
    ...(subresource !== undefined && { subresource }),
    ...(inNamespace !== undefined && { namespace: inNamespace }),
    ...(name !== undefined && method !== 'POST' && { name }),
    ...(target.name !== undefined && { name: target.name }),
  }
}

const verbs: Readonly<Record<string, readonly [collection: string, object: string]>> = {
  GET: ['list', 'get'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['deletecollection', 'delete'],
}

function verbOf(method: string, { name }: ResourceTarget, query: URLSearchParams): string {
  const [collection, object] = verbs[method] ?? ['', '']
  if (method === 'GET' && flag(query, 'watch')) return 'watch'
  return name === undefined ? collection : object
}

/** A collection of which one object is selected by name counts as that object. */
function selectedName(query: URLSearchParams): string | undefined {
  return /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1]
}

function noSuchResource(): StatusError {
  // kubectl debug looks into the details without looking for them.
  const details = {}
  return new StatusError('NotFound', 'the server could not find the requested resource', {
    details,
  })
}

const names: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

function notAllowed(method: string, { resource }: Kind): StatusError {
  const verb = names[method] ?? method
  return new StatusError(
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${collectionOf(resource)}"`,
    { details: { ...(resource.group && { group: resource.group }), kind: resource.plural } },
  )
}
