import type { ContainerSetTemplate, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aStep, type Machine, machine, phaseIs } from './fixture.ts'

const program = { image: 'busybox', command: ['true'] }

/** `a` first, `b` and `c` behind it, `main` behind both. */
const diamond = [
  { name: 'a' },
  { name: 'b', dependencies: ['a'] },
  { name: 'c', dependencies: ['a'] },
  { name: 'main', dependencies: ['b', 'c'] },
]

async function step(here: Machine, set: ContainerSetTemplate): Promise<void> {
  const containers = set.containers.map(({ name }) => ({ name, ...program }))
  await here.create(aStep('set', { containerSet: set }, {}, { containers }))
}

function states(pod: Pod | undefined): Readonly<Record<string, unknown>> {
  const all = pod?.status?.containerStatuses ?? []
  return Object.fromEntries(
    all.map(({ name, state }) => [
      name,
      state?.terminated?.exitCode ?? Object.keys(state ?? {})[0],
    ]),
  )
}

function started(here: Machine): readonly string[] {
  const dirs = [...here.runtime.containers.values()].map(({ spec }) => spec.dir.split('/').at(-1))
  return dirs.map((dir) => dir?.split('.').slice(1).join('-') ?? '')
}

test('a member runs when those that it waits for have succeeded, and counts as running until then', async () => {
  await using here = await machine()
  await here.start()
  await step(here, { containers: diamond })
  const a = await here.container('a')
  const pod = await here.until('set', phaseIs('Running'))
  expect(states(pod)).toEqual({ a: 'running', b: 'running', c: 'running', main: 'running' })
  expect(started(here)).toEqual(['a-0'])
  a.end(0)
  ;(await here.container('c')).end(0)
  const b = await here.container('b')
  expect(started(here)).toEqual(['a-0', 'b-0', 'c-0'])
  b.end(0)
  ;(await here.container('main')).end(0)
  const ended = await here.until('set', phaseIs('Succeeded'))
  expect(states(ended)).toEqual({ a: 0, b: 0, c: 0, main: 0 })
})

test('a failed member ends all that wait for it with 64 and its own code in their words', async () => {
  await using here = await machine()
  await here.start()
  await step(here, { containers: diamond })
  ;(await here.container('a')).end(0)
  ;(await here.container('b')).end(3)
  ;(await here.container('c')).end(0)
  const pod = await here.until('set', phaseIs('Failed'))
  expect(states(pod)).toEqual({ a: 0, b: 3, c: 0, main: 64 })
  const main = pod?.status?.containerStatuses?.find(({ name }) => name === 'main')
  expect(main?.state?.terminated?.message).toBe('dependency "b" exited with non-zero code: 3')
  expect(started(here)).not.toContain('main-0')
})

test('the code of a member that failed goes down the line', async () => {
  await using here = await machine()
  await here.start()
  const containers = [
    { name: 'a' },
    { name: 'b', dependencies: ['a'] },
    { name: 'c', dependencies: ['b'] },
  ]
  await step(here, { containers })
  ;(await here.container('a')).end(7)
  const pod = await here.until('set', phaseIs('Failed'))
  expect(states(pod)).toEqual({ a: 7, b: 64, c: 64 })
  const c = pod?.status?.containerStatuses?.find(({ name }) => name === 'c')
  expect(c?.state?.terminated?.message).toBe('dependency "b" exited with non-zero code: 7')
})

test('a member is tried as often as the set says, and only the last end is told', async () => {
  await using here = await machine()
  await here.start()
  const writes = here.writes('set')
  await step(here, {
    containers: [{ name: 'main' }],
    retryStrategy: { retries: '3', duration: '5s' },
  })
  ;(await here.container('main')).end(1)
  await here.until('set', () => here.clock.waiting > 1)
  here.clock.advance(5000)
  await here.until('set', () => started(here).includes('main-1'))
  ;(await here.container('main')).end(2)
  await here.until('set', () => here.clock.waiting > 1)
  here.clock.advance(5000)
  await here.until('set', () => started(here).includes('main-2'))
  ;(await here.container('main')).end(4)
  const pod = await here.until('set', phaseIs('Failed'))
  expect(states(pod)).toEqual({ main: 4 })
  expect(new Set(writes.map((one) => states(one)['main']))).not.toContain(1)
  expect(pod?.status?.containerStatuses?.[0]?.restartCount).toBe(0)
})

test('a set whose pod must stop ends those that wait without starting them', async () => {
  await using here = await machine()
  await here.start()
  await step(here, { containers: diamond })
  const a = await here.container('a')
  await here.until('set', phaseIs('Running'))
  await here.client.patch(
    { resource: resources.pods, namespace: 'default', name: 'set' },
    { type: 'merge', body: { spec: { activeDeadlineSeconds: 1 } } },
  )
  here.clock.advance(1000)
  const pod = await here.until('set', phaseIs('Failed'))
  expect(a.signals).toContain('SIGTERM')
  expect(states(pod)).toEqual({ a: 143, b: 143, c: 143, main: 143 })
})

test('a next node knows who waits for whom', async () => {
  await using here = await machine()
  const first = await here.start()
  await step(here, { containers: diamond })
  const a = await here.container('a')
  await here.until('set', phaseIs('Running'))
  await first[Symbol.asyncDispose]()
  await here.start()
  a.end(0)
  ;(await here.container('b')).end(0)
  ;(await here.container('c')).end(0)
  ;(await here.container('main')).end(0)
  await here.until('set', phaseIs('Succeeded'))
})

test('a pause between attempts that makes no sense ends the member', async () => {
  await using here = await machine()
  await here.start()
  await step(here, { containers: [{ name: 'main' }], retryStrategy: { duration: 'soon' } })
  const pod = await here.until('set', phaseIs('Failed'))
  const { terminated } = pod?.status?.containerStatuses?.[0]?.state ?? {}
  expect(terminated).toMatchObject({
    exitCode: 64,
    message: 'failed to get retry strategy: time: invalid duration "soon"',
  })
})
