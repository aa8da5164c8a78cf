import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'
import { applyJsonPatch, applyMergePatch, type Draft, valueAt } from '@argosy/kube'
import { settle } from '../changes.ts'
import type { Kind, ScalePointers } from '../kinds.ts'
import { printerOf } from '../parts/table/printer-of.ts'
import { badRequest } from '../refusals.ts'
import { json, objectIn, readBody } from './body.ts'
import type { ObjectCall } from './call.ts'
import { formOf } from './negotiate.ts'
import { documentIn, operationsIn } from './patch.ts'
import { isDryRun } from './query.ts'
import { sendJson } from './reply.ts'
import { partial, tableOf } from './table.ts'
import type { World } from './world.ts'

/** `GET` of an object's scale. */
export async function getScale(call: ObjectCall, world: World): Promise<void> {
  const { kind, place } = call
  sendScale(call, world, scaleOf(kind, world.objects.get(kind, place)))
}

/** `PUT` of an object's scale. */
export async function putScale(call: ObjectCall, world: World): Promise<void> {
  const body = objectIn(await readBody(call.request))
  await setReplicas(call, world, body)
}

/** `PATCH` of an object's scale; it has no lists, so that merging is merging. */
export async function patchScale(call: ObjectCall, world: World): Promise<void> {
  const { type, bytes } = await readBody(call.request)
  const scale = scaleOf(call.kind, world.objects.get(call.kind, call.place)) as unknown as Json
  await setReplicas(call, world, patched(scale, type, json(bytes)))
}

function patched(scale: Json, type: string, patch: Json): JsonObject {
  // The version is one that the server compares only where the patch says it.
  const { metadata: _, ...unversioned } = documentIn(scale)
  if (/\/(strategic-)?merge-patch\+json$/.test(type))
    return documentIn(applyMergePatch(unversioned, documentIn(patch)))
  if (!type.endsWith('/json-patch+json'))
    throw badRequest(`a scale is patched by JSON, merge or strategic merge patches, not by ${type}`)
  return documentIn(applyJsonPatch(unversioned, operationsIn(patch)))
}

function sendScale({ request, response, query }: ObjectCall, world: World, scale: Scale): void {
  const form = formOf(request.headers.accept)
  const object = scale as unknown as KubeObject
  const include = query.get('includeObject') === 'Object' ? 'Object' : 'Metadata'
  const printer = printerOf({ group: 'autoscaling', version: 'v1', kind: 'Scale' })
  const rows = { printer, include, now: world.clock.now() } as const
  const { resourceVersion } = object.metadata
  if (form === 'object') sendJson(response, 200, scale)
  else if (form === 'metadata') sendJson(response, 200, partial(object))
  else sendJson(response, 200, tableOf([object], { resourceVersion }, rows))
}

async function setReplicas(call: ObjectCall, world: World, body: JsonObject): Promise<void> {
  const { kind, place, query } = call
  // Go leaves a zero out; who replaces the scale without a number means it.
  const { replicas = 0 } = isObject(body['spec']) ? body['spec'] : {}
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0)
    throw badRequest(
      `spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    )
  const version = isObject(body['metadata']) ? body['metadata']['resourceVersion'] : undefined
  const { object } = await world.objects.edit(
    kind,
    place,
    isDryRun(query.getAll('dryRun')),
    (draft, before) => {
      if (version) draft.apply([{ op: 'add', path: '/metadata/resourceVersion', value: version }])
      put(draft, pointersOf(kind).replicas, replicas)
      return settle(draft, before, kind)
    },
  )
  sendScale(call, world, scaleOf(kind, object))
}

function put(draft: Draft, pointer: string, value: number): void {
  draft.apply([{ op: 'add', path: pointer, value }])
}

function pointersOf(kind: Kind): ScalePointers {
  if (!kind.scale) throw new Error(`${kind.resource.kind} has no scale`)
  return kind.scale
}

type Scale = ReturnType<typeof scaleOf>

function scaleOf(kind: Kind, object: KubeObject) {
  const pointers = pointersOf(kind)
  const read = (pointer: string) => valueAt(object as unknown as JsonObject, pointer)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = pointers.selector && selectorText(read(pointers.selector))
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: read(pointers.replicas) ?? (kind.definition ? 0 : 1) },
    status: { replicas: read(pointers.status) ?? 0, ...(selector && { selector }) },
  }
}

/** A label selector as Kubernetes writes it in one line. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector
  if (!isObject(selector)) return ''
  const isPlain = !isObject(selector['matchLabels']) && !Array.isArray(selector['matchExpressions'])
  const labels = isPlain ? selector : (selector['matchLabels'] ?? {})
  const equal = Object.entries(labels as JsonObject).map(([name, value]) => `${name}=${value}`)
  const expressions = (selector['matchExpressions'] ?? []) as readonly JsonObject[]
  return [...equal, ...expressions.map(expressionText)].sort().join(',')
}

function expressionText({ key, operator, values }: JsonObject): string {
  if (operator === 'Exists') return String(key)
  if (operator === 'DoesNotExist') return `!${key}`
  const list = (values as readonly string[] | undefined)?.join(',')
  return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${list})`
}
