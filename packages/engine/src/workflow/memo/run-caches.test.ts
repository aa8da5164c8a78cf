import { expect, test } from 'vitest'
import { sizeOf } from './cache-entry.ts'
import { RunCaches } from './run-caches.ts'

const labels = { 'workflows.argoproj.io/configmap-type': 'Cache' }

test('what a pass puts in is there for the rest of it, and counted', () => {
  const world = { data: { a: 'é', b: '12' }, labels }
  const caches = new RunCaches({
    template: () => undefined,
    configMap: () => undefined,
    cache: (name) => (name === 'c' ? world : undefined),
  })
  caches.put('c', 'a', 'longer')
  caches.put('c', 'd', '')
  caches.put('new', 'k', 'v')
  const found = caches.get('c')
  expect(found?.data).toEqual({ a: 'longer', b: '12', d: '' })
  expect(caches.bytesOf('c')).toBe(sizeOf(found))
  expect(caches.get('new')).toMatchObject({ labels, data: { k: 'v' } })
  expect(world.data).toEqual({ a: 'é', b: '12' })
  expect(caches.take().map(({ cache, key }) => [cache, key])).toEqual([
    ['c', 'a'],
    ['c', 'd'],
    ['new', 'k'],
  ])
  expect(caches.get('c')?.data).toEqual(world.data)
  expect(caches.get('new')).toBe(undefined)
})
