import { type Change, Feed, type Follower, type Pick } from './feed.ts'

export interface Follow<T> {
  readonly collection: string
  /** The last revision that is known already. */
  readonly after?: number | undefined
  readonly pick: Pick<T>
  /**
   * Hears of a write before it is durable. For who does nothing with it but write again, into this store: should the
   * commit fail, neither has happened.
   */
  readonly early?: boolean | undefined
}

/** All who follow: most hear of what is committed, some of what is on its way. Both hear the same, in the same order. */
export class Audience {
  readonly #late = new Feed()
  readonly #early = new Feed()
  /** What the early ones have not been told yet. */
  #news: Change[] = []
  readonly #backlog: number

  /** `backlog`: how many changes a follower may be behind. */
  constructor(backlog: number) {
    this.#backlog = backlog
  }

  /** Something is on its way to the disk. */
  note(change: Change): void {
    if (this.#early.reaches(change.version.key.collection)) this.#news.push(change)
  }

  /** False when there was nothing new for anybody. */
  tellEarly(): boolean {
    if (this.#news.length === 0) return false
    this.#early.publish(this.#news.splice(0))
    return true
  }

  /** These are committed. */
  publish(changes: readonly Change[]): void {
    this.#late.publish(changes)
  }

  /** `waiting` is what is on its way: an early follower hears of those after `after` first. */
  join<T>(query: Follow<T>, after: number, waiting: readonly Change[]): Follower<T> {
    const { collection, pick, early } = query
    if (early !== true) return this.#late.follow(collection, pick, this.#backlog)
    // Those who are here hear now; the one who comes must not hear it twice.
    this.tellEarly()
    const follower = this.#early.follow(collection, pick, this.#backlog)
    const isNews = ({ version: { key, revision } }: Change) =>
      key.collection === collection && revision > after
    follower.hear(waiting.filter(isNews))
    return follower
  }

  /** Ends all followers. */
  close(): void {
    this.#late.close()
    this.#early.close()
  }
}
