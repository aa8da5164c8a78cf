import { isObject, type Json, type JsonObject } from '@argosy/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import cases from './apply.cases.json' with { type: 'json' }
import { applyManaged, type ManagedWrite, updateManaged } from './apply.ts'
import { builtInShape } from './built-in-shape.ts'
import type { ApplyConflict } from './conflict.ts'
import { customShape } from './custom-shape.ts'
import { pathsOf, setOfPaths } from './field-set.ts'
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts'
import { setOf } from './set-of.ts'
import { untyped } from './shape.ts'

interface Step {
  readonly op: 'apply' | 'update'
  readonly manager: string
  readonly object: JsonObject
  readonly force?: boolean
  readonly result?: JsonObject
  readonly error?: string
  readonly causes?: ApplyConflict['causes']
}

interface Case {
  readonly name: string
  readonly schema?: Readonly<Record<string, JsonObject>>
  readonly start?: JsonObject
  readonly subresource?: string
  readonly steps: readonly Step[]
}

const now = '2026-01-02T03:04:05Z'

function shapeFor({ schema }: Pick<Case, 'schema'>, object: JsonObject) {
  const [own] = Object.values(schema ?? {})
  return builtInShape(String(object['apiVersion']), String(object['kind'])) ?? customShape(own)
}

function writeOf(each: Case, step: Step, live: JsonObject | undefined): ManagedWrite {
  const apiVersion = String(step.object['apiVersion'])
  const shape = shapeFor(each, step.object)
  const { manager } = step
  return { live, manager, apiVersion, shape, now, hasStatus: false, subresource: each.subresource }
}

function taken(write: ManagedWrite, step: Step): JsonObject | ApplyConflict {
  if (step.op === 'update') return updateManaged({ ...write, object: step.object })
  const outcome = applyManaged({ ...write, config: step.object, force: step.force ?? false })
  if ('flaws' in outcome) throw new Error(outcome.flaws)
  return 'object' in outcome ? outcome.object : outcome.conflict
}

function byField(a: { readonly field: string }, b: { readonly field: string }): number {
  return a.field < b.field ? -1 : 1
}

/** Times are not compared; entries in their order, which times decide otherwise. */
function comparable(object: JsonObject): Json {
  const metadata = object['metadata'] as JsonObject
  const entries = (metadata['managedFields'] ?? []) as readonly JsonObject[]
  const timeless = entries.map(({ time: _, ...entry }) => entry)
  const sorted = timeless.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return withoutHusks({ ...object, metadata: { ...metadata, managedFields: sorted } })
}

function keyOf({ manager, operation, subresource }: JsonObject): string {
  return [manager, operation, subresource].join()
}

/** What has lost all it held is null in untyped Go, nothing after Go has typed it, and empty here. */
function withoutHusks(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutHusks)
  if (!isObject(value)) return value
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    if (name.startsWith('f:') || inner === undefined) return [[name, inner] as const]
    const left = withoutHusks(inner)
    const isHusk = left === null || (typeof left === 'object' && Object.keys(left).length === 0)
    return isHusk ? [] : [[name, left] as const]
  })
  return Object.fromEntries(kept)
}

describe('as Kubernetes applies', () => {
  for (const each of cases as unknown as readonly Case[]) {
    test(each.name, () => {
      let live: JsonObject | undefined = each.start
      for (const step of each.steps) {
        const outcome = taken(writeOf(each, step, live), step)
        if (step.error !== undefined) {
          const { message, causes } = outcome as ApplyConflict
          expect(message).toBe(step.error)
          expect(causes.toSorted(byField)).toEqual(step.causes?.toSorted(byField))
          continue
        }
        live = outcome as JsonObject
        expect(comparable(live)).toEqual(comparable(step.result as JsonObject))
      }
    })
  }
})

test('an apply that changes nothing answers with the very object', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } }
  const shape = builtInShape('v1', 'ConfigMap') ?? untyped
  const write = { manager: 'm', apiVersion: 'v1', shape, now, hasStatus: false, force: false }
  const first = applyManaged({ ...write, config }) as { object: JsonObject }
  const later = { ...write, now: '2030-01-01T00:00:00Z' }
  expect(applyManaged({ ...later, live: first.object, config })).toEqual(first)
})

test('the time of an entry is when its manager last changed something', () => {
  const config = (data: JsonObject) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data })
  const shape = builtInShape('v1', 'ConfigMap') ?? untyped
  const write = { apiVersion: 'v1', shape, hasStatus: false, force: false }
  const a = applyManaged({ ...write, manager: 'a', now, config: config({ a: '1' }) })
  const live = (a as { object: JsonObject }).object
  const later = '2030-01-01T00:00:00Z'
  const b = applyManaged({ ...write, manager: 'b', now: later, live, config: config({ b: '1' }) })
  const { metadata } = (b as { object: JsonObject }).object as { metadata: JsonObject }
  const entries = metadata['managedFields'] as readonly JsonObject[]
  expect(entries.map(({ manager, time }) => [manager, time])).toEqual([
    ['a', now],
    ['b', later],
  ])
})

test('the status that has a path of its own is not touched by applying the object', () => {
  const config = { apiVersion: 'a.b/v1', kind: 'K', metadata: {}, spec: { a: 1 }, status: { b: 2 } }
  const write = { manager: 'm', apiVersion: 'a.b/v1', shape: untyped, now, hasStatus: true }
  const outcome = applyManaged({ ...write, config, force: false }) as { object: JsonObject }
  const [entry] = (outcome.object['metadata'] as JsonObject)['managedFields'] as [JsonObject]
  expect(entry['fieldsV1']).toEqual({ 'f:spec': { '.': {}, 'f:a': {} } })
})

describe('laws', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(1, 'x', true),
      fc.array(fc.integer({ max: 3, min: 0 }), { maxLength: 3 }),
      fc.dictionary(name, tie('json'), { maxKeys: 3 }),
    ),
  })).json
  const spec = fc.dictionary(name, value, { maxKeys: 3 })
  const write = { apiVersion: 'a.b/v1', shape: customShape(undefined), now, hasStatus: false }
  const object = (spec: JsonObject) => ({ apiVersion: 'a.b/v1', kind: 'K', metadata: {}, spec })
  const apply = (live: JsonObject | undefined, manager: string, spec: JsonObject) =>
    applyManaged({ ...write, live, manager, config: object(spec), force: true }) as {
      object: JsonObject
    }

  test('applying twice changes nothing', () => {
    fc.assert(
      fc.property(spec, spec, (first, second) => {
        const { object: one } = apply(undefined, 'm', first)
        const { object: two } = apply(one, 'n', second)
        expect(apply(two, 'n', second).object).toBe(two)
      }),
    )
  })

  test('an only applier gets what it wants, whatever it wanted before', () => {
    fc.assert(
      fc.property(spec, spec, (first, second) => {
        const { object: one } = apply(undefined, 'm', first)
        const { object: two } = apply(one, 'm', second)
        const { object: fresh } = apply(undefined, 'm', second)
        expect(setOf(two['spec'] ?? {}, untyped)).toEqual(setOf(fresh['spec'] ?? {}, untyped))
      }),
    )
  })

  test('what another applier wants stays when one lets go', () => {
    fc.assert(
      fc.property(spec, spec, (first, second) => {
        const { object: one } = apply(undefined, 'm', first)
        const { object: two } = apply(one, 'n', second)
        const { object: three } = apply(two, 'm', {})
        expect(apply(three, 'n', second).object).toBe(three)
      }),
    )
  })

  test('fieldsV1 is read as it was written', () => {
    const step = fc.constantFrom('f:a', 'f:b/c', 'k:{"name":"x"}', 'v:"y"', 'v:1', 'i:3')
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 4 })), (paths) => {
        const set = setOfPaths(paths)
        const back = fromFieldsV1(toFieldsV1(set))
        expect(back && pathsOf(back)).toEqual(pathsOf(set))
      }),
    )
  })
})

test('what is no fieldsV1 is not read', () => {
  for (const bad of [null, 'x', { x: {} }, { 'f:a': 1 }, { 'k:x': {} }, { 'i:x': {} }])
    expect(fromFieldsV1(bad)).toBeUndefined()
})
