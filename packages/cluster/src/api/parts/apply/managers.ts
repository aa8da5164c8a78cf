import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { equalSets, type FieldSet, isEmptySet } from './field-set.ts'
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts'

/** Who wrote, and how; two of the same are one. */
export interface ManagerId {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource?: string
}

/** The fields of one manager, and when it last changed them. */
export interface Managed {
  readonly id: ManagerId
  readonly fields: FieldSet
  readonly time?: string
}

export type Managers = ReadonlyMap<string, Managed>

/** An applier is the same under every version. */
export function keyOf({ manager, operation, apiVersion, subresource = '' }: ManagerId): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource])
}

/** The managers that an object's metadata names; entries that say nothing readable are dropped. */
export function managersOf(object: JsonObject | undefined): Managers {
  const metadata = object?.['metadata']
  const entries = isObject(metadata) ? metadata['managedFields'] : undefined
  const managers = new Map<string, Managed>()
  for (const entry of Array.isArray(entries) ? (entries as readonly Json[]) : []) {
    const managed = isObject(entry) ? managedIn(entry) : undefined
    if (managed) managers.set(keyOf(managed.id), managed)
  }
  return managers
}

function managedIn(entry: JsonObject): Managed | undefined {
  const fields = fromFieldsV1(entry['fieldsV1'])
  const operation = entry['operation']
  if (fields === undefined || (operation !== 'Apply' && operation !== 'Update')) return undefined
  const { manager, apiVersion, subresource, time } = entry
  return {
    id: {
      manager: String(manager ?? ''),
      operation,
      apiVersion: String(apiVersion ?? ''),
      ...(typeof subresource === 'string' && subresource !== '' && { subresource }),
    },
    fields,
    ...(typeof time === 'string' && { time }),
  }
}

/** The entries of `metadata.managedFields`: appliers first, then by time. */
export function entriesOf(managers: Managers): readonly JsonObject[] {
  const all = [...managers.values()].filter(({ fields }) => !isEmptySet(fields))
  return all.sort(inOrder).map(({ id, fields, time }) => entryOf(id, time, toFieldsV1(fields)))
}

/** One entry of `metadata.managedFields`. */
export function entryOf(id: ManagerId, time: string | undefined, fieldsV1: JsonObject): JsonObject {
  return {
    manager: id.manager,
    operation: id.operation,
    apiVersion: id.apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(id.subresource !== undefined && { subresource: id.subresource }),
  }
}

function inOrder(a: Managed, b: Managed): number {
  const words = ({ id, time = '' }: Managed) => [
    id.operation,
    time,
    id.manager,
    id.apiVersion,
    id.subresource ?? '',
  ]
  const [left, right] = [words(a), words(b)]
  const at = left.findIndex((word, index) => word !== right[index])
  return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1
}

/** Whether the same managers own the same fields, whenever they did it. */
export function sameOwnership(a: Managers, b: Managers): boolean {
  if (a.size !== b.size) return false
  return [...a].every(([key, { fields }]) => {
    const other = b.get(key)
    return other !== undefined && equalSets(fields, other.fields)
  })
}
