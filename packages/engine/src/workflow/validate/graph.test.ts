import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ancestryOf, topology } from './graph.ts'

const graph = (edges: Readonly<Record<string, string[]>>) => new Map(Object.entries(edges))

test('what needs nothing comes first, otherwise the order stays', () => {
  expect(topology(graph({ d: ['b', 'c'], b: ['a'], c: ['a'], a: [] })).order).toEqual([
    'a',
    'b',
    'c',
    'd',
  ])
})

test('a cycle is told as a way that ends where it began', () => {
  expect(topology(graph({ a: ['b'], b: ['c'], c: ['d'], d: ['b'] })).cycle).toEqual([
    'b',
    'c',
    'd',
    'b',
  ])
  expect(topology(graph({ a: ['a'] })).cycle).toEqual(['a', 'a'])
})

test('names that are not there do not count', () => {
  expect(topology(graph({ a: ['nobody'] }))).toEqual({ order: ['a'] })
})

test('a chain of a hundred thousand is no problem', () => {
  const chain = new Map(
    Array.from({ length: 100_000 }, (_, n) => [`${n}`, n === 0 ? [] : [`${n - 1}`]]),
  )
  expect(topology(chain).order.at(-1)).toBe('99999')
  expect(ancestryOf(chain).comesBefore('0', '99999')).toBe(true)
  expect(ancestryOf(chain).comesBefore('99999', '0')).toBe(false)
})

test('either everything is in order, or there is a cycle whose every step exists', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const edges = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.uniqueArray(fc.constantFrom(...names, 'x'))])),
  )
  fc.assert(
    fc.property(edges, (needs) => {
      const map = graph(needs)
      const { order, cycle } = topology(map)
      const isEarly = (need: string, name: string) => order.indexOf(need) < order.indexOf(name)
      const known = order.flatMap((name) =>
        (map.get(name) ?? []).map((need) => [need, name] as const),
      )
      expect(known.filter(([need, name]) => map.has(need) && !isEarly(need, name))).toEqual([])
      expect(cycle === undefined).toBe(order.length === names.length)
      const steps = (cycle ?? []).slice(1).map((need, at) => map.get(cycle![at]!)?.includes(need))
      expect(steps.every(Boolean)).toBe(true)
    }),
  )
})
