import type { Json, JsonObject } from '@argosy/engine'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Draft, type JsonPatchOp } from './draft.ts'
import { deepFreeze, equalJson } from './json-value.ts'
import { applyJsonPatch, applyMergePatch, diffMerge, diffOps } from './patch.ts'
import { StatusError } from './status-error.ts'

const names = fc.constantFrom('a', 'b', 'c', '0', '1', '~', '/')
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.constantFrom(null, true, 0, 1, 'x', ''),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}))
const root = fc.dictionary(names, value, { maxKeys: 5 }) as fc.Arbitrary<JsonObject>
const segment = fc.oneof(names, fc.constantFrom('-', '2'))
const path = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) =>
    segments.map((s) => `/${s.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  )
const op: fc.Arbitrary<JsonPatchOp> = fc.oneof(
  fc.record({
    op: fc.constantFrom('add' as const, 'replace' as const, 'test' as const),
    path,
    value,
  }),
  fc.record({ op: fc.constant('remove' as const), path }),
  fc.record({ op: fc.constantFrom('copy' as const, 'move' as const), from: path, path }),
)

/** RFC 6902 on a copy of everything, one operation at a time; undefined: refused. */
function naive(start: Json, ops: readonly JsonPatchOp[]): Json | undefined {
  let value: Json | undefined = structuredClone(start)
  for (const op of ops) {
    if (value === undefined) return undefined
    value = naiveOp(value, structuredClone(op))
  }
  return value
}

// biome-ignore lint/suspicious/noExplicitAny: the model walks values without looking
type Loose = any

function split(path: string): string[] {
  const segments = path.split('/').slice(1)
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const isIndex = (segment: string) => /^(0|[1-9]\d*)$/.test(segment)

function naiveOp(root: Json, op: JsonPatchOp): Json | undefined {
  if (op.op === 'copy' || op.op === 'move') return naiveTransfer(root, op)
  const segments = split(op.path)
  const last = segments.pop()!
  const parent = segments.reduce(naiveStep, root as Loose)
  if (typeof parent !== 'object' || parent === null) return undefined
  const exists = naiveStep(parent, last) !== undefined
  if (!exists && !mayLack(parent, op.op)) return undefined
  if (op.op === 'test') return naiveTest(exists ? parent[last] : null, op.value) && root
  const change = Array.isArray(parent) ? naiveItems : naiveMembers
  return change(parent, last, op) ? root : undefined
}

const naiveTest = (found: Loose, wanted: Loose) => equalJson(found, wanted) || undefined

// Kubernetes: only lists insist on what is to be replaced or tested.
const mayLack = (parent: Loose, op: string) =>
  op === 'add' || (op !== 'remove' && !Array.isArray(parent))

function naiveMembers(members: Loose, last: string, op: Loose): boolean {
  if (op.op === 'remove') delete members[last]
  else members[last] = op.value
  return true
}

function naiveTransfer(root: Json, op: { op: 'copy' | 'move'; from: string; path: string }) {
  const value = split(op.from).reduce(naiveStep, root as Loose)
  if (value === undefined || (op.op === 'move' && op.path.startsWith(`${op.from}/`)))
    return undefined
  if (op.op === 'move' && op.path === op.from) return root
  const rest = op.op === 'copy' ? root : naiveOp(root, { op: 'remove', path: op.from })
  return rest && naiveOp(rest, { op: 'add', path: op.path, value: structuredClone(value) })
}

function naiveItems(items: Json[], last: string, op: Loose): boolean {
  const index = last === '-' ? items.length : isIndex(last) ? Number(last) : Number.NaN
  if (!(index <= items.length)) return false
  if (op.op === 'replace') items[index] = op.value
  else if (op.op === 'remove') items.splice(index, 1)
  else items.splice(index, 0, op.value)
  return true
}

function naiveStep(value: Loose, segment: string): Loose {
  if (typeof value !== 'object' || value === null) return undefined
  return Array.isArray(value) && !isIndex(segment) ? undefined : value[segment]
}

function attempt(start: Json, ops: readonly JsonPatchOp[]): Json | undefined {
  try {
    return applyJsonPatch(start, ops)
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError)
    return undefined
  }
}

describe('a JSON patch', () => {
  it('takes a member that is not there for null, and replaces it', () => {
    const start = { a: { b: 1 }, list: [1] }
    const test = (path: string): JsonPatchOp => ({ op: 'test', path, value: null })
    expect(attempt(start, [test('/a/c')])).toEqual(start)
    expect(attempt(start, [test('/x/c')])).toBeUndefined()
    expect(attempt(start, [test('/list/3')])).toBeUndefined()
    expect(attempt(start, [{ op: 'replace', path: '/a/c', value: 2 }])).toEqual({
      a: { b: 1, c: 2 },
      list: [1],
    })
    expect(attempt(start, [{ op: 'replace', path: '/list/3', value: 2 }])).toBeUndefined()
  })

  it('does what RFC 6902 and Kubernetes say, and touches nothing that it was given', () => {
    fc.assert(
      fc.property(root, fc.array(op, { maxLength: 6 }), (start, ops) => {
        const frozen = deepFreeze(structuredClone(start))
        expect(attempt(frozen, ops)).toEqual(naive(start, ops))
        expect(frozen).toEqual(start)
      }),
      { numRuns: 3_000 },
    )
  })

  it('leaves a draft as it was when it is rolled back', () => {
    fc.assert(
      fc.property(
        root,
        fc.array(op, { maxLength: 4 }),
        fc.array(op, { maxLength: 4 }),
        (start, first, second) => {
          const draft = new Draft(start)
          apply(draft, first)
          const before = structuredClone(draft.root)
          apply(draft, [...second, { op: 'remove', path: '/absent' }])
          expect(draft.root).toEqual(before)
          expect(draft.changes).toEqual([])
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('can be repeated from its changes', () => {
    fc.assert(
      fc.property(root, fc.array(op, { maxLength: 6 }), (start, ops) => {
        const draft = new Draft(start)
        const changes = apply(draft, ops)
        expect(applyJsonPatch(start, JSON.parse(JSON.stringify(changes)))).toEqual(draft.root)
      }),
      { numRuns: 2_000 },
    )
  })

  it('shares what it does not touch', () => {
    const start = deepFreeze({ a: { deep: {} }, list: [{}, {}] })
    const result = applyJsonPatch(start, [{ op: 'add', path: '/list/-', value: 1 }]) as typeof start
    expect(result.a).toBe(start.a)
    expect(result.list[0]).toBe(start.list[0])
  })
})

function apply(draft: Draft, ops: readonly JsonPatchOp[]) {
  try {
    draft.apply(ops)
    return draft.take()
  } catch {
    draft.rollback()
    return []
  }
}

describe('a difference', () => {
  it('as operations leads from one value to the other', () => {
    fc.assert(
      fc.property(root, root, (from, to) => {
        expect(equalJson(applyJsonPatch(from, diffOps(from, to)), to)).toBe(true)
        expect(diffOps(from, structuredClone(from))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  it('as a merge patch leads from one value to the other, where no null is wanted', () => {
    const full = root.map((value) => JSON.parse(JSON.stringify(value, (_, inner) => inner ?? 0)))
    fc.assert(
      fc.property(full, full, (from, to) => {
        expect(applyMergePatch(from, diffMerge(from, to))).toEqual(to)
      }),
      { numRuns: 2_000 },
    )
  })
})

it('a merge patch does what RFC 7386 and Kubernetes show', () => {
  const cases: readonly (readonly [Json, Json, Json])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{}, { a: [{ b: null }, null] }, { a: [{}, null] }],
    [{ a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
  ]
  for (const [target, patch, result] of cases)
    expect(applyMergePatch(target, patch)).toEqual(result)
})
