import type { KubeObject } from '@argosy/engine'
import type { Client, ListQuery, WatchEvent } from './client.ts'
import type { Clock } from './clock.ts'
import { objectKey } from './controller.ts'
import { StatusError } from './status-error.ts'

/** One object as the informer last heard of it; `object` may be built on first use. */
export interface Entry<T> {
  readonly namespace: string
  readonly name: string
  readonly resourceVersion: string
  readonly object: T
}

export interface InformerChange<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** As `objectKey` makes it. */
  readonly key: string
  readonly entry: Entry<T>
  readonly before: Entry<T> | undefined
}

export interface InformerOptions<T> {
  readonly client: Client
  readonly query: Omit<ListQuery, 'limit' | 'continue'>
  readonly clock: Clock
  /** Lists page by page, for servers that are far away. */
  readonly pageSize?: number
  /** Named ways to find objects; each builds every object it is asked about. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>
  /** Called after the index has changed, with what arrived together. */
  readonly onBatch?: (changes: readonly InformerChange<T>[]) => void
  readonly onError?: (error: unknown) => void
}

const minBackoffMs = 100
const maxBackoffMs = 30_000

/**
 * All objects of a query, kept up to date by list and watch. After any gap (an expired version, a lost connection) it
 * lists again and reports the difference, so that handlers see a consistent story; states in between may be skipped.
 */
export class Informer<T extends KubeObject> {
  readonly #options: InformerOptions<T>
  readonly #entries = new Map<string, Entry<T>>()
  readonly #indexes = new Map<string, Map<string, Set<string>>>()
  readonly #places = new Map<string, readonly (readonly [string, readonly string[]])[]>()
  readonly #listed: Promise<void>
  #markListed = () => {}
  #resourceVersion: string | undefined
  #failures = 0

  constructor(options: InformerOptions<T>) {
    this.#options = options
    this.#listed = new Promise((resolve) => {
      this.#markListed = resolve
    })
    for (const name of Object.keys(options.indexes ?? {})) this.#indexes.set(name, new Map())
  }

  /** Resolves when the first list has arrived. */
  get listed(): Promise<void> {
    return this.#listed
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.object
  }

  entries(): IterableIterator<Entry<T>> {
    return this.#entries.values()
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys()
  }

  /** The objects that an index files under `value`. */
  by(index: string, value: string): T[] {
    const keys = this.#indexes.get(index)?.get(value) ?? []
    return [...keys].flatMap((key) => this.get(key) ?? [])
  }

  /** Lists and watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listOnce(signal)
        await this.#watch(signal)
      } catch (error) {
        if (signal.aborted) return
        await this.#recover(error, signal)
      }
    }
  }

  async #listOnce(signal: AbortSignal): Promise<void> {
    if (this.#resourceVersion !== undefined) return
    const { client, query, pageSize } = this.#options
    const paging = pageSize === undefined ? {} : { limit: pageSize }
    const found = new Map<string, Entry<T>>()
    let page = await client.list<T>({ ...query, ...paging }, signal)
    const { resourceVersion } = page
    for (;;) {
      for (const object of page.items) {
        const entry = entryOf(object)
        found.set(objectKey(entry.namespace, entry.name), entry)
      }
      if (page.continue === undefined || page.continue === '') break
      page = await client.list<T>({ ...query, ...paging, continue: page.continue }, signal)
    }
    this.#resourceVersion = resourceVersion
    this.#report(this.#difference(found))
    this.#markListed()
  }

  #difference(found: ReadonlyMap<string, Entry<T>>): InformerChange<T>[] {
    const changes: InformerChange<T>[] = []
    for (const [key, before] of this.#entries) {
      if (!found.has(key)) changes.push({ type: 'DELETED', key, entry: before, before })
    }
    for (const [key, entry] of found) {
      const before = this.#entries.get(key)
      if (before?.resourceVersion === entry.resourceVersion) continue
      changes.push({ type: before ? 'MODIFIED' : 'ADDED', key, entry, before })
    }
    return changes
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, query } = this.#options
    const from = { ...query, resourceVersion: this.#resourceVersion ?? '' }
    let heard = false
    for await (const batch of client.watch<T>(from, signal)) {
      heard = true
      this.#failures = 0
      this.#report(batch.flatMap((event) => this.#changeOf(event) ?? []))
      this.#resourceVersion = batch.at(-1)?.resourceVersion ?? this.#resourceVersion
    }
    // A server that hangs up without a word is not asked again at once.
    if (!heard) await this.#pause(signal)
  }

  #changeOf(event: WatchEvent<T>): InformerChange<T> | undefined {
    if (event.type === 'BOOKMARK') return undefined
    const key = objectKey(event.namespace, event.name)
    return { type: event.type, key, entry: event, before: undefined }
  }

  #report(changes: readonly InformerChange<T>[]): void {
    const told = changes.flatMap((change) => this.#take(change) ?? [])
    if (told.length > 0) this.#options.onBatch?.(told)
  }

  /** After a list some news is old: what counts is what this index knew. */
  #take(change: InformerChange<T>): InformerChange<T> | undefined {
    const before = this.#entries.get(change.key)
    const isGone = change.type === 'DELETED'
    if (isGone ? !before : before?.resourceVersion === change.entry.resourceVersion)
      return undefined
    this.#enter(change)
    if (isGone) return { ...change, before }
    return { ...change, type: before ? 'MODIFIED' : 'ADDED', before }
  }

  #enter({ type, key, entry }: InformerChange<T>): void {
    for (const [index, values] of this.#places.get(key) ?? []) {
      for (const value of values) this.#unfile(index, value, key)
    }
    this.#places.delete(key)
    if (type === 'DELETED') this.#entries.delete(key)
    else {
      this.#entries.set(key, entry)
      this.#file(key, entry)
    }
  }

  #file(key: string, entry: Entry<T>): void {
    if (this.#indexes.size === 0) return
    const places = Object.entries(this.#options.indexes ?? {}).map(
      ([index, valuesOf]) => [index, valuesOf(entry.object)] as const,
    )
    this.#places.set(key, places)
    for (const [index, values] of places) {
      const filed = this.#indexes.get(index)
      for (const value of values) filed?.set(value, (filed.get(value) ?? new Set()).add(key))
    }
  }

  #unfile(index: string, value: string, key: string): void {
    const filed = this.#indexes.get(index)
    const keys = filed?.get(value)
    keys?.delete(key)
    if (keys?.size === 0) filed?.delete(value)
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const expired =
      error instanceof StatusError && (error.reason === 'Expired' || error.reason === 'Gone')
    if (expired) this.#resourceVersion = undefined
    else this.#options.onError?.(error)
    if (expired && this.#failures === 0) this.#failures = 1
    else await this.#pause(signal)
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const pause = Math.min(minBackoffMs * 2 ** this.#failures, maxBackoffMs)
    this.#failures += 1
    await clock.until(clock.now() + pause, signal).catch(() => undefined)
  }
}

function entryOf<T extends KubeObject>(object: T): Entry<T> {
  const { namespace = '', name = '', resourceVersion = '' } = object.metadata
  return { namespace, name, resourceVersion, object }
}
