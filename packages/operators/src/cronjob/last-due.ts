import { nextFire, type Schedule } from '@argosy/engine'

/** The last time after `since` and not after `now` at which the schedule was due. However long ago that is, few are looked at. */
export function lastDue(schedule: Schedule, since: number, now: number): number | undefined {
  for (let span = 60_000; ; span *= 2) {
    const from = Math.max(since, now - span)
    const first = nextFire(schedule, from, since)
    if (first !== undefined && first <= now) return lastOf(schedule, { first, since, now })
    if (from === since) return undefined
  }
}

interface Walk {
  readonly first: number
  readonly since: number
  readonly now: number
}

function lastOf(schedule: Schedule, { first, since, now }: Walk): number {
  let last = first
  for (;;) {
    const next = nextFire(schedule, last, since)
    if (next === undefined || next > now) return last
    last = next
  }
}
