import { handClock } from '@argosy/kube'
import { expect, test } from 'vitest'
import { waitForRoom } from './wait-for-room.ts'

function disk() {
  const clock = handClock()
  const said: string[] = []
  const stopping = new AbortController()
  const given = { dataDir: '/data', clock, log: (line: string) => void said.push(line) }
  const tell = waitForRoom({ ...given, stop: stopping.signal })
  const seen = { isFull: true, written: 0, givenUp: 0 }
  const write = () => {
    if (!seen.isFull) seen.written += 1
    else tell({ again: write, giveUp: () => void seen.givenUp++ })
  }
  const later = async (ms: number) => {
    clock.advance(ms)
    await Promise.resolve()
    await Promise.resolve()
  }
  return { seen, said, write, later, stopping }
}

test('what finds no room is written when there is room again; both are said once', async () => {
  const { seen, said, write, later } = disk()
  write()
  for (let second = 0; second < 5; second++) await later(1000)
  expect([seen.written, said.length]).toEqual([0, 1])
  seen.isFull = false
  await later(1000)
  expect(seen).toMatchObject({ written: 1, givenUp: 0 })
  expect(said).toEqual([
    'the disk of /data is full: whoever wants something written waits until there is room',
    'the disk of /data has room again',
  ])
  seen.isFull = true
  write()
  expect(said).toHaveLength(3)
})

test('who stops does not wait for room', async () => {
  const { seen, write, later, stopping } = disk()
  write()
  stopping.abort()
  await later(0)
  expect(seen).toMatchObject({ written: 0, givenUp: 1 })
})
