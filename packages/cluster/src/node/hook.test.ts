import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import type { JsonObject } from '@argosy/engine'
import { type Ref, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, eventually, type Machine, machine, phaseIs } from './fixture.ts'
import type { Executing } from './runtime.ts'

/** Programs that hooks start: what was asked for, and how each of them ends. */
function programs() {
  const asked: string[] = []
  const ends: ((code: number) => void)[] = []
  const exec = (_: unknown, { argv }: { readonly argv: readonly string[] }): Executing => {
    asked.push(argv.join(' '))
    return {
      stdin: new Writable(),
      stdout: Readable.from([]),
      stderr: Readable.from([]),
      exited: new Promise((resolve) => ends.push(resolve)),
      resize: () => undefined,
      kill: () => undefined,
    }
  }
  const end = (code: number) => eventually(() => ends.shift()?.(code) ?? asked.length > 0)
  return { asked, exec, end }
}

async function hooked(here: Machine, lifecycle: JsonObject, grace = 10): Promise<void> {
  await here.start()
  const main = { name: 'main', image: 'busybox', command: ['x'], lifecycle }
  await here.create(aPod('p', { containers: [main], terminationGracePeriodSeconds: grace }))
}

const ref: Ref = { resource: resources.pods, namespace: 'default', name: 'p' }
const told = (command: string) => ({ exec: { command: [command] } })

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

test('a container runs once what is to happen after its start has happened', async () => {
  const { asked, exec, end } = programs()
  await using here = await machine(undefined, { exec })
  await hooked(here, { postStart: told('warm-up') })
  await here.container('main')
  await eventually(() => asked.length > 0)
  expect((await here.pod('p'))?.status?.containerStatuses?.[0]?.state?.running).toBeUndefined()
  await end(0)
  await here.until('p', phaseIs('Running'))
  expect(asked).toEqual(['warm-up'])
})

test('a start whose hook fails is the end of the container, and its pod is told why', async () => {
  const { exec, end } = programs()
  await using here = await machine(undefined, { exec })
  await hooked(here, { postStart: told('warm-up') })
  const container = await here.container('main')
  await eventually(async () => {
    await end(3)
    return container.signals.length > 0
  })
  await here.until('p', phaseIs('Failed'))
  expect(container.signals).toEqual(['SIGTERM'])
  const events = await eventually(async () =>
    (await here.events()).find(({ reason }) => reason === 'FailedPostStartHook'),
  )
  expect(events.message).toBe(
    'PostStartHook failed for container main: command ended with exit code 3',
  )
})

test('a pod that is asked to go runs its hook first, on the time that it has left', async () => {
  const { asked, exec, end } = programs()
  await using here = await machine(undefined, { exec })
  await hooked(here, { preStop: told('drain') })
  await here.until('p', phaseIs('Running'))
  const container = await here.container('main')
  await here.client.remove(ref)
  await eventually(() => asked.length > 0)
  await turns()
  expect(container.signals).toEqual([])
  await end(0)
  await here.until('p', (pod) => pod === undefined)
  expect(container.signals).toEqual(['SIGTERM'])
})

test('a hook that takes all the time leaves two seconds to end in', async () => {
  const { asked, exec } = programs()
  await using here = await machine(undefined, {
    exec,
    onSignal: (one, signal) => signal === 'SIGKILL' && one.end({ code: 137, signal: 9 }),
  })
  await hooked(here, { preStop: told('drain') }, 10)
  await here.until('p', phaseIs('Running'))
  const container = await here.container('main')
  await here.client.remove(ref)
  await eventually(() => asked.length > 0)
  here.clock.advance(10_000)
  await eventually(() => container.signals.includes('SIGTERM'))
  here.clock.advance(1000)
  await turns()
  expect(container.signals).toEqual(['SIGTERM'])
  here.clock.advance(1000)
  await here.until('p', (pod) => pod === undefined)
  expect(container.signals).toEqual(['SIGTERM', 'SIGKILL'])
})

test('a container that ends by itself runs no hook, nor does one whose pod has no time left', async () => {
  const { asked, exec } = programs()
  await using here = await machine(undefined, { exec })
  await hooked(here, { preStop: told('drain') }, 0)
  await here.until('p', phaseIs('Running'))
  await here.client.remove(ref, { gracePeriodSeconds: 0 })
  await here.until('p', (pod) => pod === undefined)
  expect(asked).toEqual([])
})

test('a hook may sleep, or ask over HTTP, whatever it is answered', async () => {
  const paths: (string | undefined)[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    response.writeHead(500).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  await using here = await machine()
  await hooked(here, {
    postStart: { sleep: { seconds: 5 } },
    preStop: { httpGet: { port, path: 'bye' } },
  })
  const container = await here.container('main')
  await turns()
  expect((await here.pod('p'))?.status?.phase).not.toBe('Running')
  here.clock.advance(5000)
  await here.until('p', phaseIs('Running'))
  await here.client.remove(ref)
  await here.until('p', (pod) => pod === undefined)
  expect([paths, container.signals]).toEqual([['/bye'], ['SIGTERM']])
  server.close()
})
