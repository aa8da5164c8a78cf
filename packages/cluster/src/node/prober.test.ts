import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import type { Container } from '@argosy/engine'
import { handClock } from '@argosy/kube'
import { expect, test } from 'vitest'
import { Events } from './events.ts'
import { attemptProbe } from './probe-attempt.ts'
import { atFirst, probeContainer } from './prober.ts'
import type { Executing } from './runtime.ts'
import { fakeRuntime } from './runtimes/fake.ts'

const check = { exec: { command: ['check'] }, periodSeconds: 1 }

/** Exit codes of the check, one after the other; the last one stays. `-`: it cannot be run. */
interface ProbeCase {
  readonly name: string
  readonly container: Omit<Container, 'name'>
  readonly answers: readonly (number | '-')[]
  /** Seconds that pass. */
  readonly seconds: number
  /** What was told and done, with the second in which it was. */
  readonly want: readonly string[]
}

const cases: readonly ProbeCase[] = [
  {
    name: 'a readiness probe that passes makes a container ready',
    container: { readinessProbe: check },
    answers: [0],
    seconds: 1,
    want: ['0 ready'],
  },
  {
    name: 'the first probe waits for its delay',
    container: { readinessProbe: { ...check, initialDelaySeconds: 3 } },
    answers: [0],
    seconds: 3,
    want: ['3 ready'],
  },
  {
    name: 'a probe is repeated after its period',
    container: { readinessProbe: { ...check, periodSeconds: 2 } },
    answers: [1, 0],
    seconds: 2,
    want: ['2 ready'],
  },
  {
    name: 'it has to pass as often as successThreshold says',
    container: { readinessProbe: { ...check, successThreshold: 3 } },
    answers: [0, 0, 1, 0, 0, 0],
    seconds: 5,
    want: ['5 ready'],
  },
  {
    name: 'a ready container stays so until it has failed failureThreshold times in a row',
    container: { readinessProbe: { ...check, failureThreshold: 2 } },
    answers: [0, 1, 0, 1, 1],
    seconds: 4,
    want: ['0 ready', '4 unready'],
  },
  {
    name: 'a liveness probe that fails three times ends the container, once',
    container: { livenessProbe: check },
    answers: [1],
    seconds: 6,
    want: ['2 kill'],
  },
  {
    name: 'a liveness probe may have a grace of its own',
    container: {
      livenessProbe: { ...check, failureThreshold: 1, terminationGracePeriodSeconds: 7 },
    },
    answers: [1],
    seconds: 1,
    want: ['0 kill 7000'],
  },
  {
    name: 'what cannot be found out ends no container',
    container: { livenessProbe: check },
    answers: ['-'],
    seconds: 6,
    want: [],
  },
  {
    name: 'nothing else is asked before the startup probe has passed',
    container: { startupProbe: check, livenessProbe: { ...check, failureThreshold: 1 } },
    answers: [1, 1, 0, 1],
    seconds: 3,
    want: ['2 started ready', '2 kill'],
  },
  {
    name: 'a container that has started is ready when its readiness probe says so',
    container: { startupProbe: check, readinessProbe: check },
    answers: [0, 1, 0],
    seconds: 1,
    want: ['0 started unready', '1 ready'],
  },
  {
    name: 'a container that does not start in time is ended',
    container: { startupProbe: { ...check, failureThreshold: 2 } },
    answers: [1],
    seconds: 4,
    want: ['1 kill'],
  },
]

function executing(code: number): Executing {
  return {
    stdin: new Writable(),
    stdout: Readable.from([]),
    stderr: Readable.from([]),
    exited: Promise.resolve(code),
    resize: () => undefined,
    kill: () => undefined,
  }
}

/** Lets everything happen that needs no time. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
}

test.each(cases)('$name', async ({ container, answers, seconds, want }) => {
  const clock = handClock()
  const begin = clock.now()
  const over = new AbortController()
  const seen: string[] = []
  const note = (text: string) => seen.push(`${(clock.now() - begin) / 1000} ${text}`)
  let asked = 0
  const runtime = {
    ...fakeRuntime(),
    exec: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? 0
      if (answer === '-') throw new Error('this runtime starts no second program')
      return executing(answer)
    },
  }
  const client = { create: async () => undefined } as never
  const done = probeContainer({
    container: { name: 'main', ...container },
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [] } },
    probed: { runtime, dir: '/d', address: '127.0.0.1' },
    startedAt: begin,
    clock,
    events: new Events(client, clock, 'here'),
    signal: over.signal,
    tell: ({ started, ready }) =>
      note([started ? ['started'] : [], ready ? 'ready' : 'unready'].flat().join(' ')),
    kill: (graceMs) => note(['kill', graceMs].filter((word) => word !== undefined).join(' ')),
  })
  await turns()
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000)
    await turns()
  }
  over.abort()
  await done
  expect(seen).toEqual(want)
})

test('a container without probes is started and ready', () => {
  expect(atFirst({ name: 'main' })).toEqual({ started: true, ready: true })
  expect(atFirst({ name: 'main', readinessProbe: check })).toEqual({ started: true, ready: false })
  expect(atFirst({ name: 'main', startupProbe: check })).toEqual({ started: false, ready: false })
})

test('over HTTP answers from 200 to 399 are good, and its words tell what is wrong', async () => {
  const server = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const probed = { runtime: fakeRuntime(), dir: '', address: '127.0.0.1' }
  const { signal } = new AbortController()
  const ask = (path: string) =>
    attemptProbe({ kind: 'http', port, path, secure: false, headers: {} }, probed, signal)
  expect([await ask('/200'), await ask('/399'), await ask('/503')]).toEqual([
    undefined,
    undefined,
    'HTTP probe failed with statuscode: 503',
  ])
  expect(await attemptProbe({ kind: 'tcp', port }, probed, signal)).toBe(undefined)
  await new Promise((resolve) => server.close(resolve))
  expect(await attemptProbe({ kind: 'tcp', port }, probed, signal)).toMatch(/ECONNREFUSED/)
  expect(await ask('/200')).toMatch(/ECONNREFUSED/)
})
