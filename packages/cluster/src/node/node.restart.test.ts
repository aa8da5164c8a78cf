import { mkdirSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, type Ref, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, aStep, eventually, type Machine, machine, phaseIs } from './fixture.ts'
import { startNode } from './node.ts'
import type { ContainerSpec, Runtime } from './runtime.ts'

/** Lets `left` effects happen; the next one happens too or not, by `when`, and nothing is heard or done after it. */
class Mortality {
  left: number
  readonly when: 'before' | 'after'
  dead = false
  readonly effects: string[] = []

  constructor(left: number, when: 'before' | 'after') {
    this.left = left
    this.when = when
  }

  async effect<T>(name: string, act: () => Promise<T>): Promise<T> {
    if (this.dead) return never()
    this.effects.push(name)
    if (this.left-- > 0) {
      const done = await act()
      return this.dead ? never() : done
    }
    this.dead = true
    if (this.when === 'after') await act()
    return never()
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined)
}

function mortalClient(client: Client, life: Mortality): Client {
  return {
    get: (...args) => (life.dead ? never() : client.get(...args)),
    list: (...args) => (life.dead ? never() : client.list(...args)),
    async *watch(query, signal) {
      for await (const batch of client.watch(query, signal)) {
        if (life.dead) await never()
        yield batch as never
      }
    },
    create: (...args) => life.effect(`create ${args[0].kind}`, () => client.create(...args)),
    update: (...args) => life.effect(`update ${args[0].kind}`, () => client.update(...args)),
    patch: (...args) => life.effect(`patch ${args[0].name}`, () => client.patch(...args)),
    remove: (...args) => life.effect(`remove ${args[0].name}`, () => client.remove(...args)),
  }
}

function mortalRuntime(runtime: Runtime, life: Mortality): Runtime {
  return {
    ...runtime,
    async start(spec) {
      const running = await life.effect('start', () => runtime.start(spec))
      return {
        ...running,
        pid: running.pid,
        startedAt: running.startedAt,
        kill: (signal) => running.kill(signal),
        resolve: (path) => (life.dead ? never() : running.resolve(path)),
        exited: running.exited.then((exit) => (life.dead ? never() : exit)),
      }
    },
    adopt: (dir) => (life.dead ? never() : runtime.adopt(dir)),
    remove: (dir) => life.effect('free', () => runtime.remove(dir)),
  }
}

/** What the containers do: leave a parameter and an artifact, and end. */
function program(starts: string[]) {
  return (spec: ContainerSpec) => {
    const name = spec.dir.split('.').slice(1).join('.')
    starts.push(name)
    mkdirSync(join(spec.dir, 'upper'), { recursive: true })
    writeFileSync(join(spec.dir, 'upper/p'), `${name}\n`)
    writeFileSync(join(spec.dir, 'upper/art'), 'artifact')
    return 0
  }
}

const step = aStep(
  'step',
  {
    container: { name: 'main' },
    outputs: {
      parameters: [{ name: 'p', valueFrom: { path: '/p' } }],
      artifacts: [{ name: 'art', path: '/art' }],
    },
  },
  {},
  { initContainers: [{ name: 'first', image: 'busybox', command: ['true'] }] },
)

async function isClean(here: Machine): Promise<boolean> {
  const names = await Promise.all(
    ['pods', 'containers'].map((name) => readdir(join(here.dataDir, name))),
  )
  return names.flat().every((name) => name === 'data-dir') && here.runtime.containers.size === 0
}

async function liveTwice(kill: number, when: 'before' | 'after') {
  const starts: string[] = []
  await using here = await machine(program(starts))
  const life = new Mortality(kill, when)
  // Not the machine's to dispose of: the dead stay silent for ever.
  await startNode({
    client: mortalClient(here.client, life),
    runtime: mortalRuntime(here.runtime, life),
    clock: here.clock,
    dataDir: here.dataDir,
    nodeName: 'here',
    onError: (error) => here.errors.push(error),
  })
  await here.create(step)
  const over = phaseIs('Succeeded', 'Failed')
  await eventually(async () => life.dead || (over(await here.pod('step')) && (await isClean(here))))
  const survived = !life.dead
  await here.start()
  const pod = await here.until('step', over)
  await eventually(() => isClean(here))
  return {
    survived,
    life,
    starts,
    pod,
    result: await here.result('step'),
    errors: here.errors,
  }
}

test('whenever the node dies, nothing is started twice, and the next one ends the story', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let kill = 0; ; kill++) {
      const { survived, life, starts, pod, result, errors } = await liveTwice(kill, when)
      const story = `killed ${when} effect ${kill}: ${life.effects.at(-1)}`
      expect(errors, story).toEqual([])
      expect(new Set(starts).size, story).toBe(starts.length)
      expect(pod?.status?.phase, story).toBe('Succeeded')
      expect(starts, story).toEqual(['first.0', 'main.0'])
      expect(result?.outputs, story).toMatchObject({
        parameters: [{ name: 'p', value: 'main.0' }],
        artifacts: [{ name: 'art', disk: { key: 'wf/step/art.tgz' } }],
      })
      if (survived) break
      expect(kill, 'the story has an end').toBeLessThan(40)
    }
  }
})

test('a running container is adopted, and its end is noticed', async () => {
  await using here = await machine()
  const first = await here.start()
  await here.create(aPod('long'))
  const running = await here.until('long', phaseIs('Running'))
  await first[Symbol.asyncDispose]()
  const container = await here.container('main')
  expect(container.signals).toEqual([])
  await here.start()
  container.end(5)
  const pod = await here.until('long', phaseIs('Failed'))
  expect(pod?.status?.startTime).toBe(running?.status?.startTime)
  expect(pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(5)
})

/** A node that has gone, and its pod `long` that runs on. */
async function leaveRunning(here: Machine): Promise<void> {
  const first = await here.start()
  await here.create(aPod('long'))
  await here.until('long', phaseIs('Running'))
  await first[Symbol.asyncDispose]()
}

test('what a pod left that was deleted while nobody looked is ended and removed', async () => {
  await using here = await machine()
  await leaveRunning(here)
  const container = await here.container('main')
  const ref = { resource: resources.pods, namespace: 'default', name: 'long' }
  await here.client.remove(ref, { gracePeriodSeconds: 0 })
  await here.start()
  await eventually(() => isClean(here))
  expect(container.signals).toEqual(['SIGKILL'])
})

test('a container of which nothing is left is reported as lost', async () => {
  await using here = await machine()
  await leaveRunning(here)
  const [dir = ''] = here.runtime.containers.keys()
  await here.runtime.remove(dir)
  await here.start()
  const pod = await here.until('long', phaseIs('Failed'))
  expect(pod?.status?.containerStatuses?.[0]?.state?.terminated).toEqual({
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message:
      'The container could not be located when the pod was deleted.  The container used to be Running',
  })
})

test.each([
  {
    it: 'was asked to go',
    ask: (here: Machine, ref: Ref) => here.client.remove(ref, { gracePeriodSeconds: 5 }),
  },
  {
    it: 'is past its deadline',
    ask: (here: Machine, ref: Ref) =>
      here.client.patch(ref, { type: 'merge', body: { spec: { activeDeadlineSeconds: 0 } } }),
  },
])('what runs of a pod that $it while nobody looked is ended', async ({ ask }) => {
  await using here = await machine()
  await leaveRunning(here)
  const container = await here.container('main')
  await ask(here, { resource: resources.pods, namespace: 'default', name: 'long' })
  await here.start()
  await eventually(() => isClean(here))
  expect(container.signals).toEqual(['SIGTERM'])
})
