import type { KubeObject } from '@argosy/engine'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newDirectory } from './directory.fixture.ts'
import type { Change } from './feed.ts'
import type { Sync } from './log.ts'
import { Store } from './store.ts'

const collection = 'things'

describe('who hears early', () => {
  it('hears of a write before its commit, and its answer shares that commit', async () => {
    const { store, commits } = opened()
    const stop = new AbortController()
    const answered = new Promise<void>((resolve) => {
      void follow(store, { early: true }, stop.signal, ({ version }) => {
        if (version.name !== 'question') return
        expect(store.get(version.key)).toBeUndefined()
        // As a controller does: it gathers what it hears, and answers in a turn of its own.
        setImmediate(() => {
          write(store, 'answer')
          resolve()
        })
      })
    })
    await turn()
    write(store, 'question')
    await answered
    await store.settled()
    expect(commits).toEqual([['question', 'answer']])
    stop.abort()
  })

  it('keeps nobody waiting who follows something else', async () => {
    const { store, commits } = opened()
    const stop = new AbortController()
    void follow(store, { early: true }, stop.signal, () => undefined)
    await turn()
    store.create({ collection: 'others', namespace: 'n', name: 'a' }, thing('a'))
    await turn()
    expect(commits).toEqual([['a']])
    stop.abort()
  })

  it('hears, joining late, of what waits for its commit, once', async () => {
    const disk = heldDisk()
    const { store } = opened(disk.sync)
    write(store, 'a')
    await store.settled()
    disk.hold()
    write(store, 'b')
    await turn()
    write(store, 'c')
    const stop = new AbortController()
    const heard: string[] = []
    void follow(store, { early: true, after: 1 }, stop.signal, ({ version }) =>
      heard.push(`${version.name} ${version.revision}`),
    )
    await turn()
    expect(heard).toEqual(['b 2', 'c 3'])
    disk.release()
    write(store, 'd')
    await store.settled()
    expect(heard).toEqual(['b 2', 'c 3', 'd 4'])
    stop.abort()
  })

  it('may begin after a revision that is not committed yet, and not after one that nobody has written', async () => {
    const disk = heldDisk()
    const { store } = opened(disk.sync)
    disk.hold()
    write(store, 'a')
    const heard: string[] = []
    const stop = new AbortController()
    void follow(store, { early: true, after: 1 }, stop.signal, ({ version }) =>
      heard.push(version.name),
    )
    write(store, 'b')
    await turn()
    await turn()
    expect(heard).toEqual(['b'])
    stop.abort()
    const future = follow(store, { early: true, after: 3 }, stop.signal, () => undefined)
    await expect(future).rejects.toMatchObject({ reason: 'Timeout' })
    disk.release()
  })

  it('hears the same story as who hears late, however writes and commits fall', async () => {
    const step = fc.constantFrom<Step[]>('write', 'remove', 'turn', 'hold', 'release')
    const name = fc.constantFrom('a', 'b', 'c')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, name), { maxLength: 40 }), async (steps) => {
        const [early, late, revision] = await storiesOf(steps)
        expect(early).toEqual(late)
        expect(late).toHaveLength(revision)
      }),
    )
  })
})

type Step = 'write' | 'remove' | 'turn' | 'hold' | 'release'

/** What an early and a late follower hear, and how much was written. */
async function storiesOf(steps: readonly (readonly [Step, string])[]) {
  const disk = heldDisk()
  const { store } = opened(disk.sync)
  const stop = new AbortController()
  const [early, late]: [string[], string[]] = [[], []]
  const into =
    (story: string[]) =>
    ({ type, version: { name, revision } }: Change) =>
      story.push(`${type} ${name} ${revision}`)
  const ends = [
    follow(store, { early: true, after: 0 }, stop.signal, into(early)),
    follow(store, { after: 0 }, stop.signal, into(late)),
  ]
  const moves: Record<Step, (name: string) => unknown> = {
    ...{ write: (name) => write(store, name), turn, hold: disk.hold, release: disk.release },
    remove: (name) => store.edit(keyOf(name), () => 'remove'),
  }
  for (const [step, name] of steps) await moves[step](name)
  disk.release()
  await store.settled()
  await turn()
  stop.abort()
  await Promise.all(ends)
  await store[Symbol.asyncDispose]()
  return [early, late, store.revision] as const
}

function opened(sync?: Sync) {
  // What is in memory only waits for no disk.
  const directory = sync && newDirectory()
  const store = new Store({
    ...(sync && { sync }),
    ...(directory !== undefined && { directory }),
    fatal: (error) => {
      throw error
    },
  })
  const commits: string[][] = []
  store.listen((changes) => commits.push(changes.map(({ version }) => version.name)))
  return { store, commits }
}

function keyOf(name: string) {
  return { collection, namespace: 'n', name }
}

function thing(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'n', name } }
}

let count = 0

/** Creates it, or changes it. */
function write(store: Store, name: string): void {
  count += 1
  if (store.create(keyOf(name), thing(name))) return
  store.edit(keyOf(name), (draft) => {
    draft.apply([{ op: 'add', path: '/count', value: count }])
    return 'keep'
  })
}

async function follow(
  store: Store,
  { early, after }: { readonly early?: boolean; readonly after?: number },
  signal: AbortSignal,
  hear: (change: Change) => void,
): Promise<void> {
  const query = { collection, early, after, pick: (change: Change) => change }
  for await (const batch of store.follow(query, signal)) for (const change of batch) hear(change)
}

async function turn(): Promise<void> {
  for (let round = 0; round < 4; round++) await new Promise((resolve) => setImmediate(resolve))
}

/** A disk that answers when it is let. */
function heldDisk() {
  let held = false
  const waiting: (() => void)[] = []
  const sync: Sync = (_, done) => {
    if (held) waiting.push(() => done(null))
    else setImmediate(() => done(null))
  }
  return {
    sync,
    hold: () => {
      held = true
    },
    release: () => {
      held = false
      for (const done of waiting.splice(0)) done()
    },
  }
}
