import type { Json, JsonObject } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'

/** A text member of a location; undefined when it is absent or empty. */
export function textOf(place: JsonObject, field: string): string | undefined {
  const value = place[field]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A text member without which nothing can be done. */
export function neededText(place: JsonObject, field: string, kind: string): string {
  const value = textOf(place, field)
  if (value !== undefined) return value
  throw new StatusError('Invalid', `${kind}.${field} is missing`)
}

export function isOn(place: JsonObject, field: string): boolean {
  return place[field] === true
}

export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** Fields that would change what happens and that nobody here honours: better no artifact than another one than asked for. */
export function refuseFields(
  place: JsonObject,
  kind: string,
  reasons: Readonly<Record<string, string>>,
): void {
  for (const [field, why] of Object.entries(reasons)) {
    const value = place[field]
    if (value === undefined || value === null || value === false || value === '') continue
    throw new StatusError('BadRequest', `${kind}.${field} is not supported: ${why}`)
  }
}
