import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runtime } from '@argosy/cluster'
import { expect, test } from 'vitest'
import { warnOfOpenness } from './warn-of-openness.ts'

test.each([
  { mode: 0o700, name: 'sandbox', words: [] },
  { mode: 0o755, name: 'sandbox', words: ['where all Secrets are: chmod 700'] },
  { mode: 0o700, name: 'process', words: ["the administrator's token"] },
] as const)('a data directory of mode $mode with the runtime $name', async (given) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'argosy-open-'))
  await chmod(dataDir, given.mode)
  const said: string[] = []
  await warnOfOpenness({ dataDir, runtime: { name: given.name } as Runtime }, (line) =>
    said.push(line),
  )
  await rm(dataDir, { recursive: true })
  expect(said).toEqual(given.words.map((words) => expect.stringContaining(words)))
})
