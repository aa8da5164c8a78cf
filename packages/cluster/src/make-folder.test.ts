import { mkdtempSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

test('a folder is made with those above it, and one that is there is left alone', async () => {
  const at = mkdtempSync(join(tmpdir(), 'argosy-folder-'))
  const path = join(at, 'a', 'b')
  makeFolder(path, 0o700)
  makeFolder(path, 0o755)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  await rm(at, { recursive: true })
})

test.skipIf(process.platform !== 'linux')(
  'where nothing can be made is said, and not tried for ever',
  () => {
    expect(() => makeFolder('/proc/no/such/place')).toThrow(/ENOENT|EACCES/)
  },
)
