import { lstat, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Volume } from '@argosy/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aPod } from './fixture.ts'
import { placeInVolume, volumeMounts } from './mounts.ts'
import { makeVolumes } from './volumes.ts'

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-volumes-'))
})
afterEach(() => rm(room, { recursive: true, force: true }))

const host = { nodeName: 'here', hostIP: '10.0.0.1', allocatable: { cpu: 4 } }
const data = new Map([
  ['a', Buffer.from('A')],
  ['b', Buffer.from('B')],
])
const references = {
  configMap: async (name: string) => (name === 'cm' ? data : undefined),
  secret: async (name: string) => (name === 'sec' ? data : undefined),
}

async function made(volume: Omit<Volume, 'name'>): Promise<string> {
  const pod = aPod('p', { volumes: [{ name: 'v', ...volume }] }, { labels: { x: '1"' } })
  const volumes = await makeVolumes(pod, {
    dir: room,
    references,
    host,
    claim: async (name) => `/claims/${name}`,
  })
  return volumes.get('v') ?? ''
}

test('an emptyDir is open to everybody, and stays what it is', async () => {
  const dir = await made({ emptyDir: {} })
  expect((await lstat(dir)).mode & 0o777).toBe(0o777)
  await writeFile(join(dir, 'kept'), '')
  expect(await made({ emptyDir: {} })).toBe(dir)
  expect((await lstat(join(dir, 'kept'))).isFile()).toBe(true)
})

test('keys become files, items choose, rename and set modes', async () => {
  const whole = await made({ configMap: { name: 'cm', defaultMode: 0o600 } })
  expect(await readFile(join(whole, 'a'), 'utf8')).toBe('A')
  expect((await lstat(join(whole, 'b'))).mode & 0o777).toBe(0o600)
  await rm(whole, { recursive: true })
  const items = [{ key: 'a', path: 'deep/x', mode: 0o400 }]
  const some = await made({ secret: { secretName: 'sec', items } })
  expect(await readFile(join(some, 'deep/x'), 'utf8')).toBe('A')
  expect((await lstat(join(some, 'deep/x'))).mode & 0o777).toBe(0o400)
  await expect(lstat(join(some, 'b'))).rejects.toThrow()
})

test('absent objects and keys are named, or left out when they are optional', async () => {
  await expect(made({ secret: { secretName: 'no' } })).rejects.toThrow('secret "no" not found')
  const items = [{ key: 'no', path: 'x' }]
  await expect(made({ configMap: { name: 'cm', items } })).rejects.toThrow(
    /non-existent config key: no/,
  )
  await made({ configMap: { name: 'no', optional: true } })
})

test('projected volumes mix their sources', async () => {
  const sources = [
    { configMap: { name: 'cm', items: [{ key: 'a', path: 'from-cm' }] } },
    { secret: { name: 'sec', items: [{ key: 'b', path: 'from-secret' }] } },
    { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  ]
  const dir = await made({ projected: { sources } })
  expect(await readFile(join(dir, 'from-cm'), 'utf8')).toBe('A')
  expect(await readFile(join(dir, 'from-secret'), 'utf8')).toBe('B')
  expect(await readFile(join(dir, 'labels'), 'utf8')).toBe('x="1\\""')
})

test.each([['nfs', { nfs: { server: 'x' } }]])(
  '%s volumes are refused by name',
  async (kind, volume) => {
    await expect(made(volume)).rejects.toThrow(`${kind} volumes are not supported`)
  },
)

test('host paths are checked, and made where their type says so', async () => {
  const path = join(room, 'new')
  await expect(made({ hostPath: { path, type: 'Directory' } })).rejects.toThrow(
    /is not a directory/,
  )
  expect(await made({ hostPath: { path, type: 'DirectoryOrCreate' } })).toBe(path)
  await expect(made({ hostPath: { path, type: 'File' } })).rejects.toThrow(/is not a file/)
})

test('item paths cannot lead out of their volume', async () => {
  const items = [{ key: 'a', path: '../evil' }]
  await expect(made({ configMap: { name: 'cm', items } })).rejects.toThrow(
    /leads out of the volume/,
  )
})

const mounted = (mount: object) =>
  volumeMounts(
    { name: 'main', volumeMounts: [{ name: 'v', mountPath: '/data', ...mount }] },
    new Map([['v', room]]),
    { POD: 'p' },
  )

test('subPath and subPathExpr choose a directory of the volume, which is made', async () => {
  expect(mounted({ subPath: 'a/b' })[0]?.source).toBe(join(room, 'a/b'))
  expect((await lstat(join(room, 'a/b'))).isDirectory()).toBe(true)
  expect((await lstat(join(room, 'a/b'))).mode).toBe((await lstat(room)).mode)
  expect(mounted({ subPathExpr: 'x-$(POD)' })[0]?.source).toBe(join(room, 'x-p'))
})

test('a subPath leads neither up nor through a link', async () => {
  await symlink('/etc', join(room, 'link'))
  expect(() => mounted({ subPath: '../x' })).toThrow(/must not contain/)
  expect(() => mounted({ subPath: '/x' })).toThrow(/must be relative/)
  expect(() => mounted({ subPath: 'link/x' })).toThrow(/leads through a link/)
  expect(() => mounted({ name: 'none' })).toThrow(/names no volume/)
})

describe('a place that this process itself reads or writes', () => {
  const at = (path: string, target = '/data') =>
    placeInVolume([{ source: room, target, readOnly: false }], path)

  test('is in the innermost mount that covers it', async () => {
    await mkdir(join(room, 'inner'))
    const mounts = [
      { source: room, target: '/data', readOnly: false },
      { source: join(room, 'inner'), target: '/data/sub', readOnly: false },
    ]
    const real = await realpath(room)
    expect(await placeInVolume(mounts, '/data/x/y')).toBe(join(real, 'x/y'))
    expect(await placeInVolume(mounts, '/data/sub/x')).toBe(join(real, 'inner/x'))
    expect(await placeInVolume(mounts, '/database')).toBeUndefined()
  })

  test('is not reached by two dots', async () => {
    expect(await at('/data/../etc/passwd')).toBeUndefined()
    expect(await at('/data/x/../y')).toBe(join(await realpath(room), 'y'))
  })

  test('may be behind a link that stays in the volume, and behind none that leaves it', async () => {
    await mkdir(join(room, 'real'))
    await symlink('real', join(room, 'near'))
    await symlink('/etc', join(room, 'far'))
    await symlink('/nowhere/at/all', join(room, 'nothing'))
    expect(await at('/data/near/x')).toBe(join(await realpath(room), 'real/x'))
    for (const path of ['/data/far', '/data/far/x', '/data/nothing', '/data/nothing/x']) {
      await expect(at(path)).rejects.toThrow(`${path} leads out of its volume`)
    }
  })
})
