import { expect, test } from 'vitest'
import { gathered } from './gathered.ts'

const never = new AbortController().signal

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))

async function* counted(upTo: number): AsyncGenerator<number> {
  for (let at = 1; at <= upTo; at++) yield at
}

test('what several producers push is read until all of them are done', async () => {
  const read = gathered<number>(never, async (channel) => {
    await Promise.all([channel.pushAll(counted(3)), channel.push(10)])
  })
  const all: number[] = []
  for await (const item of read) all.push(item)
  expect(all.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 10])
})

test('a failure is told after what was pushed before it', async () => {
  const seen: string[] = []
  const read = gathered<string>(never, async (channel) => {
    await channel.push('a line')
    throw new Error('the log is gone')
  })
  const reading = async () => {
    for await (const line of read) seen.push(line)
  }
  await expect(reading()).rejects.toThrow('the log is gone')
  expect(seen).toEqual(['a line'])
})

test('whoever stops reading ends the work, and waits for it', async () => {
  const told: string[] = []
  const read = gathered<string>(never, async (channel, signal) => {
    await channel.push('first')
    await aborted(signal)
    told.push('tidied up')
  })
  for await (const line of read) {
    told.push(line)
    break
  }
  expect(told).toEqual(['first', 'tidied up'])
})

test('work that is far ahead of a reader who leaves is not left waiting', async () => {
  let pushed = 0
  const read = gathered<number>(never, async (channel, signal) => {
    while (!signal.aborted) {
      await channel.push(pushed)
      pushed += 1
    }
  })
  for await (const _ of read) break
  expect(pushed).toBeGreaterThan(0)
})

test('the end of the caller’s signal is the end of the work', async () => {
  const caller = new AbortController()
  const read = gathered<string>(caller.signal, async (channel, signal) => {
    await channel.push('first')
    await aborted(signal)
  })
  const seen: string[] = []
  for await (const line of read) {
    seen.push(line)
    caller.abort()
  }
  expect(seen).toEqual(['first'])
})
