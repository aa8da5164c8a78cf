import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Permanent, runController } from './controller.ts'
import { DueHeap } from './due-heap.ts'
import { handClock } from './hand-clock.ts'
import { Queue } from './queue.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the queue', () => {
  it('holds a key once, and does not hand out one that is worked on', async () => {
    const queue = new Queue({ clock: handClock() })
    for (const key of ['a', 'a', 'b']) queue.add(key)
    expect(queue.length).toBe(2)
    expect(await queue.take()).toBe('a')
    queue.add('a')
    queue.add('a')
    expect(await queue.take()).toBe('b')
    expect(queue.length).toBe(0)
    queue.done('a')
    expect(await queue.take()).toBe('a')
  })

  it('adds keys when they are due, the earliest time first', async () => {
    const clock = handClock(0)
    const queue = new Queue({ clock })
    queue.addAt('late', 1_000)
    queue.addAt('soon', 500)
    queue.addAt('soon', 900)
    queue.addAt('late', 700)
    clock.advance(499)
    await settle()
    expect(queue.length).toBe(0)
    clock.advance(1)
    await settle()
    expect(await queue.take()).toBe('soon')
    clock.advance(200)
    await settle()
    expect(await queue.take()).toBe('late')
    clock.advance(10_000)
    await settle()
    expect(queue.length).toBe(0)
  })

  it('waits longer after each failure in a row', async () => {
    const clock = handClock(0)
    const queue = new Queue({ clock, minBackoffMs: 10, maxBackoffMs: 50 })
    for (const pause of [10, 20, 40, 50, 50]) {
      queue.retry('a')
      clock.advance(pause - 1)
      await settle()
      expect(queue.length).toBe(0)
      clock.advance(1)
      await settle()
      queue.done((await queue.take()) ?? '')
    }
    queue.forget('a')
    queue.retry('a')
    clock.advance(10)
    await settle()
    expect(queue.length).toBe(1)
  })
})

it('the heap gives what is due in order of time, whatever was added or deleted before', () => {
  const entry = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.nat(20), fc.boolean())
  fc.assert(
    fc.property(fc.array(entry), fc.nat(20), (entries, now) => {
      const heap = new DueHeap()
      const model = new Map<string, number>()
      for (const [key, at, isAdded] of entries) {
        if (isAdded) heap.add(key, at)
        else heap.delete(key)
        if (isAdded) model.set(key, Math.min(at, model.get(key) ?? at))
        else model.delete(key)
      }
      const due = [...model].filter(([, at]) => at <= now)
      const taken = heap.take(now)
      expect([...taken].sort()).toEqual(due.map(([key]) => key).sort())
      const times = taken.map((key) => model.get(key) ?? 0)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(heap.size).toBe(model.size - due.length)
    }),
  )
})

describe('the controller', () => {
  function start(reconcile: (key: string) => Promise<{ wakeAt?: number } | undefined>) {
    const clock = handClock(0)
    const queue = new Queue({ clock, minBackoffMs: 10 })
    const stop = new AbortController()
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const running = runController({ queue, reconcile, onError, workers: 3 }, stop.signal)
    return { clock, queue, stop, errors, running }
  }

  it('tries again after a failure, and stops at a permanent one', async () => {
    const seen: string[] = []
    const { clock, queue, stop, errors, running } = start(async (key) => {
      seen.push(key)
      if (key === 'never') throw new Permanent('no')
      if (seen.length < 3) throw new Error('not yet')
      return undefined
    })
    queue.add('flaky')
    for (let turn = 0; turn < 4; turn++) {
      await settle()
      clock.advance(1_000)
    }
    queue.add('never')
    await settle()
    clock.advance(100_000)
    await settle()
    expect(seen).toEqual(['flaky', 'flaky', 'flaky', 'never'])
    expect(errors).toHaveLength(3)
    stop.abort()
    await running
  })

  it('works on one key at a time per key, on several keys at once, and wakes when asked to', async () => {
    const active = new Set<string>()
    let most = 0
    let count = 0
    const { clock, queue, stop, running } = start(async (key) => {
      expect(active.has(key)).toBe(false)
      active.add(key)
      most = Math.max(most, active.size)
      await settle()
      active.delete(key)
      count += 1
      return key === 'a' && count < 4 ? { wakeAt: 5_000 } : undefined
    })
    for (const key of ['a', 'b', 'a', 'c', 'a']) queue.add(key)
    await settle()
    queue.add('a')
    for (let turn = 0; turn < 5; turn++) await settle()
    expect(most).toBe(3)
    const before = count
    clock.advance(5_000)
    for (let turn = 0; turn < 5; turn++) await settle()
    expect(count).toBe(before + 1)
    stop.abort()
    await running
  })
})
