import type { StoreOptions } from '@argosy/cluster'
import type { Clock } from '@argosy/kube'

/** How often it is looked whether there is room again. */
const pauseMs = 1000

export interface FullDisk {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Aborts when nobody waits any longer. */
  readonly stop: AbortSignal
}

/** A server that finds its disk full waits for room; whoever asked for what could not be written gets the answer then. */
export function waitForRoom({
  dataDir,
  clock,
  log,
  stop,
}: FullDisk): NonNullable<StoreOptions['onFull']> {
  let refusals = 0
  return (commit) => {
    refusals += 1
    if (refusals === 1) {
      log(
        `the disk of ${dataDir} is full: whoever wants something written waits until there is room`,
      )
    }
    const before = refusals
    clock.until(clock.now() + pauseMs, stop).then(() => {
      commit.again()
      if (refusals > before) return
      refusals = 0
      log(`the disk of ${dataDir} has room again`)
    }, commit.giveUp)
  }
}
