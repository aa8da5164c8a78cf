import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import type { Workflow } from '@argosy/engine'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listOptionsIn } from '../workflows/list-options.ts'
import { archiveContract } from './archive.contract.ts'
import { SqliteArchive } from './sqlite-archive.ts'

describe('in memory', () => archiveContract(async () => new SqliteArchive(':memory:')))

describe('in a file, read by threads', () => {
  archiveContract(async () => new SqliteArchive(await newFile()))

  test('what was put is found by who asks next, and by all who ask at once', async () => {
    await using archive = new SqliteArchive(await newFile())
    const names = Array.from({ length: 20 }, (_, at) => `run-${at}`)
    for (const name of names) {
      await archive.put([ended(name)])
      const uid = `uid-${name}`
      const found = await Promise.all([1, 2, 3].map(() => archive.get({ uid })))
      expect(found.map((run) => run?.metadata.name)).toEqual([name, name, name])
    }
    const all = listOptionsIn(new URLSearchParams(), { namespace: '', now: 0 })
    expect(await archive.count({ ...all, deletedOnly: false })).toBe(20)
  })

  test('to close waits for who asked, and who asks later is told', async () => {
    const archive = new SqliteArchive(await newFile())
    await archive.put([ended('a')])
    const asked = archive.get({ uid: 'uid-a' })
    await archive[Symbol.asyncDispose]()
    expect((await asked)?.metadata.name).toBe('a')
    await expect(archive.get({ uid: 'uid-a' })).rejects.toThrow(
      'the archive cannot be read: it is closed',
    )
  })

  test('more is forgotten at once than goes into one transaction', async () => {
    await using archive = new SqliteArchive(await newFile())
    await archive.put(Array.from({ length: 450 }, (_, at) => ended(`run-${at}`)))
    expect(await archive.forget(Date.UTC(2026, 0, 2))).toBe(450)
    expect(await archive.forget(Date.UTC(2026, 0, 2))).toBe(0)
    expect(await archive.get({ uid: 'uid-run-449' })).toBeUndefined()
  })
})

test('what an older version has kept is taken over, once', async () => {
  const file = await newFile()
  olderArchive(file, [ended('there'), ended('gone')], ['gone'])
  for (const _ of [1, 2]) {
    await using archive = new SqliteArchive(file)
    expect(await archive.notDeleted()).toEqual(['uid-there'])
    expect(await archive.get({ uid: 'uid-gone' })).toEqual(ended('gone'))
    expect(await archive.labelValues('team', '')).toEqual(['x'])
  }
})

test('what the second version has kept is counted, and has its controller', async () => {
  const file = await newFile()
  {
    const { metadata, ...rest } = ended('blue')
    const labels = { 'workflows.argoproj.io/controller-instanceid': 'blue' }
    await using archive = new SqliteArchive(file)
    await archive.put([ended('a'), ended('b'), { ...rest, metadata: { ...metadata, labels } }])
  }
  asSecond(file)
  for (const _ of [1, 2]) {
    await using archive = new SqliteArchive(file)
    const all = { ...listOptionsIn(new URLSearchParams(), { namespace: '', now: 0 }) }
    const wanted = { ...all, deletedOnly: false }
    expect(await archive.phases(wanted)).toEqual({ Succeeded: 3 })
    expect(await archive.phases({ ...wanted, instance: 'blue' })).toEqual({ Succeeded: 1 })
  }
})

test('a search is counted where it meets few, or there are few', async () => {
  const file = await newFile()
  await using archive = new SqliteArchive(file)
  await archive.put(Array.from({ length: 30 }, (_, at) => ended(`run-${at}`)))
  const counted = async (query: string) => {
    const options = listOptionsIn(new URLSearchParams({ query }), { namespace: '', now: 0 })
    return archive.phases({ ...options, deletedOnly: false })
  }
  expect(await counted('name=run-7')).toEqual({ Succeeded: 1 })
  expect(await counted('label.team=x')).toEqual({ Succeeded: 30 })
  // No index leads there.
  expect(await counted('not label.team=x')).toEqual({})
  using db = new DatabaseSync(file)
  db.exec('UPDATE archived_counts SET runs = 30000')
  expect(await counted('not label.team=x')).toBeUndefined()
  expect(await counted('label.team=x')).toEqual({ Succeeded: 30 })
})

/** As the version before has left it. */
function asSecond(file: string): void {
  const db = new DatabaseSync(file)
  db.exec(`DROP TRIGGER run_is_counted; DROP TRIGGER run_is_not_counted; DROP TABLE archived_counts;
    ALTER TABLE archived_runs DROP COLUMN instance; PRAGMA user_version = 2`)
  db.close()
}

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-archive-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'archive.db')
}

function ended(name: string): Workflow {
  const at = '2026-01-01T00:00:00Z'
  const labels = { team: 'x' }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, creationTimestamp: at, labels },
    spec: {},
    status: { phase: 'Succeeded', startedAt: at, finishedAt: at },
  }
}

/** The tables of 0.1.0's first archives, as far as they matter. */
function olderArchive(file: string, runs: readonly Workflow[], gone: readonly string[]): void {
  const db = new DatabaseSync(file)
  db.exec(`
    CREATE TABLE archived_workflows (uid TEXT PRIMARY KEY, deleted INTEGER NOT NULL DEFAULT 0, workflow BLOB NOT NULL);
    CREATE TABLE archived_labels (
      uid TEXT NOT NULL REFERENCES archived_workflows (uid) ON DELETE CASCADE,
      name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (uid, name)
    ) WITHOUT ROWID;
    CREATE INDEX archived_by_label ON archived_labels (name, value);
  `)
  for (const run of runs) {
    const { uid = '', name = '' } = run.metadata
    const bytes = zstdCompressSync(JSON.stringify(run))
    db.prepare('INSERT INTO archived_workflows VALUES (?, ?, ?)').run(
      uid,
      gone.includes(name) ? 1 : 0,
      bytes,
    )
    db.prepare("INSERT INTO archived_labels VALUES (?, 'team', 'x')").run(uid)
  }
  db.close()
}
