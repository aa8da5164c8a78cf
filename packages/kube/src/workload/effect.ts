import type { JsonObject, KubeObject } from '@argosy/engine'
import type { Ref, RemoveOptions } from '../client.ts'
import type { Resource } from '../resource.ts'

/** One thing that a controller of built-in kinds wants done; as data, so that what decides it stays pure. */
export type Effect =
  | { readonly do: 'create'; readonly resource: Resource; readonly object: KubeObject }
  | { readonly do: 'patch'; readonly ref: Ref; readonly body: JsonObject }
  | { readonly do: 'status'; readonly ref: Ref; readonly body: JsonObject }
  | { readonly do: 'remove'; readonly ref: Ref; readonly options?: RemoveOptions }
  | {
      readonly do: 'event'
      readonly type: 'Normal' | 'Warning'
      readonly reason: string
      readonly message: string
    }

/** What a look at an object has come to; the effects go out in their order. */
export interface Decided {
  readonly effects: readonly Effect[]
  /** Look again then, though nothing has changed. */
  readonly wakeAt?: number | undefined
}

/** The same thing, on its object. */
export function refOf(resource: Resource, { metadata }: KubeObject): Ref {
  const { namespace, name = '' } = metadata
  return { resource, name, ...(namespace !== undefined && { namespace }) }
}

/** Deletes this very object, not another one that has its name by then. */
export function removal(
  resource: Resource,
  object: KubeObject,
  more: Omit<RemoveOptions, 'uid'> = {},
): Effect {
  const { uid } = object.metadata
  const options = { ...more, ...(uid !== undefined && { uid }) }
  return { do: 'remove', ref: refOf(resource, object), options }
}

/** A status patch when something of it changes; a member of `wanted` that is null goes. */
export function statusEffect(
  resource: Resource,
  object: KubeObject & { readonly status?: object },
  wanted: JsonObject,
): readonly Effect[] {
  const now = (object.status ?? {}) as JsonObject
  const changed = Object.entries(wanted).filter(
    ([name, value]) => !same(now[name], value === null ? undefined : value),
  )
  if (changed.length === 0) return []
  const replaced = changed.map(([name, value]) => [name, whole(now[name], value)])
  return [
    { do: 'status', ref: refOf(resource, object), body: { status: Object.fromEntries(replaced) } },
  ]
}

/** A merge patch leaves members alone that it does not name: what is to go is named. */
function whole(before: unknown, value: unknown): unknown {
  if (!isPlain(before) || !isPlain(value)) return value
  const gone = Object.keys(before).filter((name) => !(name in value))
  return { ...value, ...Object.fromEntries(gone.map((name) => [name, null])) }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]))
  if (!isPlain(a) || !isPlain(b)) return false
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  const read = (object: object, name: string) => (object as Record<string, unknown>)[name]
  return [...names].every((name) => same(read(a, name), read(b, name)))
}
