import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ancestry } from './ancestry.ts'

/** Each needs some of those with a smaller number. */
function graphOf(needs: readonly (readonly number[])[]) {
  const dependents = needs.map((_, at) =>
    needs.flatMap((own, other) => (own.includes(at) ? [String(other)] : [])),
  )
  const looks = { count: 0 }
  const looked = (names: readonly string[] = []) => {
    looks.count += 1
    return names
  }
  const ancestry = new Ancestry({
    needs: (name) => looked(needs[Number(name)]?.map(String)),
    dependents: (name) => looked(dependents[Number(name)]),
  })
  return { ancestry, looks }
}

const chain = (length: number) => Array.from({ length }, (_, at) => (at === 0 ? [] : [at - 1]))

test('the nearest come first', () => {
  const { ancestry } = graphOf([[], [0], [0, 1], []])
  expect([...ancestry.before('2')]).toEqual(['0', '1'])
  expect(ancestry.among(new Set(['0', '3', '2', 'nobody']), '2')).toEqual(['0'])
})

test('whoever all ask for is looked for once', () => {
  const length = 3000
  const { ancestry, looks } = graphOf(chain(length))
  const first = new Set(['0'])
  for (let at = 1; at < length; at++) expect(ancestry.among(first, String(at))).toEqual(['0'])
  expect(looks.count).toBeLessThan(300 * length)
})

test('near or far, it is said who comes before', () => {
  const parts = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(parts, fc.nat(500), (own, gap) => {
      const tail = own.map((ones, at) => ones.map((one) => gap + (one % Math.max(1, at))))
      const needs = [...chain(gap), ...tail.map((ones, at) => (at === 0 ? [gap - 1] : ones))]
      const sound = needs.map((ones, at) => ones.filter((one) => one >= 0 && one < at))
      const { ancestry } = graphOf(sound)
      const all = new Set(sound.map((_, at) => String(at)))
      for (let at = gap; at < sound.length; at++) {
        const before = [...ancestry.before(String(at))].sort()
        expect([...ancestry.among(all, String(at))].sort()).toEqual(before)
      }
    }),
    { numRuns: 60 },
  )
})
