import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StepPlan, Template } from '@argosy/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localDrivers } from './artifacts/drivers.ts'
import { collect, type Ended } from './collect.ts'

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-collect-'))
  await mkdir(join(room, 'view'))
})
afterEach(() => rm(room, { recursive: true, force: true }))

function collected(
  outputs: Template['outputs'],
  more: { readonly plan?: Partial<StepPlan>; readonly ended?: Partial<Ended> } = {},
) {
  const plan: StepPlan = {
    nodeId: 'n',
    template: { ...(outputs && { outputs }) },
    archiveLocation: { disk: { key: 'wf/n' } },
    includeResult: false,
    ...more.plan,
  }
  return collect(plan, {
    resolve: async (path) => {
      const real = join(room, 'view', path)
      return lstat(real).then(
        () => real,
        () => undefined,
      )
    },
    stdout: join(room, 'stdout'),
    logs: [],
    isSettled: () => false,
    drivers: localDrivers(join(room, 'kept')),
    ...more.ended,
  })
}

const wantsResult = { plan: { includeResult: true } }

test.each([
  ['text\n', 'text'],
  ['text\n\n', 'text\n'],
  ['text', 'text'],
  ['', ''],
  ['\n', ''],
])('the result of %j is %j', async (stdout, result) => {
  await writeFile(join(room, 'stdout'), stdout)
  expect(await collected(undefined, wantsResult)).toEqual({ outputs: { result } })
})

test('of a long output the last 256 KiB are the result', async () => {
  const end = `${'x'.repeat(256 * 1024 - 3)}end`
  await writeFile(join(room, 'stdout'), `lost${end}\n`)
  expect((await collected(undefined, wantsResult)).outputs.result).toBe(end)
})

test('a parameter is its file without one newline, or its default', async () => {
  await writeFile(join(room, 'view/p'), 'value\n\n')
  const parameters = [
    { name: 'p', valueFrom: { path: '/p' } },
    { name: 'd', valueFrom: { path: '/none', default: 'default' } },
  ]
  const { outputs, error } = await collected({ parameters })
  expect(error).toBeUndefined()
  expect(outputs.parameters?.map(({ value }) => value)).toEqual(['value\n', 'default'])
})

test('a missing parameter file is an error in the words of upstream', async () => {
  const parameters = [{ name: 'p', valueFrom: { path: '/tmp/p' } }]
  expect((await collected({ parameters })).error).toBe(
    'open /var/run/argo/outputs/parameters/tmp/p: no such file or directory',
  )
})

test('what was read before a missing file has its value, what comes after it is reported without', async () => {
  for (const name of ['a', 'c']) await writeFile(join(room, `view/${name}`), name)
  const parameters = ['a', 'b', 'c'].map((name) => ({ name, valueFrom: { path: `/${name}` } }))
  const { outputs } = await collected({ parameters })
  expect(outputs.parameters).toEqual([
    { name: 'a', valueFrom: { path: '/a' }, value: 'a' },
    { name: 'b', valueFrom: { path: '/b' } },
    { name: 'c', valueFrom: { path: '/c' } },
  ])
})

test.each([
  ['/view/a.txt', {}, 'wf/n/art.tgz'],
  ['/view/a.txt', { archive: { none: {} } }, 'wf/n/a.txt'],
  ['/view/a.txt', { archive: { zip: {} } }, 'wf/n/art.zip'],
  ['/view/a.txt', { disk: { key: 'my/key.txt' } }, 'my/key.txt'],
])('an artifact from %s with %j is kept at %s', async (path, more, key) => {
  await mkdir(join(room, 'view/view'))
  await writeFile(join(room, 'view', path), 'art')
  const { outputs } = await collected({ artifacts: [{ name: 'art', path, ...more }] })
  expect(outputs.artifacts).toEqual([{ name: 'art', path, ...more, disk: { key } }])
})

test('what can be had is had, and every artifact that fails is named', async () => {
  await writeFile(join(room, 'view/good'), 'art')
  const artifacts = [
    { name: 'a', path: '/bad-1' },
    { name: 'b', path: '/good' },
    { name: 'c', path: '/bad-2' },
    { name: 'd', path: '/bad-3', optional: true },
  ]
  const { outputs, error } = await collected({ artifacts })
  expect(outputs.artifacts?.map(({ name }) => name)).toEqual(['b'])
  expect(error).toBe(
    'open /var/run/argo/outputs/artifacts/bad-1.tgz: no such file or directory; ' +
      'open /var/run/argo/outputs/artifacts/bad-2.tgz: no such file or directory; ',
  )
})

test('archived logs are plain files, both streams in one', async () => {
  await writeFile(join(room, 'stdout'), 'out\n')
  await writeFile(join(room, 'stderr'), 'err\n')
  const { outputs, error } = await collected(undefined, {
    plan: { archiveLocation: { disk: { key: 'wf/n' }, archiveLogs: true } as never },
    ended: { logs: [{ container: 'main', files: [join(room, 'stdout'), join(room, 'stderr')] }] },
  })
  expect(error).toBeUndefined()
  expect(outputs.artifacts).toEqual([{ name: 'main-logs', disk: { key: 'wf/n/main.log' } }])
  expect(await readFile(join(room, 'kept/wf/n/main.log'), 'utf8')).toBe('out\nerr\n')
})

test('what is not there in a volume is told as its place in the volume', async () => {
  const ended = { mounts: ['/work'] }
  const parameters = [{ name: 'p', valueFrom: { path: '/work/p' } }]
  expect((await collected({ parameters }, { ended })).error).toBe(
    'open /mainctrfs/work/p: no such file or directory',
  )
  const artifacts = [{ name: 'a', path: '/work/a' }]
  expect((await collected({ artifacts }, { ended })).error).toBe(
    'stat /mainctrfs/work/a: no such file or directory; ',
  )
})

test('what says nothing of the step is thrown, not made an output: neither a default nor an error', async () => {
  await mkdir(join(room, 'view', 'value'))
  const valueFrom = { path: '/value', default: 'nothing' }
  const parameters = [{ name: 'v', valueFrom }]
  const { outputs } = await collected({ parameters })
  expect(outputs.parameters).toEqual([{ name: 'v', valueFrom, value: 'nothing' }])
  const passing = { isPassing: (error: unknown) => (error as { code?: string }).code === 'EISDIR' }
  await expect(collected({ parameters }, { ended: passing })).rejects.toMatchObject({
    code: 'EISDIR',
  })
  const artifacts = [{ name: 'a', path: '/value' }]
  const full = { isPassing: () => true, drivers: localDrivers('/dev/null/none') }
  await expect(collected({ artifacts }, { ended: full })).rejects.toMatchObject({ code: 'ENOTDIR' })
  expect(
    (await collected({ artifacts }, { ended: { ...full, isPassing: () => false } })).error,
  ).toContain('ENOTDIR')
})

test('of a resource template that has failed there are no outputs', async () => {
  const parameters = [{ name: 'k', valueFrom: { jsonPath: '{.data}' } }]
  const template = { resource: { action: 'get' }, outputs: { parameters } }
  expect((await collected(undefined, { plan: { template } })).outputs).toEqual({})
})
