/** Reads a log once, from its start; `onLines` hears of lines as they come. */
export type ReadOnce = (onLines: (lines: readonly string[]) => void) => Promise<void>

export interface FollowedLog {
  readonly read: ReadOnce
  /** Whether nothing more can come of it. */
  readonly isOver: () => boolean
  readonly pause: (ms: number) => Promise<void>
}

const [firstMs, longestMs] = [1000, 30_000]

/**
 * The lines of one log, each of them once: whoever reads again, because the server was away or its stream ended too
 * early, goes on behind what he has.
 */
export class LogLines {
  #count = 0

  async follow(
    { read, isOver, pause }: FollowedLog,
    onLines: (lines: readonly string[]) => void,
  ): Promise<void> {
    for (let ms = firstMs; ; ms = Math.min(2 * ms, longestMs)) {
      await this.#read(read, onLines)
      if (isOver()) return
      await pause(ms)
    }
  }

  async #read(read: ReadOnce, onLines: (lines: readonly string[]) => void): Promise<void> {
    let known = this.#count
    await read((lines) => {
      const fresh = lines.slice(known)
      known = Math.max(0, known - lines.length)
      this.#count += fresh.length
      if (fresh.length > 0) onLines(fresh)
    })
  }
}
