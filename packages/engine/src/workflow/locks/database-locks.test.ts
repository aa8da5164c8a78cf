import { describe, expect, test } from 'vitest'
import type { LockItem } from './lock-item.ts'
import { limitPlaceOf, lockItems, lockNameOf, shownName } from './lock-item.ts'
import { Locks } from './locks.ts'

function itemsOf(synchronization: Parameters<typeof lockItems>[0]): readonly LockItem[] {
  const items = lockItems(synchronization, 'ns')
  if ('problem' in items) throw new Error(items.problem)
  return items
}

function request(holder: string, names: readonly string[], limit: number | undefined) {
  const locks = names.map((name) => ({ name, limit }))
  return { holder, locks, priority: 0, createdAt: '2026-01-01T00:00:00Z', order: [] }
}

describe('locks of the database', () => {
  test('a semaphore and a mutex of one key are two locks with one name', () => {
    const items = itemsOf({
      semaphores: [{ database: { key: 'k' } }],
      mutexes: [{ name: 'k', database: true }, { name: 'k' }],
    })
    expect(items.map(({ name }) => name)).toEqual(['db:sem/ns/k', 'db:mtx/ns/k', 'ns/Mutex/k'])
    expect(items.map(({ name }) => shownName(name))).toEqual([
      'ns/Database/k',
      'ns/Database/k',
      'ns/Mutex/k',
    ])
    for (const { name, kind } of items) expect(lockNameOf(kind, shownName(name))).toBe(name)
  })

  test('belong to the namespace that they name', () => {
    const items = itemsOf({ semaphores: [{ database: { key: 'k' }, namespace: 'other' }] })
    expect(items).toEqual([
      {
        name: 'db:sem/other/k',
        kind: 'semaphore',
        limitAt: { namespace: 'other', name: 'database-sync-limits', key: 'k' },
      },
    ])
    expect(limitPlaceOf('db:mtx/ns/k')).toBeUndefined()
  })

  test.each([
    [
      { semaphores: [{ database: { key: 'k' }, configMapKeyRef: { name: 'n', key: 'k' } }] },
      'invalid semaphore with both ConfigMapKeyRef and Database',
    ],
    [{ semaphores: [{ database: { key: '' } }] }, 'Invalid lock key: ResourceName is missing'],
    [{ mutexes: [{ name: '', database: true }] }, 'Invalid lock key: ResourceName is missing'],
  ])('%j is refused', (synchronization, why) => {
    expect(lockItems(synchronization, 'ns')).toEqual({
      problem: `requested configuration is invalid: ${why}`,
    })
  })

  test('who waits is told how many have it, under both of its names', () => {
    const locks = new Locks()
    locks.ask(request('ns/a', ['db:sem/ns/k'], 1))
    expect(locks.ask(request('ns/b', ['db:sem/ns/k'], 1))).toEqual({
      kind: 'waiting',
      lock: 'ns/Database/k',
      message: 'Waiting for ns/Database/k lock (sem/ns/k). Lock status: 1/1',
    })
  })

  test('a limit of none lets nobody in, and an unknown one is an error', () => {
    const locks = new Locks()
    expect(locks.ask(request('ns/a', ['db:sem/ns/k'], undefined))).toEqual({
      kind: 'refused',
      problem: 'failed to initialize semaphore ns/Database/k with limit',
    })
    locks.ask(request('ns/a', ['db:sem/ns/k'], 1))
    locks.setLimit('db:sem/ns/k', 0)
    expect(locks.ask(request('ns/b', ['db:sem/ns/k'], 0))).toMatchObject({
      message: 'Waiting for ns/Database/k lock (sem/ns/k). Lock status: 1/0',
    })
  })

  test('a mutex of the database has one holder, also one that is only remembered', () => {
    const locks = new Locks()
    locks.hold('ns/a', ['db:mtx/ns/k'])
    expect(locks.limitOf('db:mtx/ns/k')).toBe(1)
    expect(locks.ask(request('ns/b', ['db:mtx/ns/k'], 1))).toMatchObject({ kind: 'waiting' })
  })
})
