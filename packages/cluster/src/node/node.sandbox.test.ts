import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { systemClock } from '@argosy/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPod, aStep, type Machine, machine, phaseIs } from './fixture.ts'
import { nodeLogs } from './node-logs.ts'
import type { Runtime } from './runtime.ts'
import { sandboxRuntime } from './runtimes/sandbox.ts'
import { removeStateDir } from './state-dir.ts'

describe('in the sandbox', () => {
  let here: Machine
  let runtime: Runtime | undefined
  beforeAll(async () => {
    here = await machine()
    runtime = await sandboxRuntime({ cacheDir: join(tmpdir(), 'argosy-launcher') }).catch(
      () => undefined,
    )
    if (runtime) await here.start({ runtime, clock: systemClock })
  })
  afterAll(async () => {
    await here[Symbol.asyncDispose]()
    await runtime?.[Symbol.asyncDispose]()
  })

  const sh = (script: string, more: object = {}) => ({
    containers: [{ name: 'main', image: 'alpine', command: ['sh', '-c', script], ...more }],
  })

  test('a step that sees the files of this machine does not see the data directory', async ({
    skip,
  }) => {
    if (!runtime) skip('no sandbox on this machine')
    // Not below /tmp, of which every container has its own.
    const dataDir = await mkdtemp('/var/tmp/argosy-node-')
    await writeFile(join(dataDir, 'admin.token'), 'top secret')
    const other = await machine()
    await other.start({ ...(runtime && { runtime }), clock: systemClock, dataDir })
    const script = `cd ${dataDir} && ls -A && ! cat admin.token && ! touch x`
    await other.create(aPod('spy', sh(script)))
    const pod = await other.until('spy', phaseIs('Succeeded', 'Failed'))
    const [file = ''] = await readdir(join(dataDir, 'logs'))
    const said = await readFile(join(dataDir, 'logs', file), 'utf8')
    expect([pod?.status?.phase, said]).toEqual([
      'Succeeded',
      expect.stringMatching(/^[^\n]*cat: .*admin.token.*\n[^\n]*touch: .*\n$/),
    ])
    await other[Symbol.asyncDispose]()
    await removeStateDir(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  })

  test('artifacts go from one step to the next, and a step may write to its input', async ({
    skip,
  }) => {
    if (!runtime) skip('no sandbox on this machine')
    const outputs = { artifacts: [{ name: 'art', path: '/tmp/art' }] }
    const write = 'mkdir /tmp/art && echo one > /tmp/art/file && ln -s file /tmp/art/link'
    await here.create(aStep('writes', { outputs }, {}, sh(write)))
    await here.until('writes', phaseIs('Succeeded', 'Failed'))
    const kept = await here.result('writes')
    expect(kept).toMatchObject({ outputs: { artifacts: [{ name: 'art' }] } })
    const inputs = {
      artifacts: [{ name: 'in', path: '/data/in', disk: { key: 'wf/writes/art.tgz' } }],
    }
    const parameters = [{ name: 'p', valueFrom: { path: '/tmp/p' } }]
    for (const name of ['reads-1', 'reads-2']) {
      const read = 'cat /data/in/link > /tmp/p && echo scribble >> /data/in/file'
      await here.create(aStep(name, { inputs, outputs: { parameters } }, {}, sh(read)))
      await here.until(name, phaseIs('Succeeded', 'Failed'))
      const result = await here.result(name)
      expect(result).toMatchObject({ outputs: { parameters: [{ name: 'p', value: 'one' }] } })
    }
  })

  test('a large artifact is handed on without a copy, and what a step makes of it is its own', async ({
    skip,
  }) => {
    if (!runtime) skip('no sandbox on this machine')
    const outputs = { artifacts: [{ name: 'art', path: '/srv/art' }] }
    const write =
      'mkdir /srv/art && head -c 3000000 /dev/zero > /srv/art/zeros && echo a > /srv/art/a'
    await here.create(aStep('makes', { outputs }, {}, sh(write)))
    await here.until('makes', phaseIs('Succeeded', 'Failed'))
    const artifacts = [{ name: 'in', path: '/work', disk: { key: 'wf/makes/art.tgz' } }]
    const kept = join(here.dataDir, 'artifacts/wf')
    for (const name of ['changes-1', 'changes-2']) {
      const change = `rm /work/a && echo ${name} > /work/b && ls -a /work > /tmp/seen`
      const template = {
        inputs: { artifacts },
        outputs: {
          artifacts: [{ name: 'out', path: '/work' }],
          parameters: [{ name: 'seen', valueFrom: { path: '/tmp/seen' } }],
        },
      }
      await here.create(aStep(name, template, {}, sh(change)))
      await here.until(name, phaseIs('Succeeded', 'Failed'))
      const result = await here.result(name)
      const seen = { name: 'seen', value: '.\n..\nb\nzeros' }
      expect(result).toMatchObject({ outputs: { parameters: [seen] } })
      const out = join(kept, name, 'out.tgz.unpacked/work')
      expect((await readdir(out)).sort()).toEqual(['b', 'zeros'])
      const [one, other] = await Promise.all([
        lstat(join(kept, 'makes/art.tgz.unpacked/art/zeros')),
        lstat(join(out, 'zeros')),
      ])
      expect(other.ino).toBe(one.ino)
    }
    expect(await readFile(join(kept, 'makes/art.tgz.unpacked/art/a'), 'utf8')).toBe('a\n')
  })

  test('containers of a pod share a volume, and what they say last is their message', async ({
    skip,
  }) => {
    if (!runtime) skip('no sandbox on this machine')
    const volumeMounts = [{ name: 'work', mountPath: '/work' }]
    await here.create(
      aPod('shares', {
        volumes: [{ name: 'work', emptyDir: {} }],
        initContainers: [
          {
            name: 'init',
            image: 'alpine',
            command: ['sh', '-c', 'echo hello > /work/x'],
            volumeMounts,
          },
        ],
        ...sh('cat /work/x; echo bye > /dev/termination-log', { volumeMounts }),
      }),
    )
    const pod = await here.until('shares', phaseIs('Succeeded', 'Failed'))
    const ref = { namespace: 'default', name: 'shares', uid: pod?.metadata.uid ?? '' }
    const logs = nodeLogs({ ...here, clock: systemClock })
    const text = await buffer(
      Readable.from(logs.read({ ref, container: 'main' }, AbortSignal.timeout(5000))),
    )
    expect(text.toString()).toBe('hello\n')
    expect(pod?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 0,
      message: 'bye\n',
    })
  })
})
