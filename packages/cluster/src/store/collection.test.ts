import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { KubeObject } from '@argosy/engine'
import { expect, test } from 'vitest'
import { Collection } from './collection.ts'
import { ObjectVersion } from './object-version.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function added(to: Collection, name: string) {
  const key = { collection: 'things', namespace: 'n', name }
  const value: KubeObject = { apiVersion: 'v1', kind: 'Thing', metadata: { name } }
  const version = ObjectVersion.of(key, 1, value)
  const sizes = { snapshotBytes: 0, deltaBytes: 0, chainBytes: 0 }
  return to.add({ key, committed: version, newest: version, ...sizes })
}

const names = (of: Collection) => of.list().map(({ name }) => name)

test('what was added between lists is in its place in the next one', () => {
  const things = new Collection()
  added(things, 'b')
  expect(names(things)).toEqual(['b'])
  const c = added(things, 'c')
  added(things, 'a')
  expect(names(things)).toEqual(['a', 'b', 'c'])
  things.delete(c)
  expect(names(things)).toEqual(['a', 'b'])
})

test.each([
  ['never', false],
  ['before it goes', true],
])('what is gone does not stay in memory when it is listed %s', async (_, listed) => {
  const things = new Collection()
  const gone = new WeakRef(added(things, 'a'))
  if (listed) things.list()
  things.delete(gone.deref() as NonNullable<ReturnType<typeof gone.deref>>)
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  expect(gone.deref()).toBeUndefined()
})
