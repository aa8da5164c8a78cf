import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Problem } from '../problem.ts'
import { argoShapes } from './argo-shapes.table.ts'
import type { Shape } from './field-types.ts'
import { kubeShapes } from './kube-shapes.table.ts'
import { didYouMean } from './nearest.ts'
import { removedFields } from './removed-fields.table.ts'
import { describe, type ScalarType, scalarTypes } from './scalar.ts'

const shapes: ReadonlyMap<string, Shape> = new Map(Object.entries({ ...kubeShapes, ...argoShapes }))
const scalars: ReadonlyMap<string, ScalarType> = new Map(Object.entries(scalarTypes))

const anything: ScalarType = scalarTypes.json

/**
 * Reads `value` as a `type`: the normalised value, or undefined where it cannot be one (said in
 * `problems`). Unknown fields are reported and kept. What needs no change is returned as it is.
 */
export function fit(
  value: Json,
  type: string,
  path: string,
  problems: Problem[],
): Json | undefined {
  if (type.startsWith('[]')) return fitList(value, type.slice(2), path, problems)
  if (type.startsWith('{}')) return fitMap(value, type.slice(2), path, problems)
  const shape = shapes.get(type)
  if (shape) return fitObject(value, type, path, problems)
  const scalar = scalars.get(type) ?? anything
  const read = scalar.read(value)
  if (read === undefined) {
    const reason = scalar.because?.(value) ?? `expected ${scalar.expected}, got ${describe(value)}`
    problems.push({ path, message: reason })
  }
  return read
}

function fitList(value: Json, type: string, path: string, problems: Problem[]): Json | undefined {
  if (!Array.isArray(value)) {
    const hint = type === 'Step' ? listOfSteps : ''
    problems.push({ path, message: `expected a list, got ${describe(value)}${hint}` })
    return undefined
  }
  const items = value.map((item: Json, index) => {
    if (item === null) return zeroOf(type)
    return fit(item, type, `${path}[${index}]`, problems) ?? zeroOf(type)
  })
  return items.every((item, index) => item === value[index]) ? value : items
}

// The commonest slip of all: one dash too few.
const listOfSteps = '; steps are a list of lists (write "- - name: …")'

function fitMap(value: Json, type: string, path: string, problems: Problem[]): Json | undefined {
  if (!isObject(value)) {
    problems.push({ path, message: `expected a mapping, got ${describe(value)}` })
    return undefined
  }
  return mapFields(value, (key, item) =>
    item === null ? zeroOf(type) : fit(item, type, fieldPath(path, key), problems),
  )
}

function fitObject(value: Json, name: string, path: string, problems: Problem[]): Json | undefined {
  if (!isObject(value)) {
    problems.push({ path, message: `expected an object, got ${describe(value)}` })
    return undefined
  }
  const shape = shapes.get(name) ?? {}
  return mapFields(value, (key, item) => {
    const at = fieldPath(path, key)
    const type = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (type === undefined) {
      problems.push({ path: at, message: unknownField(name, key, shape) })
      return item
    }
    // As in Go, a null is as good as nothing.
    return item === null && type !== 'json' ? undefined : fit(item, type, at, problems)
  })
}

function unknownField(shapeName: string, key: string, shape: Shape): string {
  const instead = removedFields.get(`${shapeName}.${key}`)
  if (instead !== undefined) return `unknown field "${key}": ${instead}`
  return `unknown field "${key}"${didYouMean(key, Object.keys(shape))}`
}

/** What Go's decoder leaves in a list or map for a null. */
function zeroOf(type: string): Json {
  if (type === 'string' || type === 'anyString') return ''
  if (type.startsWith('[]')) return []
  return type.startsWith('{}') || shapes.has(type) ? {} : null
}

function mapFields(
  object: JsonObject,
  change: (key: string, item: Json) => Json | undefined,
): JsonObject {
  const changed: [string, Json][] = []
  let same = true
  for (const [key, item] of Object.entries(object)) {
    if (item === undefined) continue
    const next = change(key, item)
    if (next !== item) same = false
    if (next !== undefined) changed.push([key, next])
  }
  return same ? object : Object.fromEntries(changed)
}

/** A field under a path; a key that is no plain word is written in brackets. */
export function fieldPath(path: string, key: string): string {
  if (!/^[^.[\]"\\\s]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
