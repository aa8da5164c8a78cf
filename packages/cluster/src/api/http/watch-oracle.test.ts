import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { inDefault, testApi } from './api.fixture.ts'

const api = testApi()

const path = `${inDefault}/configmaps`
const merge = 'application/merge-patch+json'

interface Told {
  readonly type: string
  readonly object: { readonly metadata: Metadata; readonly data?: object; readonly code?: number }
}

interface Metadata {
  readonly name: string
  readonly resourceVersion: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** What one client knows, as an informer would keep it, and what is wrong with how it was told. */
class Cache {
  readonly objects = new Map<string, unknown>()
  readonly heard: number[] = []
  readonly faults: string[] = []
  /** How many come first in no order of their own: what was there already. */
  #initial: number

  constructor(initial = 0) {
    this.#initial = initial
  }

  apply({ type, object }: Told): void {
    const { name, resourceVersion } = object.metadata
    const version = Number(resourceVersion)
    if (type === 'ERROR') this.faults.push(`error ${object.code}`)
    if (type === 'ERROR' || type === 'BOOKMARK') return
    const isKnown = this.objects.has(name)
    const isInitial = this.#initial-- > 0
    if (!isInitial && version <= this.version) this.faults.push(`${type} ${name} out of order`)
    if ((type === 'ADDED') === isKnown) this.faults.push(`${type} ${name}, known: ${isKnown}`)
    this.heard.push(version)
    if (type === 'DELETED') this.objects.delete(name)
    else this.objects.set(name, object)
  }

  /** Takes a list as the truth of now. */
  replace(items: readonly Told['object'][], version: number): void {
    this.objects.clear()
    for (const item of items) this.objects.set(item.metadata.name, item)
    this.heard.push(version)
  }

  get version(): number {
    return Math.max(0, ...this.heard.slice(-20))
  }
}

/** A stream of events, read into a cache until it is closed. */
class Follower {
  readonly cache: Cache
  readonly #stop = new AbortController()
  readonly #done: Promise<void>

  constructor(response: IncomingMessage, cache: Cache, stop: AbortController) {
    this.cache = cache
    this.#stop = stop
    this.#done = this.#read(response).catch(() => undefined)
  }

  static async open(query: string, cache = new Cache()): Promise<Follower> {
    const stop = new AbortController()
    return new Follower(await api.open(`${path}?${query}`, {}, stop.signal), cache, stop)
  }

  async #read(response: IncomingMessage): Promise<void> {
    let rest = ''
    for await (const chunk of response) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.cache.apply(JSON.parse(line) as Told)
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#done
  }
}

/** Numbers that are the same in every run. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Creates, changes, relabels and deletes without order. Resolves to the versions of what was done. */
async function write(pick: (below: number) => number, count: number): Promise<readonly number[]> {
  const done: number[] = []
  for (let index = 0; index < count; index++) {
    const name = `object-${pick(12)}`
    const labels = { tier: pick(2) === 0 ? 'web' : 'db' }
    const metadata = { name, labels }
    const one = `${path}/${name}`
    const acts = [
      () => api.ask(path, { method: 'POST', body: { metadata, data: { at: String(index) } } }),
      () => api.ask(one, { method: 'PATCH', type: merge, body: { metadata: { labels } } }),
      () => api.ask(one, { method: 'PATCH', type: merge, body: { data: { at: String(index) } } }),
      () => api.ask(one, { method: 'DELETE' }),
    ]
    const { code, json } = (await acts[pick(acts.length)]?.()) ?? { code: 0, json: {} }
    const { metadata: written } = json as unknown as Partial<Told['object']>
    if (code === 200 || code === 201) done.push(Number(written?.resourceVersion ?? 0))
  }
  return done.filter((version) => version > 0)
}

async function listed(query = '') {
  const { json } = await api.ask(`${path}?${query}`)
  const { items, metadata } = json as unknown as {
    items: readonly Told['object'][]
    metadata: { resourceVersion: string }
  }
  const typed = items.map((item) => ({ apiVersion: 'v1', kind: 'ConfigMap', ...item }))
  return { items: typed, version: Number(metadata.resourceVersion) }
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** A last write that everybody can wait for. */
async function last(labels: object): Promise<number> {
  const name = `last-${api.store.revision}`
  const { json } = await api.ask(path, { method: 'POST', body: { metadata: { name, labels } } })
  return Number((json as unknown as Told['object']).metadata.resourceVersion)
}

describe('what watchers know, against what is there', () => {
  it.each([1, 2, 3])(
    'random writers: every cache ends as the list does (seed %i)',
    async (seed) => {
      const pick = chance(seed)
      const before = await listed()
      const fromStart = async (query = '') =>
        Follower.open(`watch=1&${query}`, new Cache((await listed(query)).items.length))
      const all = await fromStart()
      const web = await fromStart('labelSelector=tier%3Dweb')
      const one = await fromStart('fieldSelector=metadata.name%3Dobject-3')
      const resumed = new Cache()
      resumed.replace(before.items, before.version)
      const drops = (async () => {
        for (let count = 0; count < 8; count++) {
          const follower = await Follower.open(
            `watch=1&resourceVersion=${resumed.version}&allowWatchBookmarks=true`,
            resumed,
          )
          const until = resumed.heard.length + 5
          for (let waits = 0; waits < 2000 && resumed.heard.length < until; waits++)
            await new Promise<void>((resolve) => setImmediate(resolve))
          await follower.close()
        }
      })()
      const writers = [4, 5, 6, 7].map((more) => write(chance(seed * 100 + more), 60))
      const late = await (async () => {
        await writers[pick(2)]
        const { items, version } = await listed('labelSelector=tier%3Ddb')
        const cache = new Cache()
        cache.replace(items, version)
        return Follower.open(`watch=1&labelSelector=tier%3Ddb&resourceVersion=${version}`, cache)
      })()
      await Promise.all(writers)
      await drops
      const rest = await Follower.open(`watch=1&resourceVersion=${resumed.version}`, resumed)
      const ends = [await last({ tier: 'web' }), await last({ tier: 'db' })]
      await until(
        () => all.cache.version >= Math.max(...ends) && resumed.version >= Math.max(...ends),
      )
      await until(() => web.cache.version >= (ends[0] ?? 0) && late.cache.version >= (ends[1] ?? 0))
      const known = ({ cache }: Follower) => [...cache.objects].sort(([a], [b]) => (a < b ? -1 : 1))
      const there = async (query = '') =>
        (await listed(query)).items.map((item) => [item.metadata.name, item])
      expect(known(all)).toEqual(await there())
      expect(known(rest)).toEqual(await there())
      expect(known(web)).toEqual(await there('labelSelector=tier%3Dweb'))
      expect(known(late)).toEqual(await there('labelSelector=tier%3Ddb'))
      expect(known(one)).toEqual(await there('fieldSelector=metadata.name%3Dobject-3'))
      for (const follower of [all, web, one, late, rest]) {
        expect(follower.cache.faults).toEqual([])
        await follower.close()
      }
    },
  )

  it('two hundred watchers of a busy resource hear of everything, once and in order', async () => {
    const from = (await listed()).version
    const followers = await Promise.all(
      Array.from({ length: 200 }, () => Follower.open(`watch=1&resourceVersion=${from}`)),
    )
    const names = Array.from({ length: 60 }, (_, index) => `busy-${index}`)
    const made = await Promise.all(
      names.map((name) => api.ask(path, { method: 'POST', body: { metadata: { name } } })),
    )
    const wanted = made
      .map(({ json }) => Number((json as unknown as Told['object']).metadata.resourceVersion))
      .sort((a, b) => a - b)
    await until(() => followers.every(({ cache }) => cache.heard.length >= wanted.length))
    for (const { cache } of followers) {
      expect(cache.heard).toEqual(wanted)
      expect(cache.faults).toEqual([])
    }
    await Promise.all(followers.map((follower) => follower.close()))
  })

  it('who does not read holds up nobody, and is told when he has missed too much', async () => {
    const from = (await listed()).version
    const stop = new AbortController()
    const query = `watch=1&resourceVersion=${from}`
    const sleeper = await api.open(`${path}?${query}`, {}, stop.signal)
    sleeper.pause()
    const quick = await Follower.open(query)
    await api.ask(path, {
      method: 'POST',
      body: { metadata: { name: 'big' }, data: { text: 'x'.repeat(200_000) } },
    })
    const changes = 300
    for (let index = 1; index <= changes; index += 20) {
      const twenty = Array.from({ length: 20 }, (_, more) => String(index + more))
      await Promise.all(
        twenty.map((at) =>
          api.ask(`${path}/big`, { method: 'PATCH', type: merge, body: { data: { at } } }),
        ),
      )
    }
    await until(() => quick.cache.heard.length === changes + 1)
    expect(quick.cache.faults).toEqual([])
    await quick.close()
    const cache = new Cache()
    const awake = new Follower(sleeper, cache, stop)
    await until(() => cache.heard.length === changes + 1 || cache.faults.length > 0)
    // He hears all that happened, or that he has to list again; never a part of it as if it were all.
    if (cache.faults.length > 0) expect(cache.faults).toEqual(['error 410'])
    else expect(cache.heard).toEqual(cache.heard.toSorted((a, b) => a - b))
    await awake.close()
  })
})
