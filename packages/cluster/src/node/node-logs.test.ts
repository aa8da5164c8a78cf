import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { criLines } from './cri-lines.ts'
import { aPod, eventually, type Machine, machine } from './fixture.ts'
import { type LogQuery, nodeLogs } from './node-logs.ts'

const ref = { namespace: 'default', name: 'p', uid: 'u' }

async function withLogs(here: Machine, files: Record<string, string>) {
  const folder = join(here.dataDir, 'logs')
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, `default_p_u_main_${name}`), text)
  }
  const logs = nodeLogs(here)
  return async (query: Partial<LogQuery> = {}) => {
    const chunks: Buffer[] = []
    const all = logs.read({ ref, container: 'main', ...query }, AbortSignal.timeout(5000))
    for await (const chunk of all) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
}

test.each([
  [0, ''],
  [1, 'three\n'],
  [2, 'two\nthree\n'],
  [3, 'one\ntwo\nthree\n'],
  [9, 'one\ntwo\nthree\n'],
])('the last %i lines', async (tailLines, text) => {
  await using here = await machine()
  const read = await withLogs(here, { '0.log': 'one\ntwo\nthree\n' })
  expect(await read({ tailLines })).toBe(text)
})

test('a last line without an end is a line, and blocks do not matter', async () => {
  await using here = await machine()
  const long = `${'x'.repeat(70_000)}\n${'y'.repeat(70_000)}\nend`
  const read = await withLogs(here, { '0.log': long })
  expect(await read({ tailLines: 1 })).toBe('end')
  expect(await read({ tailLines: 2 })).toBe(`${'y'.repeat(70_000)}\nend`)
  expect(await read({ tailLines: 3 })).toBe(long)
  expect(await read({ limitBytes: 4 })).toBe('xxxx')
})

test('standard error comes after standard output where they are apart', async () => {
  await using here = await machine()
  const read = await withLogs(here, { '0.log': 'out\n', '0.stderr.log': 'err\n' })
  expect(await read()).toBe('out\nerr\n')
  expect(await read({ tailLines: 1 })).toBe('err\n')
})

test('the last attempt is read, or the one before it', async () => {
  await using here = await machine()
  const read = await withLogs(here, { '9.log': 'nine', '10.log': 'ten' })
  expect(await read()).toBe('ten')
  expect(await read({ previous: true })).toBe('nine')
})

test('what pods have left is found by their names, and read by attempt', async () => {
  await using here = await machine()
  const read = await withLogs(here, { '0.log': 'zero', '1.log': 'one', '1.stderr.log': 'err' })
  const kept = await nodeLogs(here).kept('default', new Set(['p', 'q']))
  expect(kept.map(({ ref: { uid }, container, attempt }) => [uid, container, attempt])).toEqual([
    ['u', 'main', 0],
    ['u', 'main', 1],
  ])
  expect(await nodeLogs(here).kept('argo', new Set(['p']))).toEqual([])
  expect(await read({ attempt: 0 })).toBe('zero')
})

test('without logs the kubelet says why', async () => {
  await using here = await machine()
  const read = await withLogs(here, { '0.log': '' })
  await expect(read({ container: 'other' })).rejects.toThrow(
    'container "other" in pod "p" is waiting to start: ContainerCreating',
  )
  await expect(read({ previous: true })).rejects.toThrow(
    'previous terminated container "main" in pod "p" not found',
  )
})

test('following ends with the container, after its last words', async () => {
  await using here = await machine()
  const pod = await here.create(aPod('p'))
  const uid = pod.metadata.uid ?? ''
  const file = join(here.dataDir, `logs/default_p_${uid}_main_0.log`)
  await mkdir(join(here.dataDir, 'logs'), { recursive: true })
  await writeFile(file, 'first\n')
  let text = ''
  const reading = (async () => {
    const query = { ref: { ...ref, uid }, container: 'main', follow: true }
    for await (const chunk of nodeLogs(here).read(query, AbortSignal.timeout(5000))) text += chunk
  })()
  await eventually(() => here.clock.waiting > 0)
  await appendFile(file, 'second\n')
  here.clock.advance(200)
  await eventually(() => text === 'first\nsecond\n' && here.clock.waiting > 0)
  await here.client.patch(
    { resource: resources.pods, namespace: 'default', name: 'p' },
    { type: 'merge', subresource: 'status', body: { status: { phase: 'Succeeded' } } },
  )
  await appendFile(file, 'last\n')
  here.clock.advance(200)
  await reading
  expect(text).toBe('first\nsecond\nlast\n')
})

test('CRI lines have a time, a stream and a tag', async () => {
  async function* chunks() {
    yield Buffer.from('one\ntw')
    yield Buffer.from('o\nrest')
  }
  const lines: string[] = []
  const options = { stream: 'stdout', now: () => Date.UTC(2026, 0, 1) } as const
  for await (const line of criLines(chunks(), options)) lines.push(line)
  expect(lines).toEqual([
    '2026-01-01T00:00:00.000000000Z stdout F one\n',
    '2026-01-01T00:00:00.000000000Z stdout F two\n',
    '2026-01-01T00:00:00.000000000Z stdout P rest\n',
  ])
})
