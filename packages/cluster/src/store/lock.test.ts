import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDirectory } from './lock.ts'

test('a directory is for one at a time, and what can be none is named', async () => {
  const room = await mkdtemp(join(tmpdir(), 'argosy-lock-'))
  try {
    const first = lockDirectory(join(room, 'data'))
    expect(() => lockDirectory(join(room, 'data'))).toThrow(`${room}/data is in use by another`)
    first.close()
    lockDirectory(join(room, 'data')).close()
    await writeFile(join(room, 'file'), '')
    const words = `the data directory ${room}/file/x cannot be used: ENOTDIR`
    expect(() => lockDirectory(join(room, 'file/x'))).toThrow(words)
    const nowhere = 'the data directory /proc/argosy/data cannot be used: ENOENT'
    expect(() => lockDirectory('/proc/argosy/data')).toThrow(nowhere)
  } finally {
    await rm(room, { recursive: true, force: true })
  }
})
