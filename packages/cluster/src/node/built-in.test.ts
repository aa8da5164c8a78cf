import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuiltIn } from '@argosy/executor'
import { expect, test } from 'vitest'
import { aPod, eventually, machine, phaseIs } from './fixture.ts'

const container = { name: 'main', image: 'argosy', args: ['greet', 'you'] }
const spec = { containers: [{ ...container, terminationMessagePath: '/dev/termination-log' }] }

test('a container of our own image runs inside the node, with a log and an exit code', async () => {
  await using here = await machine()
  const greet: BuiltIn = async ({ args, env, print, pod }) => {
    print(`hello ${args[0]} from ${pod.metadata.name}, ${env['WHO']}\n`)
    return 3
  }
  await here.start({ builtIns: { greet } })
  const [first] = spec.containers
  await here.create(
    aPod('own', { containers: [{ ...first, name: 'main', env: [{ name: 'WHO', value: 'me' }] }] }),
  )
  const ended = await here.until('own', phaseIs('Failed'))
  expect(ended?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 3,
    reason: 'Error',
  })
  const log = join(here.dataDir, 'logs', `default_own_${ended?.metadata.uid}_main_0.log`)
  expect(await readFile(log, 'utf8')).toBe('hello you from own, me\n')
  expect(here.runtime.containers.size).toBe(0)
})

test('what a program throws is its last word, and ends it with 64', async () => {
  await using here = await machine()
  const greet: BuiltIn = async () => {
    throw new Error('nobody is there')
  }
  await here.start({ builtIns: { greet } })
  await here.create(aPod('own', spec))
  const ended = await here.until('own', phaseIs('Failed'))
  expect(ended?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 64,
    message: 'nobody is there',
  })
})

test('no path of a program leads out of its own files', async () => {
  await using here = await machine()
  const seen: unknown[] = []
  const greet: BuiltIn = async ({ read, write }) => {
    await write('/../../../../up', 'mine')
    seen.push(await read('/up'), await read(`${'/..'.repeat(40)}/etc/passwd`))
    return 0
  }
  await here.start({ builtIns: { greet } })
  await here.create(aPod('own', spec))
  await here.until('own', phaseIs('Succeeded'))
  expect(seen).toEqual(['mine', undefined])
})

test('a program that nobody has is named', async () => {
  await using here = await machine()
  await here.start({ builtIns: {} })
  await here.create(aPod('own', spec))
  const ended = await here.until('own', phaseIs('Failed'))
  expect(ended?.status?.containerStatuses?.[0]?.state?.terminated?.message).toBe(
    'there is no built-in program "greet"',
  )
})

test('a program that a node leaves behind is run again by the next one, and remembers', async () => {
  await using here = await machine()
  const runs: string[] = []
  const greet: BuiltIn = async ({ again, recall, remember, signal }) => {
    const before = await recall()
    await remember(`${before ?? ''}+`)
    runs.push(`${again} ${before}`)
    if (again) return 0
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const first = await here.start({ builtIns: { greet } })
  await here.create(aPod('own', spec))
  await eventually(() => runs.length === 1)
  await first[Symbol.asyncDispose]()
  await here.start({ builtIns: { greet } })
  await here.until('own', phaseIs('Succeeded'))
  expect(runs).toEqual(['false undefined', 'true +'])
})

test('a program that has ended is not run again, though nobody had reported its end', async () => {
  await using here = await machine()
  let runs = 0
  const greet: BuiltIn = async () => {
    runs += 1
    return 0
  }
  const first = await here.start({ builtIns: { greet }, statusDelayMs: 1e9 })
  await here.create(aPod('own', spec))
  await eventually(() => runs === 1)
  await first[Symbol.asyncDispose]()
  await here.start({ builtIns: { greet } })
  await here.until('own', phaseIs('Succeeded'))
  expect(runs).toBe(1)
})

test('a program is told to stop, and killed when it does not', async () => {
  await using here = await machine()
  let told = false
  const greet: BuiltIn = ({ signal }) => {
    signal.addEventListener('abort', () => {
      told = true
    })
    return new Promise(() => undefined)
  }
  await here.start({ builtIns: { greet } })
  await here.create(
    aPod('own', { ...spec, activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 2 }),
  )
  await here.until('own', phaseIs('Running'))
  here.clock.advance(5000)
  await eventually(() => told)
  here.clock.advance(2000)
  const ended = await here.until('own', phaseIs('Failed'))
  expect(ended?.status).toMatchObject({
    reason: 'DeadlineExceeded',
    containerStatuses: [{ state: { terminated: { exitCode: 137 } } }],
  })
})
