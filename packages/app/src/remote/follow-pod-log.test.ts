import { Readable } from 'node:stream'
import type { Pod } from '@argosy/engine'
import { handClock, StatusError } from '@argosy/kube'
import { expect, test } from 'vitest'
import type { Remote } from './connect.ts'
import { followPodLog } from './follow-pod-log.ts'
import { Patience } from './patience.ts'
import type { PodLogOptions } from './pod-log.ts'

const podIn = (state: object): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'p', uid: 'u' },
  spec: { containers: [{ name: 'main', image: 'i' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'main', state }] } as Pod['status'] & {},
})
const running = podIn({ running: {} })
const over = podIn({ terminated: { exitCode: 0 } })

/** What one request for the log is answered with. */
type Answer = 'away' | 'gone' | { readonly lines: readonly string[]; readonly last: 'cut' | 'end' }

const cut = (...lines: string[]): Answer => ({ lines, last: 'cut' })
const end = (...lines: string[]): Answer => ({ lines, last: 'end' })

/** The lines that come of these answers, what was asked for, and how often it was said that the server is away. */
async function followed(
  answers: readonly Answer[],
  { pods = [], more = {} }: { pods?: readonly Pod[]; more?: Partial<PodLogOptions> } = {},
) {
  const asked: string[] = []
  const left = [...answers]
  const states = [...pods]
  const open = async (path: string) => {
    asked.push(String(new URLSearchParams(path.split('?')[1]).get('tailLines')))
    return answerOf(left.shift() ?? 'away')
  }
  const remote = {
    client: { get: async () => states.shift() },
    connection: { open, access: { server: 'https://h' } },
  } as unknown as Remote
  const clock = handClock()
  const turning = setInterval(() => clock.waiting > 0 && clock.advance(1000))
  let lost = 0
  const patience = new Patience({ clock, lost: () => lost++ })
  patience.answered()
  const options = { container: 'main', follow: true, previous: false, ...more }
  const workflow = { namespace: 'default', name: 'w' }
  const lines: string[] = []
  try {
    const log = followPodLog(remote, { pod: running, workflow, options, patience })
    for await (const { text } of log) lines.push(text)
    return { lines, asked, lost }
  } finally {
    clearInterval(turning)
  }
}

async function answerOf(answer: Answer): Promise<Readable> {
  if (answer === 'away') throw new StatusError('ServiceUnavailable', 'cannot be reached')
  if (answer === 'gone') throw new StatusError('NotFound', 'no such pod')
  const { lines, last } = answer
  return Readable.from(
    (async function* () {
      yield Buffer.from(lines.map((line) => `2026-01-01T00:00:00Z ${line}\n`).join(''))
      if (last === 'cut') throw new Error('aborted')
    })(),
  )
}

test('a log that breaks off goes on behind its last line when the server is back', async () => {
  const answers = [cut('a', 'a'), 'away', 'away', cut('a', 'a', 'b'), end('a', 'a', 'b', 'a')]
  expect(await followed(answers as Answer[], { pods: [over] })).toEqual({
    ...{ lines: ['a', 'a', 'b', 'a'], lost: 1 },
    asked: ['null', 'null', 'null', 'null', 'null'],
  })
})

test('one whose end alone was asked for is read again whole, and goes on behind what was shown', async () => {
  const answers = [cut('c', 'd'), end('a', 'b', 'c', 'd', 'e')]
  expect(await followed(answers, { pods: [over], more: { tailLines: 2 } })).toEqual({
    ...{ lines: ['c', 'd', 'e'], asked: ['2', 'null'], lost: 1 },
  })
})

test('a log that ends while its container runs is asked for again', async () => {
  const answers = [end('a'), end('a', 'b')]
  expect(await followed(answers, { pods: [running, over] })).toMatchObject({ lines: ['a', 'b'] })
})

test('a pod that is gone has no more to say', async () => {
  expect(await followed([end('a')])).toMatchObject({ lines: ['a'], lost: 0 })
})

test('a server that stays away for a minute is an error that says so', async () => {
  await expect(followed([cut('a')])).rejects.toThrow(
    'cannot be reached: it has been away for a minute',
  )
})
