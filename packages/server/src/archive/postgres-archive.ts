import type { Workflow } from '@argosy/engine'
import type { Pool, PoolClient } from 'pg'
import type { Archive, Archived, ArchiveKey, Wanted } from './archive.ts'
import { packed, unpacked } from './packed.ts'
import { counterConditions, type PhaseCounts, phaseCountsOf } from './phase-counts.ts'
import { type PlacedRecord, placedRecords, rowsOf } from './postgres-rows.ts'
import { openPool, preparePostgres } from './postgres-schema.ts'
import { all, type Condition, condition, type Dialect } from './sql/condition.ts'
import { labelNames, labelTexts } from './sql/label-lists.ts'
import { wantedConditions } from './sql/wanted-conditions.ts'

const dialect: Dialect = {
  contains: (text, part) => condition(`${text} LIKE ?`, `%${escaped(part)}%`),
  beginsWith: (text, part) => condition(`${text} LIKE ?`, `${escaped(part)}%`),
  glob: (text, parts) => condition(`${text} LIKE ?`, parts.map(escaped).join('%')),
  exists: ({ sql, values }) => ({ sql: `EXISTS (SELECT 1 ${sql})`, values }),
}

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')

/** An archive in a PostgreSQL database, which several servers may share; `url` as `postgres://user:password@host/name`. */
export async function openPostgresArchive(
  url: string,
  log: (line: string) => void,
): Promise<Archive> {
  const pool = await openPool(url, log)
  try {
    await preparePostgres(pool, log)
    return new PostgresArchive(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
}

class PostgresArchive implements Archive {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async put(workflows: readonly Workflow[]): Promise<void> {
    if (workflows.length === 0) return
    await this.#atOnce(async (client) => {
      const records = await placedRecords(client, workflows)
      await forget(
        client,
        records.flatMap(({ old }) => (old === undefined ? [] : [old])),
      )
      for (const { sql, rows } of rowsOf(records)) await client.query(sql, [JSON.stringify(rows)])
      await putDocuments(client, records)
    })
  }

  async markDeleted(uids: readonly string[]): Promise<void> {
    if (uids.length === 0) return
    await this.#pool.query(
      'UPDATE archived_runs SET deleted = 1 WHERE uid = ANY ($1::text[]) AND deleted = 0',
      [uids],
    )
  }

  async notDeleted(instance?: string): Promise<readonly string[]> {
    const select = 'SELECT uid AS text FROM archived_runs WHERE deleted = 0'
    if (instance === undefined) return this.#texts(condition(select))
    return this.#texts(condition(`${select} AND instance = ?`, instance))
  }

  async get(key: ArchiveKey): Promise<Workflow | undefined> {
    const from = 'FROM archived_runs w JOIN archived_documents d USING (key)'
    const where =
      'uid' in key
        ? condition('w.uid = ?', key.uid)
        : condition('w.name = ? AND w.namespace = ?', key.name, key.namespace)
    const [row] = await this.#rows({
      ...where,
      sql: `SELECT d.workflow ${from} WHERE ${where.sql} ORDER BY w.key DESC LIMIT 1`,
    })
    return row === undefined ? undefined : unpacked(row['workflow'])
  }

  async list(wanted: Wanted): Promise<readonly Archived[]> {
    const { sql, values } = all(wantedConditions(wanted, dialect))
    const page = wanted.limit === 0 ? '' : 'LIMIT ?'
    const rows = await this.#rows({
      sql: `SELECT key, summary FROM archived_documents JOIN (
              SELECT w.key FROM archived_runs w WHERE ${sql} ORDER BY w.key DESC ${page} OFFSET ?
            ) found USING (key) ORDER BY key DESC`,
      values: [...values, ...(wanted.limit === 0 ? [] : [wanted.limit]), wanted.offset],
    })
    return rows.map(({ key, summary }) => ({
      key: Number(key),
      workflow: JSON.parse(String(summary)) as Workflow,
    }))
  }

  async count(wanted: Wanted): Promise<number> {
    const known = await this.#countedPhases(wanted)
    if (known) return Object.values(known).reduce((sum, runs) => sum + runs, 0)
    const { sql, values } = all(wantedConditions(wanted, dialect))
    const [row] = await this.#rows({
      sql: `SELECT count(*) AS total FROM archived_runs w WHERE ${sql}`,
      values,
    })
    return Number(row?.['total'] ?? 0)
  }

  /** Of a search only where it meets so few that they are counted at once. */
  async phases(wanted: Wanted): Promise<PhaseCounts | undefined> {
    return (await this.#countedPhases(wanted)) ?? (await this.#foundPhases(wanted))
  }

  /** That it finds few is known only when it has found them: it is given a moment. */
  async #foundPhases(wanted: Wanted): Promise<PhaseCounts | undefined> {
    const { sql, values } = all(wantedConditions(wanted, dialect))
    const found = `SELECT w.phase FROM archived_runs w WHERE ${sql} LIMIT ${many}`
    const select = `SELECT phase, count(*) AS runs FROM (${found}) found GROUP BY phase`
    const counts = await this.#atOnce(async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${momentMs}`)
      return phaseCountsOf((await client.query(numbered(select), [...values])).rows)
    }).catch(ofTooLong)
    if (!counts) return undefined
    const total = Object.values(counts).reduce((sum, runs) => sum + runs, 0)
    return total < many ? counts : undefined
  }

  async #countedPhases(wanted: Wanted): Promise<PhaseCounts | undefined> {
    const counted = counterConditions(wanted)
    if (!counted) return undefined
    const { sql, values } = counted
    const select = `SELECT phase, sum(runs) AS runs FROM archived_counts WHERE ${sql} GROUP BY phase`
    return phaseCountsOf(await this.#rows({ sql: select, values }))
  }

  labelKeys(namespace: string): Promise<readonly string[]> {
    return this.#texts(labelNames(namespace))
  }

  labelValues(key: string, namespace: string): Promise<readonly string[]> {
    return this.#texts(labelTexts(key, namespace))
  }

  async remove(uid: string): Promise<void> {
    await this.#pool.query('DELETE FROM archived_runs WHERE uid = $1', [uid])
  }

  async forget(endedBefore: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'DELETE FROM archived_runs WHERE finished > 0 AND finished < $1',
      [endedBefore],
    )
    return rowCount ?? 0
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.end()
  }

  async #texts(query: Condition): Promise<readonly string[]> {
    return (await this.#rows(query)).map(({ text }) => String(text))
  }

  async #rows({ sql, values }: Condition): Promise<readonly Record<string, unknown>[]> {
    return (await this.#pool.query<Record<string, unknown>>(numbered(sql), [...values])).rows
  }

  async #atOnce<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN')
      const result = await work(client)
      await client.query('COMMIT')
      client.release()
      return result
    } catch (error) {
      // A connection on which even that fails is thrown away.
      const broken = await client.query('ROLLBACK').then(
        () => undefined,
        (cause: Error) => cause,
      )
      client.release(broken)
      throw error
    }
  }
}

/** Nothing but places of values is a question mark in what we write. */
function numbered(sql: string): string {
  let place = 0
  return sql.replaceAll('?', () => `$${++place}`)
}

/** What was stopped because it took longer than it may. */
function ofTooLong(error: Error & { readonly code?: string }): undefined {
  if (error.code !== queryCanceled) throw error
}

const queryCanceled = '57014'
/** To count so many is quick, and so long is waited for numbers that are only beside what was searched. */
const many = 20_000
const momentMs = 300

async function forget(client: PoolClient, keys: readonly number[]): Promise<void> {
  if (keys.length === 0) return
  await client.query('DELETE FROM archived_runs WHERE key = ANY ($1::bigint[])', [keys])
}

/** Bytes are no JSON: they go by themselves. */
async function putDocuments(client: PoolClient, records: readonly PlacedRecord[]): Promise<void> {
  const column = <T>(pick: (one: PlacedRecord) => T) => records.map(pick)
  await client.query(
    `INSERT INTO archived_documents (key, message, said, summary, workflow)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[])`,
    [
      column(({ key }) => key),
      column(({ record }) => record.message),
      column(({ record }) => record.said),
      column(({ record }) => record.summary),
      column(({ workflow }) => packed(workflow)),
    ],
  )
}
