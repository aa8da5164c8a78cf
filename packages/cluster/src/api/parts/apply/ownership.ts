import type { JsonObject } from '@argosy/engine'
import { compare } from './compare.ts'
import type { Claim } from './conflict.ts'
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  setOfPaths,
  union,
  without,
} from './field-set.ts'
import { keyOf, type Managed, type ManagerId, type Managers } from './managers.ts'
import type { Shape } from './shape.ts'

export const serverOwnedMetadata = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
] as const

/** What the server alone writes is nobody's. */
const serverOwned = setOfPaths([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...serverOwnedMetadata.map((name) => ['f:metadata', `f:${name}`]),
])

/** Whether the server alone writes this member of the metadata. */
export function isServerOwned(name: string): boolean {
  return (serverOwnedMetadata as readonly string[]).includes(name)
}

export function ownable(fields: FieldSet): FieldSet {
  return difference(fields, serverOwned)
}

/** Who writes, and under what conditions. */
export interface Writer {
  readonly id: ManagerId
  readonly shape: Shape
  readonly now: string
  /** Members of the object that this way of writing does not reach, as `status`. */
  readonly ignored: readonly string[]
}

export function reached(fields: FieldSet, { ignored }: Writer): FieldSet {
  return without(fields, ...ignored.map((name) => `f:${name}`))
}

/** The managers after somebody changed an object, and the claims of others on what was changed. */
export function passOver(
  managers: Managers,
  change: { readonly before: JsonObject; readonly after: JsonObject; readonly writer: Writer },
) {
  const { before, after, writer } = change
  const { added, removed, modified } = compare(before, after, writer.shape)
  const changed = ownable(reached(union(added, modified), writer))
  const gone = reached(removed, writer)
  const own = keyOf(writer.id)
  const claims: Claim[] = []
  const left = new Map<string, Managed>()
  for (const [key, managed] of managers) {
    const claimed = key === own ? emptyClaim : intersection(managed.fields, changed)
    if (!isEmptySet(claimed)) claims.push({ id: managed.id, fields: claimed })
    const lost = key === own ? emptyClaim : union(claimed, gone)
    left.set(key, { ...managed, fields: difference(managed.fields, lost) })
  }
  return { managers: left, claims, changed, gone }
}

const emptyClaim = setOfPaths([])
