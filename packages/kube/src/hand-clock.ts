import type { Clock } from './clock.ts'

/** A clock that stands still until a test turns it. */
export interface HandClock extends Clock {
  /** Moves on by `ms`, waking everyone who is due, in order of time. */
  advance(ms: number): void
  /** How many are waiting. */
  readonly waiting: number
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

export function handClock(start = Date.UTC(2026, 0, 1)): HandClock {
  let now = start
  const sleepers = new Set<Sleeper>()

  function wakeDue(): void {
    const due = [...sleepers].filter((sleeper) => sleeper.at <= now)
    for (const sleeper of due.sort((a, b) => a.at - b.at)) sleeper.wake()
  }

  return {
    now: () => now,
    get waiting() {
      return sleepers.size
    },
    advance(ms) {
      now += ms
      wakeDue()
    },
    until(at, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (at <= now) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const done = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', stop)
        }
        const sleeper: Sleeper = { at, wake: () => resolve(done()) }
        const stop = () => {
          done()
          reject(signal?.reason)
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', stop, { once: true })
      })
    },
  }
}
