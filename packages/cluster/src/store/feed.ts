import { StatusError } from '@argosy/kube'
import type { ObjectVersion } from './object-version.ts'

/** One write. `before` is absent for a new object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly version: ObjectVersion
  readonly before: ObjectVersion | undefined
}

/** Makes of a change what a follower wants to have of it; undefined: nothing. */
export type Pick<T> = (change: Change) => T | undefined

/** Who follows a collection as it changes. */
export class Feed {
  readonly #followers = new Map<string, Set<Follower<unknown>>>()

  /** Is there anybody who follows this collection? */
  reaches(collection: string): boolean {
    return (this.#followers.get(collection)?.size ?? 0) > 0
  }

  /** Tells everyone, in order, what has been committed together. */
  publish(changes: readonly Change[]): void {
    for (const [collection, followers] of this.#followers) {
      const relevant = changes.filter((change) => change.version.key.collection === collection)
      if (relevant.length === 0) continue
      for (const follower of followers) follower.hear(relevant)
    }
  }

  follow<T>(collection: string, pick: Pick<T>, limit: number): Follower<T> {
    const followers = this.#followers.get(collection) ?? new Set()
    this.#followers.set(collection, followers)
    const follower = new Follower(pick, limit, () =>
      followers.delete(follower as Follower<unknown>),
    )
    followers.add(follower as Follower<unknown>)
    return follower
  }

  /** Ends all followers. */
  close(): void {
    for (const followers of this.#followers.values()) {
      for (const follower of followers) follower.end()
    }
  }
}

/** One reader's queue. It is bounded: a reader who falls too far behind is told `Expired` instead of the missing part. */
export class Follower<T> {
  readonly #pick: Pick<T>
  readonly #limit: number
  readonly #leave: () => void
  #batches: T[][] = []
  #waiting = 0
  #state: 'open' | 'overrun' | 'ended' = 'open'
  #wake: (() => void) | undefined

  constructor(pick: Pick<T>, limit: number, leave: () => void) {
    this.#pick = pick
    this.#limit = limit
    this.#leave = leave
  }

  hear(changes: readonly Change[]): void {
    const batch: T[] = []
    for (const change of changes) {
      const picked = this.#pick(change)
      if (picked !== undefined) batch.push(picked)
    }
    if (batch.length === 0) return
    if (this.#waiting + batch.length > this.#limit && this.#waiting > 0) this.#stop('overrun')
    else {
      this.#batches.push(batch)
      this.#waiting += batch.length
    }
    this.#wake?.()
  }

  end(): void {
    if (this.#state === 'open') this.#stop('ended')
    this.#wake?.()
  }

  async *read(signal: AbortSignal): AsyncGenerator<readonly T[]> {
    const wake = () => this.#wake?.()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        const batch = this.#batches.shift()
        if (batch) {
          this.#waiting -= batch.length
          yield batch
          // Who waits for the next one still has this one in its hands: a large object that is gone would stay with it.
          batch.length = 0
        } else if (this.#state === 'overrun') throw tooSlow()
        else if (this.#state === 'ended') return
        else await this.#next()
      }
    } finally {
      signal.removeEventListener('abort', wake)
      this.#stop('ended')
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
    })
  }

  #stop(state: 'overrun' | 'ended'): void {
    this.#state = state
    if (state === 'overrun') this.#batches = []
    this.#leave()
  }
}

function tooSlow(): StatusError {
  return new StatusError(
    'Expired',
    'the watcher fell too far behind: list again and watch from there',
  )
}

/** What became of an object when its newest version is this one. */
export function changeOf(version: ObjectVersion, before: ObjectVersion | undefined): Change {
  if (version.deleted) return { type: 'DELETED', version, before }
  return before ? { type: 'MODIFIED', version, before } : added(version)
}

export function added(version: ObjectVersion): Change {
  return { type: 'ADDED', version, before: undefined }
}
