import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContainerSpec, Runtime } from '../../runtime.ts'
import { onImage } from './candidate.fixture.ts'
import { dockerRuntime } from './docker.ts'
import { busybox, imageOfBusybox, startEngine, testSocket } from './engine.fixture.ts'
import { openEngine } from './engine.ts'

const found = testSocket()
const missing = 'missing' in found ? found.missing : undefined

describe.skipIf(missing)(`an engine that goes away${missing ? ` (${missing})` : ''}`, () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'argosy-away-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }))

  function spec(script: string): ContainerSpec {
    const log = `${dir}/logs/log`
    return onImage(
      {
        ...{ dir: `${dir}/containers/one`, argv: ['sh', '-c', script], env: {}, workingDir: '/' },
        mounts: [],
        ...{ root: { kind: 'host' }, stdout: log, stderr: log },
      },
      busybox,
    )
  }

  async function open(socket: string): Promise<Runtime> {
    const engine = await openEngine(socket)
    await imageOfBusybox(engine, busybox, ['CMD ["sh"]'])
    engine.close()
    return dockerRuntime({ socket })
  }

  async function says(text: string): Promise<void> {
    const said = () => readFile(`${dir}/logs/log`, 'utf8')
    await expect.poll(said, { timeout: 30_000 }).toContain(text)
  }

  test('what ended with its engine has ended, and is not run again', async () => {
    const first = await startEngine(`${dir}/engine`)
    const runtime = await open(first.socket)
    const container = await runtime.start(spec('echo ready; exec sleep 1000'))
    await says('ready')
    await first.stop()
    const second = await startEngine(`${dir}/engine`)
    expect((await container.exited).code).not.toBe(0)
    expect(await readFile(`${dir}/logs/log`, 'utf8')).toBe('ready\n')
    await runtime.remove(`${dir}/containers/one`)
    await runtime[Symbol.asyncDispose]()
    await second.stop()
  })
})
