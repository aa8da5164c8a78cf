import type { Workflow } from '@argosy/engine'
import type { PoolClient } from 'pg'
import { type ArchivePair, type ArchiveRecord, archiveRecord } from './archive-record.ts'
import { firstKeyOf, keyAfter } from './start-key.ts'

/** A run with the place that it gets. */
export interface PlacedRecord {
  readonly key: number
  readonly workflow: Workflow
  readonly record: ArchiveRecord
  /** Where it was before. */
  readonly old: number | undefined
  readonly deleted: number
}

/** Servers that share an archive put one after the other: two must not take the same place. */
const turn = 0x61_72_67_6f

/** Gives each run of a transaction its place; of the same uid only the last counts. */
export async function placedRecords(
  client: PoolClient,
  workflows: readonly Workflow[],
): Promise<readonly PlacedRecord[]> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [turn])
  const latest = new Map(workflows.map((one) => [one.metadata.uid ?? '', one]))
  const given = [...latest.values()].map((workflow) => ({
    workflow,
    record: archiveRecord(workflow),
  }))
  const before = await knownOf(client, [...latest.keys()])
  const next = await nextKeys(
    client,
    given.map(({ record }) => record),
  )
  return given.map(({ workflow, record }) => {
    const first = firstKeyOf(record.orderedBy)
    const key = next.get(first) ?? first
    next.set(first, key + 1)
    const { key: old, deleted = 0 } = before.get(record.uid) ?? {}
    return { key, workflow, record, old, deleted }
  })
}

interface Known {
  readonly key: number
  readonly deleted: number
}

async function knownOf(
  client: PoolClient,
  uids: readonly string[],
): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await client.query<{ uid: string; key: string; deleted: number }>(
    'SELECT uid, key, deleted FROM archived_runs WHERE uid = ANY ($1::text[])',
    [uids],
  )
  return new Map(rows.map(({ uid, key, deleted }) => [uid, { key: Number(key), deleted }]))
}

/** The next free place of each second in which one of these started. */
async function nextKeys(
  client: PoolClient,
  records: readonly ArchiveRecord[],
): Promise<Map<number, number>> {
  const firsts = [...new Set(records.map(({ orderedBy }) => firstKeyOf(orderedBy)))]
  const { rows } = await client.query<{ first: string; last: string | null }>(
    `SELECT first, (SELECT max(key) FROM archived_runs WHERE key >= first AND key < first + $2) AS last
     FROM unnest($1::bigint[]) AS first`,
    [firsts, keyAfter(0)],
  )
  return new Map(
    rows.map(({ first, last }) => [
      Number(first),
      last === null ? Number(first) : Number(last) + 1,
    ]),
  )
}

interface Insert {
  /** With the rows as JSON in its only place. */
  readonly sql: string
  readonly rows: readonly object[]
}

/** What goes into the tables beside the documents; runs first, the others point to them. */
export function rowsOf(records: readonly PlacedRecord[]): readonly Insert[] {
  const pairs = (pick: (record: ArchiveRecord) => readonly ArchivePair[]) =>
    records.flatMap(({ key, record }) => pick(record).map((pair) => ({ key, ...pair })))
  return [
    {
      sql: `INSERT INTO archived_runs (${runColumns}) SELECT ${runColumns}
            FROM json_to_recordset($1) AS r (key bigint, uid text, namespace text, name text, phase text,
              template text, instance text, created bigint, started bigint, finished bigint, duration bigint, deleted int)`,
      rows: records.map(({ key, record, deleted }) => ({ ...own(record), key, deleted })),
    },
    { sql: insertPairs('archived_labels'), rows: pairs(({ labels }) => labels) },
    { sql: insertPairs('archived_parameters'), rows: pairs(({ params }) => params) },
  ]
}

const runColumns =
  'key, uid, namespace, name, phase, template, instance, created, started, finished, duration, deleted'

function own(record: ArchiveRecord): object {
  const { uid, namespace, name, phase, template, instance } = record
  const { created, started, finished, duration } = record
  return { uid, namespace, name, phase, template, instance, created, started, finished, duration }
}

function insertPairs(table: string): string {
  return `INSERT INTO ${table} (name, value, key, folded, number) SELECT name, value, key, folded, number
          FROM json_to_recordset($1) AS r (name text, value text, key bigint, folded text, number float8)`
}
