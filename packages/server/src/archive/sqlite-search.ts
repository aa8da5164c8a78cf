import type { DatabaseSync } from 'node:sqlite'
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
    const { found } = this.#best(plan)
    const row = this.#db.prepare(`SELECT count(*) AS total ${found.sql}`).get(...found.values)
    return Number(row?.['total'] ?? 0)
  }

  /** The way that meets the fewest; of those that meet many, one that is in order. */
  #best({ ways, through }: SearchPlan): Way['rows'] {
    let best: { readonly way: Way; readonly met: number } | undefined
    for (const way of ways) {
      if (best !== undefined && best.met < few) break
      const met = this.#met(way.met)
      const usable = met < many || way.ordered
      if (usable && met < (best?.met ?? Number.POSITIVE_INFINITY)) best = { way, met }
    }
    return best?.way.rows ?? through
  }

  #met({ sql, values }: Condition): number {
    const row = this.#db
      .prepare(`SELECT count(*) AS met FROM (SELECT 1 ${sql} LIMIT ?)`)
      .get(...values, many)
    return Number(row?.['met'] ?? 0)
  }
}

/** So few are looked at one by one. */
const few = 100
/** To look at so many is still quick, to count them quicker. */
const many = 20_000
