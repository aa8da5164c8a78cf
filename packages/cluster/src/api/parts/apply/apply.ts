import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type ApplyConflict, conflictOf } from './conflict.ts'
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  noFields,
  union,
} from './field-set.ts'
import { firstFields } from './first-fields.ts'
import { entriesOf, entryOf, keyOf, type Managers, managersOf, sameOwnership } from './managers.ts'
import { merge } from './merge.ts'
import { withNamedFields } from './named-fields.ts'
import { ownable, passOver, reached, serverOwnedMetadata, type Writer } from './ownership.ts'
import { remove } from './remove.ts'
import { setOf } from './set-of.ts'
import type { Shape } from './shape.ts'
import { typeFlaws } from './type-flaws.ts'

/** A write whose ownership is to be kept. */
export interface ManagedWrite {
  /** The object as it is; absent when it is being created. */
  readonly live?: JsonObject | undefined
  /** The `fieldManager` parameter, or the user agent up to its first slash. */
  readonly manager: string
  readonly apiVersion: string
  readonly shape: Shape
  /** RFC 3339, whole seconds. */
  readonly now: string
  readonly subresource?: string | undefined
  /** Whether status is written through a subresource of its own. */
  readonly hasStatus: boolean
}

export interface Apply extends ManagedWrite {
  /** What the applier wants: its fields, and no others. */
  readonly config: JsonObject
  readonly force: boolean
}

/**
 * Server-side apply: lays a configuration over an object, removes what its applier set before and does not set now and
 * nobody else owns, and keeps `metadata.managedFields`. An apply that changes nothing answers with the live object itself;
 * `flaws` say why what is applied is not of its type.
 */
export function applyManaged(
  apply: Apply,
):
  | { readonly object: JsonObject }
  | { readonly conflict: ApplyConflict }
  | { readonly flaws: string } {
  const { live, shape, force } = apply
  const flaws = typeFlaws(withoutManagedFields(apply.config), shape)
  if (flaws !== undefined) return { flaws }
  const writer = writerOf(apply, 'Apply')
  const key = keyOf(writer.id)
  const config = withoutManagedFields(apply.config)
  const before = withoutManagedFields(live ?? blank(config))
  const managers = firstManagers(apply, before)
  const fields = ownable(reached(setOf(config, shape), writer))

  const owned = new Map(managers).set(key, { ...managers.get(key), id: writer.id, fields })
  const merged = merge(before, config, shape)
  const cut = pruned(merged, { last: managers.get(key)?.fields, owned, shape })
  const after = withIdentity(cut, before)
  const { managers: left, claims } = passOver(owned, { before, after, writer })
  if (claims.length > 0 && !force) return { conflict: conflictOf(claims) }

  const isSame = live !== undefined && equalJson(before, after)
  if (live !== undefined && isSame && sameOwnership(left, managersOf(live))) return { object: live }
  return { object: withManagedFields(after, timed(left, key, writer.now)) }
}

/** The object of a create, update or patch, with `metadata.managedFields` telling who changed what. */
export function updateManaged(update: ManagedWrite & { readonly object: JsonObject }): JsonObject {
  const { live } = update
  const after = withoutManagedFields(update.object)
  const managers = managersOf(live)
  // Whoever wrote before anybody kept books is not asked: the first apply opens them.
  if (live !== undefined && managers.size === 0) return after

  const writer = writerOf(update, 'Update')
  const first = live === undefined ? firstFields(after, writer) : undefined
  if (first) return withEntries(after, firstEntries(first, writer))

  const key = keyOf(writer.id)
  const before = withoutManagedFields(live ?? blank(after))
  const { managers: left, changed, gone } = passOver(managers, { before, after, writer })
  const mine = managers.get(key)?.fields ?? noFields
  const fields = difference(union(mine, changed), gone)
  if (isEmptySet(changed) && isEmptySet(gone)) return withManagedFields(after, managers)
  const touched = new Map(left).set(key, { ...left.get(key), id: writer.id, fields })
  return withManagedFields(after, isEmptySet(changed) ? touched : timed(touched, key, writer.now))
}

function writerOf(write: ManagedWrite, operation: 'Apply' | 'Update'): Writer {
  const { manager, apiVersion, subresource, shape, now, hasStatus } = write
  const ignored = subresource === 'status' ? ['spec'] : hasStatus ? ['status'] : []
  return {
    id: { manager, operation, apiVersion, ...(subresource !== undefined && { subresource }) },
    shape,
    now,
    ignored,
  }
}

/** The books of an object that has none: all in it belongs to those before the first apply. */
function firstManagers({ live, apiVersion, shape, now }: Apply, before: JsonObject): Managers {
  const managers = managersOf(live)
  if (live === undefined || managers.size > 0) return managers
  const id = { manager: 'before-first-apply', operation: 'Update', apiVersion } as const
  const writer: Writer = { id, shape, now, ignored: [] }
  const { changed: fields } = passOver(managers, { before: blank(before), after: before, writer })
  return new Map([[keyOf(id), { id, fields, time: now }]])
}

interface Pruning {
  /** What the applier set the last time. */
  readonly last: FieldSet | undefined
  readonly owned: Managers
  readonly shape: Shape
}

/** Without what the applier let go of, unless another one holds it or it was not set by the applier. */
function pruned(merged: Json, { last, owned, shape }: Pruning): JsonObject {
  if (last === undefined || isEmptySet(last)) return merged as JsonObject
  const named = (fields: FieldSet) => withNamedFields(fields, shape)
  const fieldsOf = (value: Json) => named(setOf(value, shape))
  const cutOff = (fields: FieldSet) => remove(merged, fields, shape)

  const all = fieldsOf(merged)
  const held = [...owned.values()].map(({ fields }) => fields).reduce(union, noFields)
  const rest = fieldsOf(cutOff(named(last)))
  const backed = cutOff(difference(all, union(rest, named(held))))
  const dangling = intersection(difference(all, fieldsOf(backed)), named(last))
  return cutOff(dangling) as JsonObject
}

/** Nobody lets go of what the server has given the object. */
function withIdentity(object: JsonObject, { metadata: before }: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {}
  if (!isObject(before)) return object
  const lost = serverOwnedMetadata.filter(
    (name) => before[name] !== undefined && (metadata[name] ?? null) === null,
  )
  if (lost.length === 0) return object
  const kept = Object.fromEntries(lost.map((name) => [name, before[name]]))
  return { ...object, metadata: { ...metadata, ...kept } }
}

function timed(managers: Managers, key: string, now: string): Managers {
  const managed = managers.get(key)
  return managed ? new Map(managers).set(key, { ...managed, time: now }) : managers
}

function blank({ apiVersion, kind }: JsonObject): JsonObject {
  return { apiVersion, kind }
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = object['metadata']
  if (!isObject(metadata) || !Object.hasOwn(metadata, 'managedFields')) return object
  const { managedFields: _, ...rest } = metadata
  return { ...object, metadata: rest }
}

function firstEntries(fields: JsonObject, { id, now }: Writer): readonly JsonObject[] {
  return Object.keys(fields).length === 0 ? [] : [entryOf(id, now, fields)]
}

function withManagedFields(object: JsonObject, managers: Managers): JsonObject {
  return withEntries(object, entriesOf(managers))
}

function withEntries(object: JsonObject, entries: readonly JsonObject[]): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {}
  return { ...object, metadata: { ...metadata, managedFields: entries } }
}
