import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { messageFileOf, terminationMessage } from './termination-message.ts'

const fallback = { name: 'main', terminationMessagePolicy: 'FallbackToLogsOnError' } as const
const running = { resolve: async () => undefined } as never

async function message(
  container: Parameters<typeof terminationMessage>[0],
  code: number,
  { out = '', err = '', file = '' },
): Promise<string | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'argosy-message-'))
  const [stdout, stderr] = [join(dir, 'out'), join(dir, 'err')]
  await Promise.all([
    writeFile(stdout, out),
    writeFile(stderr, err),
    writeFile(messageFileOf(dir), file),
  ])
  try {
    const files = { dir, logs: [stdout, stderr], running }
    return await terminationMessage(container, { code, finishedAt: 0 }, files)
  } finally {
    await rm(dir, { recursive: true })
  }
}

test('the message file goes first, then the end of both logs, and only of what failed', async () => {
  expect(await message(fallback, 1, { out: 'out\n', err: 'bad\n', file: 'why' })).toBe('why')
  expect(await message(fallback, 1, { out: 'out\n', err: 'bad\n' })).toBe('out\nbad\n')
  expect(await message(fallback, 0, { out: 'out\n' })).toBeUndefined()
  expect(await message({ name: 'main' }, 1, { out: 'out\n' })).toBeUndefined()
})

test('of a log count the last 80 lines and 2048 bytes', async () => {
  const lines = Array.from({ length: 100 }, (_, n) => `${n}`)
  const some = await message(fallback, 1, { out: lines.join('\n') })
  expect(some?.split('\n')).toEqual(lines.slice(20))
  expect(await message(fallback, 1, { err: 'x'.repeat(9000) })).toHaveLength(2048)
})

test('without a mounted file the path itself is read; a pipe there keeps nobody waiting', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'argosy-message-'))
  const said = (path: string) => {
    const at = { resolve: async () => path } as never
    const container = { name: 'main', terminationMessagePath: '/said' }
    return terminationMessage(container, { code: 0, finishedAt: 0 }, { dir, logs: [], running: at })
  }
  await writeFile(join(dir, 'file'), 'in place')
  execFileSync('mkfifo', [join(dir, 'pipe')])
  expect(await said(join(dir, 'file'))).toBe('in place')
  expect(await said(join(dir, 'pipe'))).toBeUndefined()
  expect(await said(dir)).toBeUndefined()
  await rm(dir, { recursive: true })
})
