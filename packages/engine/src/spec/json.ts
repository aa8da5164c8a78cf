/** Any JSON value, read-only. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object; an absent member and an `undefined` one mean the same. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** One operation of an RFC 6902 JSON Patch (the subset that we write ourselves). */
export type PatchOp =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Escapes one segment of a JSON pointer (RFC 6901 §3). */
export function pointerSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
