import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { KubeObject, PatchOp } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { describe, expect, it } from 'vitest'
import type { Delayed } from './delayed.ts'
import { newDirectory } from './directory.fixture.ts'
import type { Change } from './feed.ts'
import type { Key } from './object-version.ts'
import { Store } from './store.ts'
import type { StoreOptions } from './store-options.ts'

const tools = { mount: 'mount', unmount: 'umount' }
const key: Key = { collection: 'things', namespace: 'n', name: 'a' }

function fatal(error: Error): never {
  throw error
}

function open(options: Partial<StoreOptions> = {}): Store {
  return new Store({ fatal, ...options })
}

function thing(name: string, status: object = {}): KubeObject {
  const object = { apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'n', name }, status }
  return object
}

function patch(store: Store, ops: readonly PatchOp[], of = key) {
  return store.edit(of, (draft) => {
    draft.apply(ops)
    return 'keep'
  })
}

const set = (path: string, value: unknown): PatchOp => ({ op: 'add', path, value: value as never })

/** Everything committed in `collection` after a revision. */
async function changesAfter(store: Store, after: number, count: number): Promise<Change[]> {
  const stop = new AbortController()
  const seen: Change[] = []
  const follow = { collection: 'things', after, pick: (change: Change) => change }
  for await (const batch of store.follow(follow, stop.signal)) {
    seen.push(...batch)
    if (seen.length >= count) stop.abort()
  }
  return seen
}

describe('writing', () => {
  it('shows a write to readers only after its commit', async () => {
    const store = open()
    store.create(key, thing('a'))
    expect(store.get(key)).toBeUndefined()
    expect(store.newest(key)?.revision).toBe(1)
    await store.settled()
    expect(store.get(key)?.value.metadata).toEqual({
      namespace: 'n',
      name: 'a',
      resourceVersion: '1',
    })
  })

  it('commits the writes of one turn together, in order', async () => {
    const store = open()
    const commits: number[][] = []
    store.listen((changes) => commits.push(changes.map(({ version }) => version.revision)))
    store.create(key, thing('a'))
    patch(store, [set('/status/x', 1)])
    await Promise.resolve()
    patch(store, [set('/status/x', 2)])
    await store.settled()
    patch(store, [set('/status/x', 3)])
    await store.settled()
    expect(commits).toEqual([[1, 2, 3], [4]])
  })

  it('leaves no trace of a refused edit', async () => {
    const store = open()
    store.create(key, thing('a', { list: [1] }))
    const before = store.newest(key)
    const bad = [set('/status/list/-', 2), { op: 'remove', path: '/status/absent' } as const]
    expect(() => patch(store, bad)).toThrow(StatusError)
    patch(store, [set('/status/list/-', 3)])
    await store.settled()
    expect(before?.value).toMatchObject({ status: { list: [1] } })
    expect(store.get(key)?.value).toMatchObject({ status: { list: [1, 3] } })
    expect(store.revision).toBe(2)
  })

  it('makes no revision of an edit that changes nothing', async () => {
    const store = open()
    store.create(key, thing('a', { x: 1 }))
    patch(store, [set('/status/x', 1)])
    await store.settled()
    expect(store.revision).toBe(1)
  })

  it('recreates an object in the turn that removed it', async () => {
    const store = open()
    store.create(key, thing('a', { life: 1 }))
    await store.settled()
    const changes: string[] = []
    store.listen((heard) =>
      changes.push(...heard.map(({ type, version }) => `${type} ${version.revision}`)),
    )
    store.edit(key, () => 'remove')
    expect(store.create(key, thing('a', { life: 2 }))?.revision).toBe(3)
    expect(store.get(key)?.value).toMatchObject({ status: { life: 1 } })
    await store.settled()
    expect(changes).toEqual(['DELETED 2', 'ADDED 3'])
    expect(store.list('things').map(({ value }) => value)).toMatchObject([{ status: { life: 2 } }])
  })
})

describe('versions', () => {
  it('hands out frozen values that share what did not change', async () => {
    const store = open()
    store.create(key, thing('a', { nodes: { x: { n: 1 }, y: { n: 2 } } }))
    const first = store.newest(key)?.value as never as { status: { nodes: Record<string, object> } }
    patch(store, [set('/status/nodes/x/n', 3)])
    const second = store.newest(key)?.value as unknown as typeof first
    expect(second.status.nodes['y']).toBe(first.status.nodes['y'])
    expect(second.status.nodes['x']).toEqual({ n: 3 })
    expect(first.status.nodes['x']).toEqual({ n: 1 })
    expect(Object.isFrozen(second.status.nodes['x'])).toBe(true)
    expect(Object.isFrozen(second.status.nodes)).toBe(true)
    await store.settled()
  })

  it('keeps every version as it was, whenever it is read', async () => {
    const store = open()
    store.create(key, thing('a', { list: [], map: {} }))
    const versions = Array.from({ length: 50 }, (_, index) =>
      patch(store, [set('/status/list/-', index), set(`/status/map/k${index % 7}`, index)]),
    )
    const order = versions.map((_, index) => (index * 23) % versions.length)
    for (const index of order) {
      const { status } = versions[index]!.value as never as { status: { list: number[] } }
      expect(status.list).toHaveLength(index + 1)
      expect(versions[index]?.value.metadata.resourceVersion).toBe(String(index + 2))
    }
    await store.settled()
  })

  it('survives names that JavaScript finds special', async () => {
    const directory = newDirectory()
    const store = open({ directory })
    store.create(key, thing('a', JSON.parse('{"__proto__": 1, "constructor": {"x": 1}}')))
    patch(store, [set('/status/constructor/__proto__', { y: 2 }), set('/status/toString', 3)])
    const live = JSON.stringify(store.newest(key)?.value)
    expect(live).toContain('"__proto__":{"y":2}')
    await store[Symbol.asyncDispose]()
    const again = open({ directory })
    expect(JSON.stringify(again.get(key)?.value)).toBe(live)
    await again[Symbol.asyncDispose]()
  })
})

describe('following', () => {
  it('reads the past from the log and goes on with the present', async () => {
    const store = open()
    store.create(key, thing('a', { x: 0 }))
    for (let index = 1; index <= 20; index++) {
      patch(store, [set('/status/x', index)])
      if (index % 3 === 0) await store.settled()
    }
    await store.settled()
    const following = changesAfter(store, 5, 18)
    await new Promise(setImmediate)
    patch(store, [set('/status/x', 21)])
    store.edit(key, () => 'remove')
    const changes = await following
    expect(changes.map(({ version }) => version.revision)).toEqual(
      Array.from({ length: 18 }, (_, i) => i + 6),
    )
    expect(
      changes.map(({ version }) => (version.value as never as { status: { x: number } }).status.x),
    ).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 21])
    expect(changes.at(-1)?.type).toBe('DELETED')
  })

  it('refuses a past that the log no longer holds, and still knows everything since', async () => {
    const store = open({ window: { rows: 50, bytes: 1e9 } })
    store.create(key, thing('a', { x: 0 }))
    for (let index = 1; index <= 400; index++) {
      patch(store, [set('/status/x', index)])
      await store.settled()
    }
    await expect(changesAfter(store, 100, 1)).rejects.toMatchObject({ reason: 'Expired' })
    const changes = await changesAfter(store, 351, 50)
    expect(
      changes.map(({ version }) => (version.value as never as { status: object }).status),
    ).toEqual(Array.from({ length: 50 }, (_, index) => ({ x: index + 351 })))
  })

  it('refuses a revision that does not exist yet', async () => {
    await expect(changesAfter(open(), 7, 1)).rejects.toMatchObject({ reason: 'Timeout' })
  })

  it('drops a reader who is too slow, and no one else', async () => {
    const store = open({ backlog: 10 })
    const stop = new AbortController()
    const follow = { collection: 'things', pick: (change: Change) => change }
    const slow = store.follow(follow, stop.signal)
    const first = slow.next()
    await new Promise(setImmediate)
    for (let index = 0; index < 30; index++) {
      store.create({ ...key, name: `t${index}` }, thing(`t${index}`))
      await store.settled()
    }
    expect((await first).value).toHaveLength(1)
    await expect(slow.next()).rejects.toMatchObject({ reason: 'Expired' })
  })
})

describe('compaction', () => {
  it('keeps the file bounded, and every live object', async () => {
    const directory = newDirectory()
    const store = open({ directory, window: { rows: 100, bytes: 1e9 } })
    const old = { ...key, name: 'old' }
    store.create(old, thing('old', { untouched: true }))
    for (let index = 0; index < 300; index++) {
      const name = `t${index % 5}`
      const place = { ...key, name }
      if (!store.create(place, thing(name, { index }))) {
        if (index % 4 === 0) store.edit(place, () => 'remove')
        else patch(store, [set('/status/index', index)], place)
      }
      if (index % 2 === 0) await store.settled()
    }
    await store.settled()
    const live = store.list('things').map(({ value }) => value)
    await store[Symbol.asyncDispose]()
    const database = new DatabaseSync(join(directory, 'store.db'))
    const { rows } = database.prepare('SELECT count(*) AS rows FROM log').get() as { rows: number }
    database.close()
    expect(rows).toBeLessThan(150)
    const again = open({ directory })
    expect(again.list('things').map(({ value }) => value)).toEqual(live)
    await again[Symbol.asyncDispose]()
  })

  it('never gives out a revision again, even when all rows are gone', async () => {
    const directory = newDirectory()
    const window = { rows: 0, bytes: 0 }
    const store = open({ directory, window })
    store.create(key, thing('a'))
    store.edit(key, () => 'remove')
    await store[Symbol.asyncDispose]()
    const again = open({ directory, window })
    expect(again.revision).toBe(2)
    expect(again.create(key, thing('a'))?.revision).toBe(3)
    await again[Symbol.asyncDispose]()
  })
})

describe('the data directory', () => {
  it('belongs to one process', async () => {
    const directory = newDirectory()
    const store = open({ directory })
    expect(() => open({ directory })).toThrow(/in use by another process/)
    await store[Symbol.asyncDispose]()
    await open({ directory })[Symbol.asyncDispose]()
  })

  it('is refused when a newer version wrote it', async () => {
    const directory = newDirectory()
    await open({ directory })[Symbol.asyncDispose]()
    const database = new DatabaseSync(join(directory, 'store.db'))
    database.exec('PRAGMA user_version = 999')
    database.close()
    expect(() => open({ directory })).toThrow(/newer version/)
  })
})

describe('a full disk', () => {
  it('ends the process before anyone is told that a write was done', async () => {
    await fillUp(newDirectory(), 100_000)
  })

  it('does so on a real full disk', async (test) => {
    const directory = newDirectory()
    const mounted = spawnSync(tools.mount, ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', directory])
    test.skip(mounted.status !== 0, 'only root can make a small disk')
    try {
      await fillUp(directory, 1e9)
    } finally {
      spawnSync(tools.unmount, [directory])
    }
  })

  it('is waited for by who asks for it: nothing of what came meanwhile is lost, or told too early', async () => {
    const directory = newDirectory()
    const delayed: Delayed[] = []
    const onFull = (commit: Delayed) => void delayed.push(commit)
    // Small enough a window that the past is dropped in the same transactions.
    const window = { rows: 2, bytes: 2 ** 20 }
    const store = open({ directory, onFull, window })
    store.limit(100_000)
    store.create(key, thing('a', { n: 1 }))
    await store.settled()
    const heard: number[] = []
    store.listen((changes) => heard.push(...changes.map(({ version }) => version.revision)))
    store.create({ ...key, name: 'big' }, thing('big', { filler: 'x'.repeat(200_000) }))
    let told = false
    const settled = store.settled().then(() => {
      told = true
    })
    for (const n of [2, 3, 4]) {
      patch(store, [set('/status/n', n)])
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([delayed.length, heard, told]).toEqual([1, [], false])
    delayed[0]?.again()
    expect([delayed.length, heard, told]).toEqual([2, [], false])
    store.limit(1e9)
    delayed[1]?.again()
    await settled
    expect(heard).toEqual([2, 3, 4, 5])
    patch(store, [set('/status/n', 5)])
    await store.settled()
    await store[Symbol.asyncDispose]()
    const again = open({ directory, window })
    expect(again.get(key)?.value).toMatchObject({ status: { n: 5 } })
    expect(again.get({ ...key, name: 'big' })?.revision).toBe(2)
    expect(again.revision).toBe(6)
    await again[Symbol.asyncDispose]()
  })

  it('fails for good when nobody waits for it any longer', async () => {
    const delayed: Delayed[] = []
    const failures: Error[] = []
    const store = open({
      directory: newDirectory(),
      onFull: (commit) => delayed.push(commit),
      fatal: (error) => failures.push(error),
    })
    store.limit(100_000)
    store.create({ ...key, name: 'big' }, thing('big', { filler: 'x'.repeat(200_000) }))
    const settled = store.settled()
    await new Promise((resolve) => setImmediate(resolve))
    delayed[0]?.giveUp()
    await expect(settled).rejects.toMatchObject({ reason: 'InternalError' })
    expect(failures).toHaveLength(1)
    await store[Symbol.asyncDispose]()
  })

  async function fillUp(directory: string, maxBytes: number): Promise<void> {
    const failures: Error[] = []
    const store = open({ directory, fatal: (error) => failures.push(error) })
    store.limit(maxBytes)
    store.create(key, thing('a', { n: 1 }))
    await store.settled()
    const heard: Change[] = []
    store.listen((changes) => heard.push(...changes))
    store.create({ ...key, name: 'big' }, thing('big', { filler: 'x'.repeat(200_000) }))
    patch(store, [set('/status/n', 2)])
    await expect(store.settled()).rejects.toMatchObject({ reason: 'InternalError' })
    expect(failures.map(({ message }) => message)).toEqual([
      'the store could not commit: database or disk is full',
    ])
    expect(heard).toEqual([])
    expect(() => store.create({ ...key, name: 'late' }, thing('late'))).toThrow(/could not commit/)
    expect(store.get(key)?.value).toMatchObject({ status: { n: 1 } })
    await store[Symbol.asyncDispose]()
    const again = open({ directory })
    expect(again.list('things').map(({ value }) => value)).toMatchObject([{ status: { n: 1 } }])
    expect(again.revision).toBe(1)
    await again[Symbol.asyncDispose]()
  }
})
