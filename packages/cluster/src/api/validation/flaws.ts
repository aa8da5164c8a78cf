import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { valueAt } from '@argosy/kube'
import { type Flaw, flaw } from '../refusals.ts'

/** What is wrong with an object, as Kubernetes says it. `old` is what it replaces. */
export type Validate = (object: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

/** The items of a list that are objects, with their paths. */
export function itemsOf(
  object: JsonObject,
  name: string,
  path: string,
): readonly (readonly [JsonObject, string])[] {
  const list = object[name]
  if (!Array.isArray(list)) return []
  return list.flatMap((item: Json, index) =>
    isObject(item) ? [[item, `${path}.${name}[${index}]`] as const] : [],
  )
}

/** Complains of what has to be there and is not. */
export function required(object: JsonObject, path: string, ...names: readonly string[]): Flaw[] {
  return names
    .filter((name) => isEmpty(object[name]))
    .map((name) => flaw.required(`${path}.${name}`, ''))
}

/** Complains of a field that was changed and must not be. */
export function immutable(
  object: JsonObject,
  old: JsonObject | undefined,
  ...pointers: readonly string[]
): Flaw[] {
  if (!old) return []
  return pointers
    .filter((pointer) => !isSame(valueAt(object, pointer), valueAt(old, pointer)))
    .map((pointer) =>
      flaw.invalid(
        pointer.slice(1).replaceAll('/', '.'),
        valueAt(object, pointer),
        'field is immutable',
      ),
    )
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item) ?? null)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]))
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  return Array.isArray(value) && value.length === 0
}
