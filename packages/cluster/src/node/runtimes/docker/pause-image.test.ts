import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untarStream } from '@argosy/executor'
import { expect, test } from 'vitest'
import { pauseProgram, tarOf } from './pause-image.ts'

const arch = process.arch === 'x64' ? 'amd64' : process.arch
const ours = process.platform === 'linux' ? pauseProgram(arch) : undefined

test.skipIf(!ours)(
  'the program that waits is one for this machine, and waits until it is ended',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'argosy-pause-'))
    const tar = tarOf('pause', ours ?? Buffer.alloc(0))
    await untarStream(chunks(tar), dir, { links: 'inside' })
    const child = spawn(join(dir, 'pause'))
    await once(child, 'spawn')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
    await rm(dir, { recursive: true })
  },
)

test('the program knows where it begins, on each kind of machine', () => {
  for (const kind of ['amd64', 'arm64']) {
    const file = pauseProgram(kind) ?? Buffer.alloc(0)
    expect(file.subarray(0, 4).toString('latin1')).toBe('\x7fELF')
    expect(file.readBigUInt64LE(24)).toBe(0x400000n + 120n)
    expect(file.readBigUInt64LE(96)).toBe(BigInt(file.length))
  }
  expect(pauseProgram('mips')).toBeUndefined()
})

async function* chunks(tar: Buffer): AsyncGenerator<Buffer> {
  yield tar
}
