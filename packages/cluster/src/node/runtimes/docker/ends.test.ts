import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ContainerSpec, Runtime } from '../../runtime.ts'
import { onImage } from './candidate.fixture.ts'
import { dockerRuntime } from './docker.ts'
import { FakeEngine } from './fake-engine.fixture.ts'

let dir: string
let engine: FakeEngine
let runtime: Runtime

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'argosy-ends-'))
  engine = new FakeEngine(`${dir}/socket`, { isDockers: true })
  await engine.open()
  runtime = await dockerRuntime({ socket: engine.socket, pause: () => new Promise(setImmediate) })
  await expect.poll(() => engine.asked).toContain('GET /events')
})
afterEach(async () => {
  await runtime[Symbol.asyncDispose]()
  await engine.close()
  await rm(dir, { recursive: true, force: true })
})

function spec(more: Partial<ContainerSpec> = {}): ContainerSpec {
  const log = `${dir}/logs/log`
  return onImage(
    {
      ...{ dir: `${dir}/containers/one`, argv: ['work'], env: {}, workingDir: '/', mounts: [] },
      ...{ root: { kind: 'host' }, stdout: log, stderr: log, ...more },
    },
    'image',
  )
}

const limited = { limits: { memoryBytes: 1_000_000 } }
const looks = () => engine.asked.filter((one) => one === 'GET /containers/x/json').length

test('what the engine tells of an end is believed while it is still busy with that', async () => {
  const container = await runtime.start(spec())
  engine.isBusy = true
  engine.closeOutput()
  engine.tell('die', { exitCode: '3' })
  expect(await container.exited).toMatchObject({ code: 3 })
  expect(JSON.parse(await readFile(`${dir}/containers/one/exit`, 'utf8'))).toMatchObject({
    code: 3,
    outOfMemory: false,
  })
})

test('a container that ends at once has been started, although nobody could look at it', async () => {
  engine.heard = (line) => {
    if (line !== 'POST /containers/x/start') return
    engine.isBusy = true
    setImmediate(() => {
      engine.closeOutput()
      engine.tell('die', { exitCode: '0' })
    })
  }
  const before = Date.now()
  const container = await runtime.start(spec())
  expect(await container.exited).toMatchObject({ code: 0 })
  expect(container.startedAt).toBeGreaterThanOrEqual(before)
})

test('memory that ran out is heard of before the end', async () => {
  const container = await runtime.start(spec(limited))
  engine.isBusy = true
  engine.tell('oom', {})
  engine.closeOutput()
  engine.tell('die', { exitCode: '0' })
  expect(await container.exited).toMatchObject({ code: 0, outOfMemory: true })
})

test('who waited is told as well: then memory has to be asked for', async () => {
  const first = await runtime.start(spec())
  engine.end(4)
  expect(await first.exited).toMatchObject({ code: 4 })
  const before = looks()
  const second = await runtime.start(spec({ ...limited, dir: `${dir}/containers/two` }))
  engine.end(4)
  expect(await second.exited).toMatchObject({ code: 4 })
  expect(looks()).toBe(before + 2)
})

test('the end of another container is none of this one', async () => {
  const container = await runtime.start(spec())
  engine.tell('die', { exitCode: '1' }, 'argosy-of-another')
  engine.end(0)
  expect(await container.exited).toMatchObject({ code: 0 })
})

test('an engine that went away is listened to again, and what it cannot have said is asked', async () => {
  const container = await runtime.start(spec())
  await engine.close()
  await engine.open()
  const listened = () => engine.asked.filter((one) => one === 'GET /events').length
  await expect.poll(listened).toBe(2)
  engine.tell('die', { exitCode: '9' })
  engine.end(5)
  expect(await container.exited).toMatchObject({ code: 5 })
  const next = await runtime.start(spec({ dir: `${dir}/containers/two` }))
  engine.closeOutput()
  engine.tell('die', { exitCode: '6' })
  expect(await next.exited).toMatchObject({ code: 6 })
})
