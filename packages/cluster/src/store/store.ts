import type { JsonObject, KubeObject, PatchOp } from '@argosy/engine'
import { Draft, deepFreeze, elapsedMs, StatusError } from '@argosy/kube'
import { Audience, type Follow } from './audience.ts'
import { type Batch, newBatch } from './batch.ts'
import { Collection } from './collection.ts'
import { Compactor } from './compactor.ts'
import { isFull } from './delayed.ts'
import { added, type Change, changeOf } from './feed.ts'
import { History } from './history.ts'
import { lockDirectory } from './lock.ts'
import { Log, type RowKind, rowKind } from './log.ts'
import { type Key, ObjectVersion, stamped } from './object-version.ts'
import { recover } from './recover.ts'
import type { Slot } from './slot.ts'
import type { StoreOptions } from './store-options.ts'
import { WarmSlots } from './warm-slots.ts'
import { writeRows } from './write-rows.ts'

/** How many revisions of the past are read at once. */
const pastStep = 2_000

/** What an edit makes of an object: `keep` it as changed, or `remove` it. */
export type Verdict = 'keep' | 'remove'

/**
 * How many times its own size an object's patches may reach before it is written whole again. More costs recovery, which
 * reads them all; less costs every growing object: at 1 a node of 50,000 was written three times over.
 */
const patchesPerSnapshot = 4

/**
 * All objects: an append-only log of revisions on disk, and the newest versions in memory.
 *
 * 1. A write is decided against the newest version, committed or not, at the moment it is called: no write is lost.
 * 2. All writes of one turn of the event loop share one transaction and one sync; what comes during a sync shares the next.
 * 3. Readers see, and followers hear of, committed versions only; revisions are heard in order, without gap or repeat.
 * 4. Who asks to hear early hears of them before; what it writes in answer is committed together with them or later.
 */
export class Store {
  readonly #log: Log
  readonly #lock: { close(): void } | undefined
  readonly #options: StoreOptions
  readonly #audience: Audience
  readonly #listeners = new Set<(changes: readonly Change[]) => void>()
  readonly #witnesses = new Set<(key: Key) => void>()
  readonly #collections: Map<string, Collection>
  readonly #compactor: Compactor
  readonly #warm = new WarmSlots()
  #submitted: number
  #committed: number
  #batch: Batch | undefined
  /** Written, and not durable yet. */
  #syncing: Batch | undefined
  /** Durable, and nobody has been told. */
  readonly #durable: Batch[] = []
  /** The disk was full: somebody else says when to try again. */
  #isDelayed = false
  #failure: Error | undefined
  #isClosed = false

  constructor(options: StoreOptions) {
    this.#options = options
    this.#audience = new Audience(options.backlog ?? 10_000)
    this.#lock = options.directory === undefined ? undefined : lockDirectory(options.directory)
    this.#log = new Log(options.directory, options.sync)
    const found = recover(this.#log)
    this.#collections = found.collections
    this.#compactor = new Compactor(this.#log, options.window ?? { rows: 100_000, bytes: 2 ** 27 })
    // A compacted deletion may have been the newest row: its revision is never given out again.
    this.#committed = Math.max(found.revision, this.#compactor.horizon)
    this.#submitted = this.#committed
  }

  /** The newest committed revision of all. */
  get revision(): number {
    return this.#committed
  }

  get closed(): boolean {
    return this.#isClosed
  }

  /** The committed version. */
  get(key: Key): ObjectVersion | undefined {
    return this.#slot(key)?.committed
  }

  /** The newest version, which may not be committed yet. */
  newest(key: Key): ObjectVersion | undefined {
    const newest = this.#slot(key)?.newest
    return newest?.deleted ? undefined : newest
  }

  /** The committed versions of a collection, ordered by namespace and name. */
  list(collection: string): ObjectVersion[] {
    return this.#collections.get(collection)?.list() ?? []
  }

  /** Those with that label, in the same order; what it costs depends on how many there are. */
  labelled(collection: string, label: string, value: string): ObjectVersion[] {
    return this.#collections.get(collection)?.labelled(label, value) ?? []
  }

  /** The newest versions of a collection, committed or not, in no order. */
  newestIn(collection: string): Iterable<ObjectVersion> {
    return this.#collections.get(collection)?.newest() ?? []
  }

  collections(): string[] {
    return [...this.#collections.keys()]
  }

  /** Submits a new object; undefined when there is one already. */
  create(key: Key, object: KubeObject): ObjectVersion | undefined {
    const slot = this.#slotFor(key)
    if (slot.newest && !slot.newest.deleted) return undefined
    const revision = this.#next()
    const metadata = { ...object.metadata, resourceVersion: String(revision) }
    const version = ObjectVersion.of(slot.key, revision, deepFreeze({ ...object, metadata }))
    const body = JSON.stringify(version.value)
    slot.draft = undefined
    slot.snapshotBytes = body.length
    slot.deltaBytes = 0
    slot.chainBytes = 0
    this.#submit(slot, version, rowKind.create, body)
    return version
  }

  /** What is written of an object that was created in this turn and last of all: its whole text. */
  textOf({ revision }: ObjectVersion): string | undefined {
    const row = this.#batch?.rows.at(-1)
    return row?.revision === revision && row.kind === rowKind.create ? row.body : undefined
  }

  /**
   * Submits a change: `edit` changes the draft and may throw, which leaves no trace. While it runs, the version's value
   * must not be read: the draft's root is the value. Undefined when there is no such object.
   */
  edit(
    key: Key,
    edit: (draft: Draft, before: ObjectVersion) => Verdict,
  ): ObjectVersion | undefined {
    const slot = this.#slot(key)
    const before = slot?.newest
    if (!slot || !before || before.deleted) return undefined
    slot.draft ??= new Draft(before.value as unknown as JsonObject)
    const draft = slot.draft
    before.detach()
    try {
      const verdict = edit(draft, before)
      if (verdict === 'keep' && draft.changes.length === 0) return before
      return this.#change(slot, draft, verdict)
    } catch (error) {
      draft.rollback()
      throw error
    } finally {
      if (slot.newest === before) before.attach(draft)
    }
  }

  /** Resolves when everything submitted so far is committed. */
  settled(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    return (this.#batch ?? this.#syncing)?.done ?? Promise.resolve()
  }

  /**
   * Follows a collection. Without `after`: from now, with the versions of now first, as additions. A batch is its
   * reader's until it asks for the next one.
   * Throws `Expired` when `after` is older than the log, and when the reader falls too far behind.
   */
  async *follow<T>(query: Follow<T>, signal: AbortSignal): AsyncGenerator<readonly T[]> {
    const { collection, pick } = query
    if (query.after === undefined) {
      const first = this.list(collection).map((version) => pick(added(version)))
      const follower = this.#join(query, this.#committed)
      yield* batches(first)
      yield* follower.read(signal)
      return
    }
    const newest = query.early === true ? this.#submitted : this.#committed
    if (query.after > newest) throw fromTheFuture(query.after, newest)
    const history = new History(this.#log, (key) => this.get(key))
    let position = query.after
    while (position < this.#committed && !signal.aborted) {
      const upTo = Math.min(position + pastStep, this.#committed)
      const past = this.#past(history, collection, { after: position, upTo })
      position = upTo
      yield* batches(past.map(pick))
    }
    // Nothing is awaited between the last look and the first word of the feed: no commit can slip through.
    yield* this.#join(query, position).read(signal)
  }

  /** Calls `listener` after each commit, at once: it must be quick and must not throw. */
  listen(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls `witness` with the place of each write when it is submitted, at once: it must be quick, read nothing, not throw. */
  witness(witness: (key: Key) => void): void {
    this.#witnesses.add(witness)
  }

  /** The file may not outgrow this: a commit beyond it fails as on a full disk. */
  limit(bytes: number): void {
    this.#log.limit(bytes)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Who listens may have answered with a write.
    while (this.#batch ?? this.#syncing) await this.settled().catch(() => undefined)
    this.#isClosed = true
    this.#audience.close()
    this.#log.close()
    this.#lock?.close()
  }

  /** `after` is at least what is committed: beyond it is only what is on its way. */
  #join<T>(query: Follow<T>, after: number) {
    const waiting = [this.#syncing, this.#batch].flatMap((batch) => batch?.changes ?? [])
    return this.#audience.join(query, after, waiting)
  }

  #past(history: History, collection: string, { after, upTo }: { after: number; upTo: number }) {
    const { horizon } = this.#compactor
    if (after >= horizon) return history.read(collection, after, upTo)
    throw new StatusError('Expired', `too old resource version: ${after} (${horizon})`)
  }

  #slot(key: Key): Slot | undefined {
    return this.#collections.get(key.collection)?.get(key)
  }

  #slotFor(key: Key): Slot {
    const known = this.#collections.get(key.collection)
    if (known) return known.slotFor(key)
    const slots = new Collection()
    this.#collections.set(key.collection, slots)
    return slots.slotFor(key)
  }

  #next(): number {
    if (this.#failure) throw this.#failure
    if (this.#isClosed) throw new StatusError('ServiceUnavailable', 'the store is closed')
    return this.#submitted + 1
  }

  #change(slot: Slot, draft: Draft, verdict: Verdict): ObjectVersion {
    const before = slot.newest as ObjectVersion
    const revision = this.#next()
    const ops = draft.take()
    const root = draft.root as JsonObject
    const metadata = stamped(root['metadata'] as JsonObject, revision)
    draft.assign('metadata', metadata as JsonObject)
    const deleted = verdict === 'remove'
    const version = ObjectVersion.after(before, ops, { revision, metadata, deleted })
    version.attach(draft)
    this.#record(slot, version, ops)
    if (deleted) slot.draft = undefined
    return version
  }

  #record(slot: Slot, version: ObjectVersion, ops: readonly PatchOp[]): void {
    const delta = JSON.stringify(ops)
    slot.deltaBytes += delta.length
    slot.chainBytes += delta.length
    if (version.deleted) this.#submit(slot, version, rowKind.delete, delta)
    else if (slot.deltaBytes <= patchesPerSnapshot * slot.snapshotBytes) {
      // Long chains hold memory: cut them, seldom enough that copying costs nothing per patch.
      if (slot.chainBytes > slot.snapshotBytes / 4 + 4096) cut(slot, version)
      this.#submit(slot, version, rowKind.delta, delta)
    } else {
      cut(slot, version)
      const whole = JSON.stringify(version.value)
      slot.snapshotBytes = whole.length
      slot.deltaBytes = 0
      this.#submit(slot, version, rowKind.snapshot, whole)
    }
  }

  #submit(slot: Slot, version: ObjectVersion, kind: RowKind, body: string): void {
    const previous = kind === rowKind.create ? 0 : (slot.newest?.revision ?? 0)
    const change = changeOf(version, kind === rowKind.create ? undefined : slot.newest)
    this.#submitted = version.revision
    slot.newest = version
    if (version.deleted) this.#warm.drop(slot)
    else this.#warm.touch(slot)
    this.#batch ??= this.#open()
    this.#batch.rows.push({ revision: version.revision, kind, previous, ...slot.key, body })
    this.#batch.slots.push(slot)
    this.#batch.changes.push(change)
    this.#audience.note(change)
    for (const witness of this.#witnesses) witness(slot.key)
  }

  #open(): Batch {
    // Measured: at the end of the turn 32 writers share a commit (20-30 rows); as a microtask each has its own.
    setImmediate(() => this.#turnOver())
    return newBatch()
  }

  #turnOver(): void {
    // Who was told answers in the next turn, and its answer shares the commit of what it was told.
    if (this.#audience.tellEarly()) setImmediate(() => setImmediate(() => this.#commit()))
    else this.#commit()
  }

  #commit(): void {
    const isHeard = this.#audience.tellEarly()
    const batch = this.#batch
    if (!batch || this.#syncing || this.#isDelayed) return
    this.#batch = undefined
    const { onCommit } = this.#options
    const begin = elapsedMs()
    try {
      writeRows(batch.rows, this.#log, this.#compactor)
    } catch (error) {
      this.#delay(batch, error)
      return
    }
    this.#syncing = batch
    // Who has just been told of these makes ready for them meanwhile.
    this.#log.sync(isHeard, (error) => {
      onCommit?.(batch.rows.length, elapsedMs() - begin)
      this.#synced(batch, error)
    })
  }

  /** Nobody has been told of what a full disk did not take, so it can be written later, with what comes until then. */
  #delay(batch: Batch, cause: unknown): void {
    const { onFull } = this.#options
    if (!onFull || !isFull(cause)) {
      this.#fail(batch, cause)
      return
    }
    this.#batch = batch
    this.#isDelayed = true
    onFull({
      again: () => {
        this.#isDelayed = false
        this.#commit()
      },
      giveUp: () => this.#fail(batch, cause),
    })
  }

  #synced(batch: Batch, error: Error | null): void {
    this.#syncing = undefined
    if (error) {
      this.#fail(batch, error)
      return
    }
    this.#durable.push(batch)
    // What waits is on its way to the disk while others hear of this; where it arrives at once, it is heard of afterwards.
    this.#commit()
    for (const next of this.#durable.splice(0)) this.#publish(next)
  }

  #publish(batch: Batch): void {
    const { changes, slots } = batch
    for (const [index, { version }] of changes.entries()) this.#accept(version, slots[index])
    this.#committed = batch.rows.at(-1)?.revision ?? this.#committed
    // First: who hears of a pod starts it.
    this.#audience.publish(changes)
    batch.resolve()
    for (const listener of this.#listeners) listener(changes)
  }

  #accept(version: ObjectVersion, slot: Slot | undefined): void {
    if (!slot) throw new Error('a version without a place')
    const before = slot.committed
    slot.committed = version.deleted ? undefined : version
    this.#collections.get(slot.key.collection)?.committed(slot, before)
    if (version.deleted && slot.newest === version) {
      this.#collections.get(slot.key.collection)?.delete(slot)
    }
  }

  #fail(batch: Batch, cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause)
    const failure = new Error(`the store could not commit: ${message}`, { cause })
    this.#failure = failure
    const refusal = new StatusError('InternalError', failure.message, { cause: failure })
    batch.reject(refusal)
    this.#batch?.reject(refusal)
    this.#batch = undefined
    this.#options.fatal(failure)
  }
}

function fromTheFuture(after: number, current: number): StatusError {
  const message = `Too large resource version: ${after}, current: ${current}`
  return new StatusError('Timeout', message, { details: { retryAfterSeconds: 1 } })
}

/** Builds the value now, which lets go of the chain behind it. */
function cut(slot: Slot, version: ObjectVersion): void {
  slot.chainBytes = 0
  void version.value
}

function* batches<T>(picked: readonly (T | undefined)[]): Generator<readonly T[]> {
  const batch = picked.filter((item) => item !== undefined)
  if (batch.length > 0) yield batch
  batch.length = 0
}
