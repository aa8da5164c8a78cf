import { expect, test } from 'vitest'
import { LogLines, type ReadOnce } from './follow-log.ts'

/** A log that is read in these pieces; the last reading of all is the last of them. */
function readings(...all: readonly (readonly (readonly string[] | 'breaks')[])[]): ReadOnce {
  let asked = 0
  return async (onLines) => {
    for (const piece of all[asked++] ?? []) {
      if (piece === 'breaks') throw new Error('the server does not answer')
      onLines(piece)
    }
  }
}

test('a log that broke off goes on behind its last line, wherever the pieces are cut', async () => {
  const lines: string[] = []
  const log = new LogLines()
  const read = readings([['a'], ['a', 'b'], 'breaks'], [['a', 'a'], ['b', 'c'], ['d']])
  const followed = { read, isOver: () => true, pause: async () => undefined }
  const add = (more: readonly string[]) => lines.push(...more)
  await expect(log.follow(followed, add)).rejects.toThrow('does not answer')
  await log.follow(followed, add)
  expect(lines).toEqual(['a', 'a', 'b', 'c', 'd'])
})

test('a log that ends before its step is asked for again, with growing pauses', async () => {
  const lines: string[] = []
  const pauses: number[] = []
  const read = readings([['a']], [['a']], [['a', 'b']])
  const followed = {
    ...{ read, isOver: () => lines.length === 2 },
    pause: async (ms: number) => void pauses.push(ms),
  }
  await new LogLines().follow(followed, (more) => lines.push(...more))
  expect([lines, pauses]).toEqual([
    ['a', 'b'],
    [1000, 2000],
  ])
})
