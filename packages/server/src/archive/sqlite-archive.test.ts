import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import type { Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { archiveContract } from './archive.contract.ts'
import { SqliteArchive } from './sqlite-archive.ts'

archiveContract(async () => new SqliteArchive(':memory:'))

test('what an older version has kept is taken over, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-archive-'))
  const file = join(folder, 'archive.db')
  try {
    olderArchive(file, [ended('there'), ended('gone')], ['gone'])
    for (const _ of [1, 2]) {
      await using archive = new SqliteArchive(file)
      expect(await archive.notDeleted()).toEqual(['uid-there'])
      expect(await archive.get({ uid: 'uid-gone' })).toEqual(ended('gone'))
      expect(await archive.labelValues('team', '')).toEqual(['x'])
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

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
