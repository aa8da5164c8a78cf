import type { Json } from './json.ts'
import { isObject } from './json.ts'

/** Members of a patch that say how to merge, and are no content. */
export const directive = {
  patch: '$patch',
  retainKeys: '$retainKeys',
  delete: '$deleteFromPrimitiveList/',
  order: '$setElementOrder/',
} as const

export function isDirective(name: string): boolean {
  return (
    name === directive.patch ||
    name === directive.retainKeys ||
    name.startsWith(directive.delete) ||
    name.startsWith(directive.order)
  )
}

export function isArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value)
}

/** A part of a patch as content where nothing was before; `undefined` when it is but an instruction. */
export function fresh(value: Json): Json | undefined {
  if (isArray(value)) return value.map(fresh).filter((item) => item !== undefined)
  if (!isObject(value)) return value
  return Object.hasOwn(value, directive.patch) ? undefined : content(value)
}

/** The members of an object without instructions and nulls. */
function content(value: Readonly<Record<string, Json | undefined>>) {
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    if (inner === null || inner === undefined || isDirective(name)) return []
    const clean = fresh(inner)
    return clean === undefined ? [] : [[name, clean] as const]
  })
  return Object.fromEntries(kept)
}

/** A value as Go's `%v` prints it, which is how Kubernetes quotes patches in its complaints. */
export function goText(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>'
  if (isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (!isObject(value)) return String(value)
  const members = Object.keys(value).sort()
  return `map[${members.map((name) => `${name}:${goText(value[name])}`).join(' ')}]`
}

/** What Go calls the type of a decoded JSON value. */
export function goType(value: Json | undefined): string {
  if (value === null || value === undefined) return '%!s(<nil>)'
  if (isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]interface {}'
}
