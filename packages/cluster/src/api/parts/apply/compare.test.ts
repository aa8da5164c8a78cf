import type { Json } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import {
  difference,
  type FieldPath,
  intersection,
  pathsOf,
  setOfPaths,
  union,
  without,
} from './field-set.ts'
import {
  childrenOf,
  type ListShape,
  type ObjectShape,
  partsOf,
  type Shape,
  scalar,
} from './shape.ts'

const names = ['a', 'b', 'list', 'name', '__proto__']
const leaf: fc.Arbitrary<Json> = fc.constantFrom<Json>(1, 2, 'x', null, {}, [])
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}))

const keyed: ListShape = {
  ...{ is: 'list', relation: 'map', keys: ['name'], keyDefaults: {} },
  item: { is: 'untyped' },
}
const typed: ObjectShape = {
  ...{ is: 'object', atomic: false },
  member: (name) => (name === 'list' ? keyed : name === 'b' ? scalar : typed),
  isNamed: () => true,
}
const shape = fc.constantFrom<Shape>({ is: 'untyped' }, typed)

/** By paths, one by one; the first word of each says what happened there. */
function differences(
  before: Json | undefined,
  after: Json | undefined,
  { shape, path }: { readonly shape: Shape; readonly path: FieldPath },
): readonly string[] {
  const [old, young] = [partsOf(before, shape), partsOf(after, shape)]
  const [left, right] = [childrenOf(old), childrenOf(young)]
  const inner = [...new Set([...left.keys(), ...right.keys()])].flatMap((step) => {
    const of = right.get(step)?.shape ?? left.get(step)?.shape ?? scalar
    const here = { shape: of, path: [...path, step] }
    return differences(left.get(step)?.value, right.get(step)?.value, here)
  })
  const own = path.join('/')
  if (before === undefined) return [`added ${own}`, ...inner]
  if (after === undefined) return [`removed ${own}`, ...inner]
  if (Boolean(old) !== Boolean(young)) return [`modified ${own}`, ...inner]
  return left.size + right.size > 0 || equalJson(before, after) ? inner : [`modified ${own}`]
}

test('a comparison finds what is found path by path', () => {
  fc.assert(
    fc.property(value, value, shape, (before, after, of) => {
      const found = compare(before, after, of)
      const told = (['added', 'removed', 'modified'] as const).flatMap((side) =>
        // The root has no path.
        [...(found[side].self ? [[]] : []), ...pathsOf(found[side])].map(
          (path) => `${side} ${path.join('/')}`,
        ),
      )
      expect(told.sort()).toEqual([...differences(before, after, { shape: of, path: [] })].sort())
    }),
    { numRuns: 2000 },
  )
})

test('what is compared with itself or with its copy is the same', () => {
  fc.assert(
    fc.property(value, shape, (one, of) => {
      for (const other of [one, structuredClone(one)]) {
        const { added, removed, modified } = compare(one, other, of)
        expect([added, removed, modified].flatMap((set) => pathsOf(set))).toEqual([])
      }
    }),
  )
})

const path = fc.array(fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1'), {
  minLength: 1,
  maxLength: 3,
})
const paths = fc.array(path, { maxLength: 6 })
const words = (all: readonly FieldPath[]) => new Set(all.map((one) => one.join('/')))

test('sets of fields are joined as sets of paths are', () => {
  fc.assert(
    fc.property(paths, paths, (left, right) => {
      const [a, b] = [setOfPaths(left), setOfPaths(right)]
      const [inA, inB] = [words(left), words(right)]
      expect(words(pathsOf(union(a, b)))).toEqual(new Set([...inA, ...inB]))
      expect(words(pathsOf(difference(a, b)))).toEqual(
        new Set([...inA].filter((one) => !inB.has(one))),
      )
      expect(words(pathsOf(intersection(a, b)))).toEqual(
        new Set([...inA].filter((one) => inB.has(one))),
      )
      const isLeft = (one: string) => !one.startsWith('f:a')
      expect(words(pathsOf(without(a, 'f:a')))).toEqual(new Set([...inA].filter(isLeft)))
      // Nobody else's set is changed on the way.
      expect(words(pathsOf(a))).toEqual(inA)
    }),
  )
})
