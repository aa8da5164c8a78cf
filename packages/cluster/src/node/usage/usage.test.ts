import { handClock } from '@argosy/kube'
import { describe, expect, it } from 'vitest'
import { containerUsage } from './container-usage.ts'
import { type Process, parseStat, processTable } from './process-table.ts'
import { between, type Look, usageMeter } from './usage-meter.ts'

const process1 = (pid: number, more: Partial<Process> = {}): Process => ({
  ...{ pid, parent: 1, session: pid, startTime: '7', cpuMs: 10, memory: 100 },
  ...more,
})
const root = (pid: number, startTime = '7') => ({ uid: `u${pid}`, container: 'c', pid, startTime })

describe('processes', () => {
  it('are read from their line, whatever the program is called', () => {
    const line =
      '42 (a) b (c) S 1 42 40 0 -1 4194304 101 0 0 0 3 4 5 6 20 0 1 0 987 3133440 382 184467 0'
    expect(parseStat(line)).toEqual({
      ...{ pid: 42, parent: 1, session: 40, startTime: '987' },
      ...{ cpuMs: 180, memory: 382 * 4096 },
    })
  })

  it.runIf(process.platform === 'linux')('this one is among those of the machine', async () => {
    const all = await processTable()
    expect(all.find(({ pid }) => pid === process.pid)?.memory).toBeGreaterThan(1_000_000)
  })

  it('belong to a container that they descend from, or whose session they are in', () => {
    const table = [
      process1(1, { parent: 0 }),
      process1(5),
      process1(6, { parent: 5 }),
      process1(7, { parent: 6 }),
      process1(8),
      process1(9, { session: 8 }),
      process1(10),
    ]
    const of = (pid: number) => containerUsage([root(pid)], table)
    expect(of(5)).toEqual([{ uid: 'u5', container: 'c', cpuMs: 30, memory: 300 }])
    expect(of(8)).toEqual([{ uid: 'u8', container: 'c', cpuMs: 20, memory: 200 }])
  })

  it('that only have the number of one that is gone are nobody\u2019s', () => {
    expect(containerUsage([root(5, '6'), root(77)], [process1(5)])).toEqual([])
  })
})

const look = (at: number, busyMs: number, cpuMs: Readonly<Record<string, number>>): Look => ({
  ...{ at, busyMs, memory: 5 },
  containers: Object.entries(cpuMs).map(([uid, ms]) => ({
    ...{ uid, container: 'c', cpuMs: ms, memory: 3 },
  })),
})

describe('usage', () => {
  it('is what came between two looks; who began meanwhile, or anew, counts from his beginning', () => {
    const before = look(1000, 500, { old: 100, again: 900 })
    const usage = between(before, look(2000, 2500, { old: 600, again: 50, fresh: 250 }))
    expect(usage.machine).toEqual({ cpu: 2, memory: 5 })
    expect(Object.fromEntries(usage.containers.map(({ uid, cpu }) => [uid, cpu]))).toEqual({
      ...{ old: 0.5, again: 0.05, fresh: 0.25 },
    })
  })

  it('is looked at twice at first, once soon after, and twice again later', async () => {
    const clock = handClock()
    let looks = 0
    const meter = usageMeter({ clock, look: async () => look(clock.now(), looks++ * 100, {}) })
    const { signal } = new AbortController()
    const read = async () => {
      const reading = meter.read(signal)
      for (let turn = 0; turn < 20 && clock.waiting === 0; turn++) await Promise.resolve()
      clock.advance(500)
      return (await reading).windowMs
    }
    expect([await read(), looks]).toEqual([500, 2])
    clock.advance(9500)
    expect([(await meter.read(signal)).windowMs, looks]).toEqual([9500, 3])
    clock.advance(100_000)
    expect([await read(), looks]).toEqual([500, 5])
  })
})
