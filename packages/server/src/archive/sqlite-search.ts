import type { DatabaseSync } from 'node:sqlite'
import { type PhaseCounts, phaseCountsOf } from './phase-counts.ts'
import type { Condition } from './sql/condition.ts'
import type { SearchPlan, Way } from './sql/search-plan.ts'

/** Finds runs: by the index that meets the fewest of them, or through all of them, the newest first. */
export class SqliteSearch {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  keys(plan: SearchPlan): readonly number[] {
    const { key, found } = this.#best(plan)
    const { limit, offset } = plan
    return this.#db
      .prepare(`SELECT ${key} AS key ${found.sql} ORDER BY ${key} DESC LIMIT ? OFFSET ?`)
      .all(...found.values, limit === 0 ? -1 : limit, offset)
      .map((row) => Number(row['key']))
  }

  count(plan: SearchPlan): number {
    if (plan.counted) return this.#total('sum(runs)', countersOf(plan.counted))
    return this.#total('count(*)', this.#best(plan).found)
  }

  /** Of a search only where it meets so few, or there are so few, that they are counted at once. */
  phases(plan: SearchPlan): PhaseCounts | undefined {
    if (plan.counted) return this.#phases('sum(runs)', countersOf(plan.counted))
    const best = this.#bestWay(plan)
    if (best && best.met < many) return this.#phases('count(*)', best.way.rows.found)
    const all = this.#total('sum(runs)', { sql: 'FROM archived_counts', values: [] })
    return all < many ? this.#phases('count(*)', plan.through.found) : undefined
  }

  #phases(sum: string, { sql, values }: Condition): PhaseCounts {
    const select = `SELECT w.phase, ${sum} AS runs ${sql} GROUP BY w.phase`
    return phaseCountsOf(this.#db.prepare(select).all(...values))
  }

  #total(sum: string, { sql, values }: Condition): number {
    const row = this.#db.prepare(`SELECT ${sum} AS total ${sql}`).get(...values)
    return Number(row?.['total'] ?? 0)
  }

  #best(plan: SearchPlan): Way['rows'] {
    return this.#bestWay(plan)?.way.rows ?? plan.through
  }

  /** The way that meets the fewest; of those that meet many, one that is in order. */
  #bestWay({ ways }: SearchPlan): MeetingWay | undefined {
    let best: MeetingWay | undefined
    for (const way of ways) {
      if (best !== undefined && best.met < few) break
      const met = this.#met(way.met)
      const usable = met < many || way.ordered
      if (usable && met < (best?.met ?? Number.POSITIVE_INFINITY)) best = { way, met }
    }
    return best
  }

  #met({ sql, values }: Condition): number {
    const row = this.#db
      .prepare(`SELECT count(*) AS met FROM (SELECT 1 ${sql} LIMIT ?)`)
      .get(...values, many)
    return Number(row?.['met'] ?? 0)
  }
}

interface MeetingWay {
  readonly way: Way
  readonly met: number
}

function countersOf({ sql, values }: Condition): Condition {
  return { sql: `FROM archived_counts w WHERE ${sql}`, values }
}

/** So few are looked at one by one. */
const few = 100
/** To look at so many is still quick, to count them quicker. */
const many = 20_000
