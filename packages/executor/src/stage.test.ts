import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifact, StepPlan, Template } from '@argosy/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localDrivers } from './artifacts/drivers.ts'
import { stage } from './stage.ts'

let room: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-stage-'))
})
afterEach(() => rm(room, { recursive: true, force: true }))

function planFor(template: Template): StepPlan {
  return { nodeId: 'n', template, archiveLocation: { disk: { key: 'wf/n' } }, includeResult: false }
}

function staged(
  artifacts: readonly Artifact[],
  inVolume: (path: string) => Promise<string | undefined> = async () => undefined,
  layers = false,
) {
  const surroundings = {
    layers,
    dir: join(room, 'step'),
    drivers: localDrivers(join(room, 'kept')),
    inVolume,
  }
  return stage(planFor({ inputs: { artifacts } }), surroundings)
}

const raw = (more: Partial<Artifact> = {}): Artifact => ({
  name: 'in',
  path: '/tmp/in',
  raw: { data: 'text' },
  ...more,
})

test('a script is an executable file at its place', async () => {
  const plan = planFor({ script: { name: 'main', source: 'echo' } })
  const drivers = localDrivers(room)
  const [one] = await stage(plan, {
    dir: join(room, 'step'),
    drivers,
    inVolume: async () => undefined,
  })
  expect(one?.target).toBe('/argo/staging/script')
  expect(await readFile(one?.source ?? '', 'utf8')).toBe('echo')
  expect((await lstat(one?.source ?? '')).mode & 0o111).not.toBe(0)
})

test('an artifact is brought here, to be mounted at its path', async () => {
  const [one] = await staged([raw({ path: '/tmp/x/../in/' })])
  expect(one?.target).toBe('/tmp/in')
  expect(await readFile(one?.source ?? '', 'utf8')).toBe('text')
})

test('an artifact whose path a volume covers is written into the volume', async () => {
  await mkdir(join(room, 'volume'))
  const inVolume = async (path: string) => join(room, 'volume', path.slice('/tmp'.length))
  expect(await staged([raw()], inVolume)).toEqual([])
  expect(await readFile(join(room, 'volume/in'), 'utf8')).toBe('text')
})

test('mode is set, also below, and not through links', async () => {
  await mkdir(join(room, 'tree/sub'), { recursive: true })
  await writeFile(join(room, 'tree/sub/file'), '')
  const disk = { key: 'tree' }
  const drivers = localDrivers(join(room, 'kept'))
  await drivers.disk?.save({ path: join(room, 'tree'), settled: false }, { name: 'a', disk })
  const [one] = await staged([{ name: 'in', path: '/in', disk, mode: 0o700, recurseMode: true }])
  expect((await lstat(join(one?.source ?? '', 'sub/file'))).mode & 0o777).toBe(0o700)
})

test('optional artifacts may be absent, others are named', async () => {
  const absent = { name: 'in', path: '/in', disk: { key: 'none' } }
  expect(await staged([{ ...absent, optional: true }])).toEqual([])
  expect(await staged([{ name: 'in', path: '/in', optional: true }])).toEqual([])
  await expect(staged([{ name: 'in', path: '/in' }])).rejects.toThrow(
    "required artifact 'in' not supplied",
  )
  await expect(staged([absent])).rejects.toThrow(
    'artifact in failed to load: no artifact at key none',
  )
  await expect(staged([{ name: 'in', path: '/in', git: { repo: 'x' } }])).rejects.toThrow(
    /Unsupported artifact driver for in: no git driver here/,
  )
})

test('staging again replaces what an interrupted staging left', async () => {
  await staged([raw()])
  const [one] = await staged([raw({ raw: { data: 'later' } })])
  expect(await readFile(one?.source ?? '', 'utf8')).toBe('later')
})

test('with layers a large artifact is lent, unless the step wants files of its own', async () => {
  await mkdir(join(room, 'tree'))
  await writeFile(join(room, 'tree/file'), Buffer.alloc(2 ** 21), { mode: 0o644 })
  const disk = localDrivers(join(room, 'kept')).disk
  for (const key of ['tree', 'tree/file']) {
    const source = { path: join(room, key), settled: false }
    await disk?.save(source, { name: 'a', disk: { key: key.replace('/', '-') } })
  }
  const ask = async (more: Partial<Artifact>, layers = true, inVolume?: () => Promise<string>) => {
    const [one] = await staged([{ name: 'in', path: '/in', ...more }], inVolume, layers)
    return one?.layered
  }
  const [file, tree] = [{ disk: { key: 'tree-file' } }, { disk: { key: 'tree' } }]
  expect(await ask(file)).toBe(true)
  expect(await ask({ ...file, mode: 0o644 })).toBe(true)
  expect(await ask({ ...file, mode: 0o755 })).toBeUndefined()
  expect(await ask({ ...tree, mode: 0o700 })).toBe(true)
  expect(await ask({ ...tree, mode: 0o700, recurseMode: true })).toBeUndefined()
  expect(await ask(file, false)).toBeUndefined()
  expect(await ask(file, true, async () => join(room, 'volume'))).toBeUndefined()
  expect(await readdir(room)).toContain('volume')
  expect((await lstat(join(room, 'kept/tree.unpacked/tree/file'))).mode & 0o777).toBe(0o644)
  expect((await lstat(join(room, 'kept/tree.unpacked/tree'))).mode & 0o777).toBe(0o755)
})

test('the name of an artifact leads nowhere', async () => {
  for (const name of ['../../kept', '..', 'a/b']) {
    await expect(staged([raw({ name })])).rejects.toThrow(`artifact ${name}: its name must not be`)
  }
})
