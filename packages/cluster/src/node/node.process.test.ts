import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@argosy/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPod, aStep, type Machine, machine, phaseIs } from './fixture.ts'
import { nodeLogs } from './node-logs.ts'
import type { Runtime } from './runtime.ts'
import { processRuntime } from './runtimes/process.ts'

describe('with plain processes', () => {
  let here: Machine
  let runtime: Runtime
  let room: string
  beforeAll(async () => {
    here = await machine()
    room = await mkdtemp(join(tmpdir(), 'argosy-step-'))
    runtime = await processRuntime({ cacheDir: join(tmpdir(), 'argosy-launcher') })
    await here.start({ runtime, clock: systemClock })
  })
  afterAll(async () => {
    await here[Symbol.asyncDispose]()
    await runtime[Symbol.asyncDispose]()
    await rm(room, { recursive: true, force: true })
  })

  const read = async (name: string, container = 'main') => {
    const pod = await here.pod(name)
    const logs = nodeLogs({ client: here.client, clock: systemClock, dataDir: here.dataDir })
    const ref = { namespace: 'default', name, uid: pod?.metadata.uid ?? '' }
    const chunks: Buffer[] = []
    const query = { ref, container, follow: true }
    for await (const chunk of logs.read(query, AbortSignal.timeout(5_000))) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  test('output is in the log after the pod, and the exit code in its status', async () => {
    const command = ['sh', '-c', 'echo out; echo err >&2; exit 7']
    await here.create(aPod('talks', { containers: [{ name: 'main', image: 'alpine', command }] }))
    const pod = await here.until('talks', phaseIs('Failed'))
    expect(pod?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 7,
      reason: 'Error',
    })
    expect(await read('talks')).toBe('out\nerr\n')
  })

  test('a script runs, its result is its standard output alone, its parameter and artifact are kept', async () => {
    const source = `echo 41; echo noise >&2; printf 'p\\n\\n' > ${room}/p; echo art > ${room}/art`
    const template = {
      script: { name: 'main', source },
      outputs: {
        parameters: [
          { name: 'p', valueFrom: { path: `${room}/p` } },
          { name: 'q', valueFrom: { path: `${room}/none`, default: 'fallback' } },
        ],
        artifacts: [{ name: 'art', path: `${room}/art` }],
      },
    }
    const containers = [
      { name: 'main', image: 'alpine', command: ['sh'], args: ['/argo/staging/script'] },
    ]
    await here.create(aStep('script', template, { includeResult: true }, { containers }))
    await here.until('script', phaseIs('Succeeded', 'Failed'))
    const result = await here.result('script')
    expect(result?.message).toBeUndefined()
    expect(result?.outputs).toMatchObject({
      result: '41',
      parameters: [
        { name: 'p', value: 'p\n' },
        { name: 'q', value: 'fallback' },
      ],
      artifacts: [{ name: 'art', disk: { key: 'wf/script/art.tgz' } }],
    })
    const kept = join(here.dataDir, 'artifacts/wf/script/art.tgz.unpacked/art')
    expect(await readFile(kept, 'utf8')).toBe('art\n')
    expect(await read('script')).toBe('41\nnoise\n')
  })

  test('argosay is ours, with and without a command', async () => {
    const says = (name: string, extra: object) =>
      here.create(
        aPod(name, {
          containers: [{ name: 'main', image: 'argoproj/argosay:v2', ...extra }],
        }),
      )
    await says('say-1', {})
    await says('say-2', { args: ['echo', 'hello world'] })
    await says('say-3', { command: ['/argosay'], args: ['exit', '3'] })
    await here.until('say-3', phaseIs('Failed'))
    await here.until('say-2', phaseIs('Succeeded'))
    await here.until('say-1', phaseIs('Succeeded'))
    expect(await read('say-1')).toBe('hello argo\n')
    expect(await read('say-2')).toBe('hello world\n')
  })

  test('a program that this machine lacks is a StartError with its name', async () => {
    const command = ['no-such-cowsay', 'moo']
    await here.create(aPod('lacks', { containers: [{ name: 'main', image: 'alpine', command }] }))
    const pod = await here.until('lacks', phaseIs('Failed'))
    const ended = pod?.status?.containerStatuses?.[0]?.state?.terminated
    expect(ended).toMatchObject({ reason: 'StartError' })
    expect(ended?.message).toContain('no-such-cowsay')
  })

  test('a mount that a plain process cannot have is refused', async () => {
    const containers = [
      {
        name: 'main',
        image: 'alpine',
        command: ['true'],
        volumeMounts: [{ name: 'work', mountPath: '/work' }],
      },
    ]
    await here.create(aPod('mounts', { containers, volumes: [{ name: 'work', emptyDir: {} }] }))
    const pod = await here.until('mounts', phaseIs('Failed'))
    expect(pod?.status?.containerStatuses?.[0]?.state?.terminated?.message).toMatch(
      /plain process cannot have a volume mounted at \/work/,
    )
  })

  test('a deleted pod gets SIGTERM, its last status, and is gone', async () => {
    const command = ['sh', '-c', 'trap "echo bye; exit 0" TERM; while :; do sleep 0.01; done']
    await here.create(aPod('deleted', { containers: [{ name: 'main', image: 'alpine', command }] }))
    const pod = await here.until('deleted', phaseIs('Running'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { pods } = (await import('@argosy/kube')).resources
    await here.client.remove({ resource: pods, namespace: 'default', name: 'deleted' })
    await here.until('deleted', (now) => now === undefined)
    const logs = nodeLogs({ client: here.client, clock: systemClock, dataDir: here.dataDir })
    const ref = { namespace: 'default', name: 'deleted', uid: pod?.metadata.uid ?? '' }
    const chunks: Buffer[] = []
    for await (const chunk of logs.read({ ref, container: 'main' }, AbortSignal.timeout(1000))) {
      chunks.push(chunk)
    }
    expect(Buffer.concat(chunks).toString()).toBe('bye\n')
  })
})
