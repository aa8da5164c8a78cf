import type { KubeObject } from '@argosy/engine'
import { expect, it } from 'vitest'
import { newDirectory } from './directory.fixture.ts'
import type { Key } from './object-version.ts'
import { Store } from './store.ts'
import type { StoreOptions } from './store-options.ts'

type Done = (error: Error | null) => void

/** A disk that is as slow as the test wants it. */
function slowDisk(fatal: (error: Error) => void = () => undefined) {
  const directory = newDirectory()
  const syncs: Done[] = []
  const next = { atOnce: false }
  const sync = (_: number, done: Done) => {
    if (next.atOnce) done(null)
    else syncs.push(done)
  }
  const options: StoreOptions = { directory, fatal, sync }
  return { store: new Store(options), syncs, next }
}

function thing(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'n', name } }
}

const named = (name: string): Key => ({ collection: 'things', namespace: 'n', name })
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('tells nobody of a write that is on its way to the disk', async () => {
  const { store, syncs } = slowDisk()
  store.create(named('a'), thing('a'))
  let told = false
  const settled = store.settled().then(() => {
    told = true
  })
  await turn()
  await turn()
  expect([syncs.length, told, store.get(named('a'))]).toEqual([1, false, undefined])
  syncs[0]?.(null)
  await settled
  expect(store.get(named('a'))?.revision).toBe(1)
  await store[Symbol.asyncDispose]()
})

it('gathers what comes during a sync for the next one, in order', async () => {
  const { store, syncs } = slowDisk()
  const heard: number[] = []
  store.listen((changes) => heard.push(...changes.map(({ version }) => version.revision)))
  for (const name of ['a', 'b', 'c', 'd']) {
    store.create(named(name), thing(name))
    await turn()
  }
  expect(syncs.length).toBe(1)
  syncs[0]?.(null)
  expect([heard, syncs.length]).toEqual([[1], 2])
  syncs[1]?.(null)
  expect([heard, syncs.length]).toEqual([[1, 2, 3, 4], 2])
  await store[Symbol.asyncDispose]()
})

it('tells of commits in order, also when one is on the disk at once', async () => {
  const { store, syncs, next } = slowDisk()
  const heard: number[] = []
  store.listen((changes) => heard.push(...changes.map(({ version }) => version.revision)))
  store.create(named('a'), thing('a'))
  await turn()
  store.create(named('b'), thing('b'))
  await turn()
  next.atOnce = true
  syncs[0]?.(null)
  expect(heard).toEqual([1, 2])
  await store[Symbol.asyncDispose]()
})

it('waits for the disk before it closes', async () => {
  const { store, syncs } = slowDisk()
  store.create(named('a'), thing('a'))
  let closed = false
  const closing = store[Symbol.asyncDispose]().then(() => {
    closed = true
  })
  await turn()
  await turn()
  expect(closed).toBe(false)
  syncs[0]?.(null)
  await closing
})

it('ends the process when the disk fails, and refuses what came meanwhile too', async () => {
  const failures: Error[] = []
  const { store, syncs } = slowDisk((error) => failures.push(error))
  store.create(named('a'), thing('a'))
  const first = store.settled()
  await turn()
  store.create(named('b'), thing('b'))
  const second = store.settled()
  syncs[0]?.(new Error('EIO: i/o error, fdatasync'))
  await expect(first).rejects.toThrow('could not commit: EIO')
  await expect(second).rejects.toThrow('could not commit: EIO')
  expect(failures.length).toBe(1)
  expect(store.get(named('a'))).toBeUndefined()
  expect(() => store.create(named('c'), thing('c'))).toThrow('could not commit')
  await store[Symbol.asyncDispose]()
})
