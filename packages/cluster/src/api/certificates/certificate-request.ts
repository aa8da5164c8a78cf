import type { Json, JsonObject } from '@argosy/engine'
import { equalJson, valueAt } from '@argosy/kube'

export function signerOf(request: JsonObject): string {
  return String(valueAt(request, '/spec/signerName') ?? '')
}

/** The conditions of these types, in their order. */
export function conditionsOf(request: JsonObject | undefined, types: readonly string[]): Json[] {
  const all = (request && valueAt(request, '/status/conditions')) ?? []
  return (all as readonly JsonObject[]).filter(({ type }) => types.includes(String(type)))
}

export function sameConditions(
  one: JsonObject | undefined,
  other: JsonObject,
  types: readonly string[],
): boolean {
  return equalJson(conditionsOf(one, types), conditionsOf(other, types))
}
