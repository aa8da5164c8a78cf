import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gitDriver } from './git.ts'

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-git-'))
  // In the place of git: says what it was given, and fails.
  await writeFile(
    join(room, 'git'),
    '#!/bin/sh\necho "fatal: $(env | tr "\\n" " ")" >&2; exit 1\n',
    {
      mode: 0o755,
    },
  )
  vi.stubEnv('PATH', `${room}:${process.env['PATH']}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(room, { recursive: true, force: true })
})

async function heard(): Promise<string> {
  const driver = gitDriver(async () => undefined)
  const artifact = { name: 'code', git: { repo: 'ssh://git@example.com/x' } }
  return driver.load(artifact, join(room, 'target')).then(
    () => 'it was cloned',
    (error: Error) => error.message,
  )
}

test('git has nothing of whoever runs it: no keys, no passwords, no repository of the moment', async () => {
  vi.stubEnv('SSH_AUTH_SOCK', '/somebodys/agent')
  vi.stubEnv('GIT_ASKPASS', '/somebodys/helper')
  vi.stubEnv('GIT_DIR', '/somebodys/.git')
  vi.stubEnv('GIT_SSL_CAINFO', '/etc/our-authority.pem')
  const said = await heard()
  expect(said).not.toContain('/somebodys')
  expect(said).toContain(`HOME=${room}/target.tmpdir`)
  expect(said).toContain('GIT_SSL_CAINFO=/etc/our-authority.pem')
  expect(said).toMatch(
    /GIT_SSH_COMMAND=ssh -F \/dev\/null -o IdentityAgent=none .*PubkeyAuthentication=no/,
  )
})
