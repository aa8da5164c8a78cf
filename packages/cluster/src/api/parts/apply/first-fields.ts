import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Step, sortedSteps } from './field-set.ts'
import { isServerOwned, type Writer } from './ownership.ts'
import {
  type Child,
  childrenOf,
  type Parts,
  partsOf,
  type Shape,
  writtenChildrenOf,
} from './shape.ts'

type Fields = Record<string, JsonObject>

/**
 * The fields of who creates an object, as fieldsV1: all in it but what is nobody's. It is what `passOver` finds between
 * nothing and the object, without its sets, which took a sixth of a create. Undefined: this is not to be seen so easily.
 */
export function firstFields(object: JsonObject, writer: Writer): JsonObject | undefined {
  const parts = partsOf(object, writer.shape)
  const metadata = object['metadata']
  if (parts?.is !== 'object' || !isObject(metadata)) return undefined
  if (Object.keys(metadata).some((name) => isServerOwned(name) && isNested(metadata[name])))
    return undefined
  const nobodys = ['apiVersion', 'kind', ...writer.ignored]
  return setIn(parts, (name, shape) => {
    if (nobodys.includes(name)) return 'nobody'
    return name === 'metadata' ? metadataFields(metadata, shape) : 'writer'
  })
}

/** Metadata itself is nobody's, as is much in it. */
function metadataFields(metadata: JsonObject, shape: Shape): JsonObject | 'nobody' {
  const parts = partsOf(metadata, shape)
  const own = parts && setIn(parts, (name) => (isServerOwned(name) ? 'nobody' : 'writer'))
  return own && Object.keys(own).length > 0 ? own : 'nobody'
}

function isNested(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null
}

type Owner = (name: string, shape: Shape) => 'writer' | 'nobody' | JsonObject

/** Which parts somebody has set. */
function setIn(parts: Parts, ownerOf: Owner): JsonObject {
  const fields: Fields = {}
  const unset = parts.is === 'object' ? parts.shape.unset : undefined
  for (const [step, child] of sorted(childrenOf(parts))) {
    const name = step.slice(2)
    const owner = ownerOf(name, child.shape)
    const isThere = unset !== undefined && Object.hasOwn(unset, name)
    const set = owner === 'writer' ? (isThere ? setSince(unset[name], child) : allOf(child)) : owner
    if (set !== undefined && set !== 'nobody') fields[step] = set
  }
  return fields
}

/** What of a field that is always there somebody has set; undefined: nothing. */
function setSince(before: Json | undefined, child: Child): JsonObject | undefined {
  if (before === undefined) return allOf(child)
  const { value, shape } = child
  const [old, young] = [partsOf(before, shape), partsOf(value, shape)]
  if (!young) return old === undefined && equalJson(before, value) ? undefined : {}
  if (!old) return allOf(child)
  const set = setIn(young, () => 'writer')
  return Object.keys(set).length > 0 ? set : undefined
}

/** The field and all in it. */
function allOf({ value, shape }: Child): JsonObject {
  const parts = isNested(value) ? partsOf(value, shape) : undefined
  const children = sorted(writtenChildrenOf(parts))
  if (children.length === 0) return {}
  const fields: Fields = { '.': {} }
  for (const [step, child] of children) fields[step] = allOf(child)
  return fields
}

function sorted(children: ReadonlyMap<Step, Child>): readonly (readonly [Step, Child])[] {
  if (children.size === 0) return nothing
  return sortedSteps({ children }).map((step) => [step, children.get(step) as Child] as const)
}

const nothing: readonly (readonly [Step, Child])[] = []
