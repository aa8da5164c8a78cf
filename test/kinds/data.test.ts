import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@argosy/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { executorPrograms, localDrivers } from '../../packages/executor/src/index.ts'
import { bench } from './bench.ts'

const { data } = executorPrograms()
if (!data) throw new Error('there is no program for data')

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'argosy-data-'))
  await mkdir(join(root, 'logs/deep'), { recursive: true })
  for (const name of ['logs/a.log', 'logs/b.txt', 'logs/deep/c.log']) {
    await writeFile(join(root, name), '')
  }
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function run(template: JsonObject): Promise<unknown> {
  const container = bench().container({ data: template }, { drivers: localDrivers(root) })
  expect(await data?.(container.call())).toBe(0)
  return JSON.parse(container.files.get('/var/run/argo/verdict.json') ?? '')
}

const logs: JsonObject = { artifactPaths: { name: 'a', disk: { key: 'logs' } } }
const transformed = (...expressions: string[]) => ({
  source: logs,
  transformation: expressions.map((expression) => ({ expression })),
})

test('the paths below a key are the result', async () => {
  expect(await run({ source: logs })).toEqual({
    outputs: { result: '["logs/a.log","logs/b.txt","logs/deep/c.log"]' },
  })
})

test.each([
  [['filter(data, {# endsWith ".log"})'], '["logs/a.log","logs/deep/c.log"]'],
  [['filter(data, {# endsWith ".log"})', 'len(data)'], '2'],
  [['map(data, {# + "!"})', 'data[0]'], '"logs/a.log!"'],
])('%j', async (expressions, result) => {
  expect(await run(transformed(...expressions))).toEqual({ outputs: { result } })
})

test('what goes wrong is told in upstream’s words', async () => {
  await expect(run({ source: {} })).rejects.toThrow(
    'unable to process data template: unable to process data source: no valid source is used for data template',
  )
  await expect(run(transformed('data', 'data['))).rejects.toThrow(
    /^unable to process data template: unable to process data transformation: error processing data step 1: unexpected token/,
  )
  const nowhere = { source: { artifactPaths: { name: 'a', disk: { key: 'nowhere' } } } }
  await expect(run(nowhere)).rejects.toThrow(
    'unable to process data template: unable to process data source: unable to source artifact paths: no artifact at key nowhere',
  )
})
