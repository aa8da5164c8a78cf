import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lateWriter } from './late-writer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('of many values the last is written, once nothing more comes', () => {
  const written: string[] = []
  const writer = lateWriter<string>((value) => written.push(value))
  for (const value of ['a', 'ab', 'abc']) {
    writer.soon(value)
    vi.advanceTimersByTime(100)
  }
  expect(written).toEqual([])
  vi.advanceTimersByTime(50)
  expect(written).toEqual(['abc'])
  vi.advanceTimersByTime(1000)
  writer.write()
  expect(written).toEqual(['abc'])
})

test('what waits is written at once, or forgotten, when that is asked for', () => {
  const written: string[] = []
  const writer = lateWriter<string>((value) => written.push(value))
  writer.soon('a')
  writer.write()
  writer.soon('b')
  writer.forget()
  vi.advanceTimersByTime(1000)
  expect(written).toEqual(['a'])
})
