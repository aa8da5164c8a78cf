import { cpSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newDirectory } from './directory.fixture.ts'
import { reservedBytes } from './reserve.ts'
import { Store } from './store.ts'

function open(directory: string): Store {
  const fatal = (error: Error) => {
    throw error
  }
  return new Store({ directory, fatal })
}

async function write(store: Store, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const key = { collection: 'things', namespace: 'n', name }
    store.create(key, { apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'n', name } })
    await store.settled()
  }
}

const log = (directory: string) => join(directory, 'store.db-wal')
const names = (store: Store) => store.list('things').map(({ name }) => name)

it('the log has its length from the beginning, and keeps it', async () => {
  const directory = newDirectory()
  await using store = open(directory)
  expect(statSync(log(directory)).size).toBe(reservedBytes)
  await write(store, ['a', 'b', 'c'])
  expect(statSync(log(directory)).size).toBe(reservedBytes)
})

it.each([
  ['with zeros behind it', reservedBytes],
  ['and cut off', 12_345],
])('a log that was left behind %s is read to its end, and goes on', async (_, length) => {
  const [first, second] = [newDirectory(), newDirectory()]
  await using store = open(first)
  await write(store, ['a', 'b'])
  // As a killed process leaves it.
  for (const file of ['store.db', 'store.db-wal']) cpSync(join(first, file), join(second, file))
  truncateSync(log(second), length)
  const found = ['a', 'b'].slice(0, length === reservedBytes ? 2 : 0)

  {
    await using again = open(second)
    expect(names(again)).toEqual(found)
    await write(again, ['c'])
  }
  await using last = open(second)
  expect(names(last)).toEqual([...found, 'c'])
})
