import { rename, rm } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'

/** Copies a database as it is at one moment, also while another process writes to it; whole or not at all. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  using source = new DatabaseSync(from, { readOnly: true })
  const draft = `${to}.new`
  await rm(draft, { force: true })
  await backup(source, draft)
  check(draft, from)
  // Who only reads cannot clear away what SQLite lays beside a database while it is open.
  for (const beside of ['-shm', '-wal']) await rm(draft + beside, { force: true })
  await rename(draft, to)
}

function check(path: string, from: string): void {
  using copy = new DatabaseSync(path, { readOnly: true })
  const answer = copy.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (answer.quick_check === 'ok') return
  throw new Error(`${from} is damaged: ${answer.quick_check}`)
}
