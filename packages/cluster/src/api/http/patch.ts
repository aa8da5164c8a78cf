import { isObject, type Json, type JsonObject, mergeRulesOf, strategicMerge } from '@argosy/engine'
import { apiVersionOf, type Draft, diffOps, type JsonPatchOp, StatusError } from '@argosy/kube'
import { patch as applyPatch } from '../changes.ts'
import type { Kind } from '../kinds.ts'
import { badRequest } from '../refusals.ts'
import { apply } from './apply.ts'
import { type Body, json, readBody } from './body.ts'
import type { ObjectCall } from './call.ts'
import type { World } from './world.ts'
import { change } from './write.ts'

/** Changes a draft as a client's patch says. */
type Apply = (draft: Draft, kind: Kind, subresource: 'status' | undefined) => void

/** `PATCH` of an object, or of its status. */
export async function patch(call: ObjectCall, world: World): Promise<void> {
  const { kind, target } = call
  const body = await readBody(call.request)
  if (body.type === 'application/apply-patch+yaml') return apply(call, body, world)
  const edit = applierOf(body, kind)
  const subresource = target.subresource === 'status' ? 'status' : undefined
  await change(call, world, (draft) => edit(draft, kind, subresource))
}

/** How a body changes an object, by its type. Throws `UnsupportedMediaType`. */
export function applierOf(body: Body, kind: Kind): Apply {
  switch (body.type) {
    case 'application/json-patch+json':
      return jsonPatch(operationsIn(json(body.bytes)))
    case 'application/merge-patch+json':
      return mergePatch(documentOf(body, kind))
    case 'application/strategic-merge-patch+json':
      return strategicPatch(documentOf(body, kind), kind)
    default:
      throw unsupported(body.type, kind)
  }
}

function strategicPatch(body: JsonObject, kind: Kind): Apply {
  const rules = kind.definition
    ? undefined
    : mergeRulesOf(apiVersionOf(kind.resource), kind.resource.kind)
  if (!rules) throw unsupported('application/strategic-merge-patch+json', kind)
  return (draft, _, subresource) => {
    const old = draft.root as JsonObject
    const merged = strategicMerge(old, body, rules)
    if ('problem' in merged) {
      const reason = merged.code === 422 ? 'Invalid' : 'BadRequest'
      throw new StatusError(reason, merged.problem, {
        details: { causes: [{ message: merged.problem, field: merged.path }] },
      })
    }
    const ops = diffOps(old, merged.value)
    applyPatch(draft, { type: 'json', body: ops, ...(subresource && { subresource }) }, kind)
  }
}

function jsonPatch(body: readonly JsonPatchOp[]): Apply {
  return (draft, kind, subresource) =>
    applyPatch(draft, { type: 'json', body, ...(subresource && { subresource }) }, kind)
}

function mergePatch(body: JsonObject): Apply {
  return (draft, kind, subresource) =>
    applyPatch(draft, { type: 'merge', body, ...(subresource && { subresource }) }, kind)
}

const operations = ['add', 'remove', 'replace', 'move', 'copy', 'test']

export function operationsIn(value: Json): readonly JsonPatchOp[] {
  const isList = Array.isArray(value)
  if (!isList) throw badRequest('json patch: expected a list of operations')
  for (const one of value) {
    if (!isObject(one) || !operations.includes(String(one['op'])))
      throw badRequest(`json patch: Unexpected kind: ${isObject(one) ? one['op'] : typeof one}`)
  }
  return value as unknown as readonly JsonPatchOp[]
}

/** What a kind is called elsewhere it is called in patches too. */
function documentOf({ bytes }: Body, { view }: Kind): JsonObject {
  const document = documentIn(json(bytes))
  return view ? view.storedPatch(document) : document
}

export function documentIn(value: Json): JsonObject {
  if (isObject(value)) return value
  throw badRequest('merge patch: expected an object')
}

const accepted = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
]

function unsupported(type: string, { definition }: Kind): StatusError {
  const types = definition ? accepted : [...accepted, 'application/strategic-merge-patch+json']
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
    { details: { causes: [{ message: `${type} is not supported by this resource` }] } },
  )
}
