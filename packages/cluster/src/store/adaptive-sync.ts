import { fdatasync, fdatasyncSync } from 'node:fs'
import { elapsedMs } from '@argosy/kube'
import type { Sync } from './log.ts'

export interface Ways {
  readonly beside: (file: number, done: (error: Error | null) => void) => void
  /** Throws what went wrong. */
  readonly inPlace: (file: number) => void
  /** Milliseconds, from any beginning. */
  readonly now: () => number
}

/** A sync that takes as long is not for the event loop. */
const quickMs = 0.5
/** So many lone and quick ones in a row, and the next ones are done in place: at first, at least, at most. */
const enough = { first: 16, least: 4, most: 64 }
/** …until so many have been: then it is looked again whether anybody has a use of the time. */
const inPlaceAtMost = 64

const ofTheSystem: Ways = {
  beside: fdatasync,
  inPlace: fdatasyncSync,
  now: elapsedMs,
}

/**
 * Waits for the disk beside the event loop, in another thread; for somebody who writes alone to a quick disk in place: the
 * way to that thread and back costs as much as half of such a sync, and nobody else would have used the time.
 */
export function adaptiveSync({ beside, inPlace, now }: Ways = ofTheSystem): Sync {
  let calm = 0
  let needed = enough.first
  let done = 0
  let asked = false

  /** A disk that was quick all the time is soon trusted again, one that was not is watched longer each time. */
  const endSeries = (next: number) => {
    calm = 0
    needed = next
  }

  const syncInPlace: Ways['beside'] = (file, tell) => {
    const begin = now()
    let error: Error | null = null
    try {
      inPlace(file)
    } catch (cause) {
      error = cause as Error
    }
    done += 1
    if (now() - begin > quickMs) endSeries(Math.min(needed * 2, enough.most))
    else if (done === inPlaceAtMost) endSeries(enough.least)
    tell(error)
  }

  const syncBeside: Ways['beside'] = (file, tell) => {
    const begin = now()
    done = 0
    beside(file, (error) => {
      const quick = now() - begin <= quickMs
      asked = false
      // Who has something for the disk by now asks again before this returns: it came meanwhile.
      tell(error)
      calm = quick && !asked ? calm + 1 : 0
    })
  }

  return (file, tell, isBusy) => {
    asked = true
    if (calm >= needed && !isBusy) syncInPlace(file, tell)
    else syncBeside(file, tell)
  }
}
