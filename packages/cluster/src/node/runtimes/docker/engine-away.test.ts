import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContainerSpec, Runtime } from '../../runtime.ts'
import { onImage } from './candidate.fixture.ts'
import { dockerRuntime } from './docker.ts'
import { FakeEngine } from './fake-engine.fixture.ts'
import { containerName, dirLabel } from './identity.ts'

let dir: string
let engine: FakeEngine
let pauses: number[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'argosy-away-'))
  engine = new FakeEngine(`${dir}/socket`)
  pauses = []
  await engine.open()
})
afterEach(async () => {
  await engine.close()
  await rm(dir, { recursive: true, force: true })
})

const container = () => `${dir}/containers/one`

function spec(): ContainerSpec {
  const log = `${dir}/logs/log`
  return onImage(
    {
      ...{ dir: container(), argv: ['work'], env: {}, workingDir: '/', mounts: [] },
      ...{ root: { kind: 'host' }, stdout: log, stderr: log },
    },
    'image',
  )
}

/** `rest` is done instead of waiting. */
function open(rest: () => Promise<void> | void = () => undefined): Promise<Runtime> {
  const pause = async (ms: number) => {
    pauses.push(ms)
    await new Promise(setImmediate)
    await rest()
  }
  return dockerRuntime({ socket: engine.socket, pause })
}

async function ran(): Promise<void> {
  const first = await open()
  await first.start(spec())
  await first[Symbol.asyncDispose]()
}

/** Comes back when somebody has waited some times. */
function backAfter(times: number, first: () => void = () => undefined) {
  let isBack = false
  return async () => {
    if (isBack || pauses.length < times) return
    isBack = true
    first()
    engine.status = undefined
    await engine.open()
  }
}

describe('an engine that goes away while a container of an earlier process runs', () => {
  test('is waited for, longer each time, and then asked how it ended', async () => {
    await ran()
    const second = await open(backAfter(16, () => engine.end(3)))
    const found = await second.adopt(container())
    await engine.close()
    expect(await found?.exited).toMatchObject({ code: 3 })
    expect(Math.max(...pauses)).toBe(10_000)
    expect(existsSync(`${container()}/exit`)).toBe(true)
    await second[Symbol.asyncDispose]()
  })

  test('is waited for when it is away before anybody looked', async () => {
    await ran()
    const second = await open(backAfter(3))
    await engine.close()
    const found = await second.adopt(container())
    engine.end(0)
    expect(await found?.exited).toMatchObject({ code: 0 })
    expect(engine.asked.filter((one) => one === 'POST /containers/create')).toHaveLength(1)
    await second[Symbol.asyncDispose]()
  })

  test('may have somebody before it who says so', async () => {
    await ran()
    const second = await open(backAfter(5))
    engine.status = 503
    const found = await second.adopt(container())
    engine.end(4)
    expect(await found?.exited).toMatchObject({ code: 4 })
    await second[Symbol.asyncDispose]()
  })

  test('and ends the wait too early has not ended its containers', async () => {
    await ran()
    const second = await open(() => engine.end(5))
    const found = await second.adopt(container())
    await expect.poll(() => engine.asked).toContain('POST /containers/x/wait')
    engine.release()
    expect(await found?.exited).toMatchObject({ code: 5 })
    await second[Symbol.asyncDispose]()
  })

  test('what it does not know any more when it is back is lost, and is not run again', async () => {
    await ran()
    const second = await open(backAfter(2, () => engine.containers.clear()))
    const found = await second.adopt(container())
    await engine.close()
    expect(await found?.exited).toMatchObject({ code: 137, startError: expect.any(String) })
    expect(engine.asked.filter((one) => one === 'POST /containers/create')).toHaveLength(1)
    await second[Symbol.asyncDispose]()
  })

  test('an error that stays is not asked for ever', async () => {
    await ran()
    const second = await open()
    engine.status = 500
    await expect(second.adopt(container())).rejects.toThrow('not now')
    expect(pauses).toHaveLength(20)
    await second[Symbol.asyncDispose]()
  })
})

test('a container that an earlier process had only asked for is made when the engine is back', async () => {
  await mkdir(`${container()}/scratch`, { recursive: true })
  await mkdir(`${dir}/logs`)
  await writeFile(`${container()}/docker.json`, JSON.stringify({ spec: spec(), base: [0, 0] }))
  const runtime = await open(backAfter(4))
  // Looked for, not found, and gone by the time it is asked to make it.
  engine.heard = (line) => {
    if (line === 'POST /containers/create' && pauses.length === 0) engine.status = 503
  }
  const found = await runtime.adopt(container())
  engine.end(0)
  expect(await found?.exited).toMatchObject({ code: 0 })
  expect(await readFile(`${container()}/docker.json`, 'utf8')).toContain('work')
  await runtime[Symbol.asyncDispose]()
})

test('what is left of a data directory that is gone goes at the next start', async () => {
  await ran()
  const left = (dir: string) => ({ code: 0, log: '', labels: { [dirLabel]: dir } })
  engine.containers.set('gone', { status: 'exited', ...left(`${dir}/containers/none`) })
  // As a directory of somebody else, into which we may not look.
  engine.containers.set('hidden', { status: 'running', ...left('/dev/null/containers/none') })
  const runtime = await open()
  expect([...engine.containers.keys()]).toEqual([containerName(container()), 'hidden'])
  await runtime[Symbol.asyncDispose]()
})

describe('a container that cannot be created', () => {
  test.each([
    ['its disk is full', 500, 'mkdir /var/lib/x: no space left on device'],
    ['it is asked too early', 404, 'No such image: image:1'],
  ])('is tried again later when the engine says that %s', async (_, status, message) => {
    const runtime = await open()
    Object.assign(engine, { status, message })
    const refused = { reason: 'CreateContainerError', message, retry: true }
    await expect(runtime.start(spec())).rejects.toMatchObject(refused)
    expect(existsSync(container())).toBe(false)
    engine.status = undefined
    const started = await runtime.start(spec())
    engine.end(0)
    expect(await started.exited).toMatchObject({ code: 0 })
    await runtime[Symbol.asyncDispose]()
  })

  test('for a name that another has is not taken for that one', async () => {
    const labels = { [dirLabel]: dir }
    const name = containerName(container())
    engine.containers.set(name, { status: 'created', code: 0, log: 'secret', labels })
    const runtime = await open()
    const refused = { reason: 'CreateContainerError', message: `${name} is already in use` }
    await expect(runtime.start(spec())).rejects.toMatchObject(refused)
    expect(engine.asked).not.toContain('POST /containers/x/start')
    await runtime[Symbol.asyncDispose]()
  })
})
