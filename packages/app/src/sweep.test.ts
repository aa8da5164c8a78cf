import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runtime } from '@argosy/cluster'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sweeping } from './sweep.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argosy-sweep-'))
  vi.stubEnv('TMPDIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('what those left behind who are no more is removed, and nothing else', async () => {
  const { pid: gone } = spawnSync('true')
  const kept = [`argosy-try-${process.pid}-a`, `argosy-run-${process.pid}-b`, `other-${gone}-c`]
  for (const name of [...kept, `argosy-try-${gone}-d`, `argosy-run-${gone}-e`]) {
    mkdirSync(join(folder, name, 'inside'), { recursive: true })
    writeFileSync(join(folder, name, 'inside/file'), '')
  }
  const said: string[] = []
  await sweeping({} as Runtime, (line) => said.push(line))
  expect(said).toEqual([])
  expect(readdirSync(folder).sort()).toEqual(kept.sort())
})
