import { describe, expect, it } from 'vitest'
import { podThat } from './scene.fixture.ts'
import { evictions } from './taint-eviction.ts'

const out = { key: 'out', effect: 'NoExecute' } as const
const named = (name: string, spec: object = {}, more: object = {}) => ({
  ...podThat(spec, { name, uid: name }),
  ...more,
})
const seconds = (tolerationSeconds: number) => ({
  tolerations: [{ key: 'out', operator: 'Exists', tolerationSeconds }],
})
const gone = (decided: ReturnType<typeof evictions>) =>
  decided.effects.flatMap((one) => (one.do === 'remove' ? [one.ref.name] : []))

describe('a node that drives pods out', () => {
  it('keeps those that tolerate it, and those that are at their end or leaving', () => {
    const pods = [
      named('a'),
      named('b', { tolerations: [{ operator: 'Exists' }] }),
      named('c', {}, { status: { phase: 'Succeeded' } }),
      { ...podThat({}, { name: 'd', uid: 'd', deletionTimestamp: '2026-01-01T00:00:00Z' }) },
    ]
    const decided = evictions([out], pods, new Map(), 0)
    expect(gone(decided)).toEqual(['a'])
    expect(decided.wakeAt).toBeUndefined()
  })

  it('gives each its time, counted from when it was seen', () => {
    const pods = [named('a', seconds(10)), named('b', seconds(20)), named('c', seconds(20))]
    const since = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 1_000],
    ])
    expect(evictions([out], pods, since, 0).wakeAt).toBe(10_000)
    const later = evictions([out], pods, since, 10_000)
    expect(gone(later)).toEqual(['a'])
    expect(later.wakeAt).toBe(20_000)
    expect(gone(evictions([out], pods.slice(1), since, 20_000))).toEqual(['b'])
  })

  it('drives nobody out by what only keeps pods from coming', () => {
    const decided = evictions([{ key: 'out', effect: 'NoSchedule' }], [named('a')], new Map(), 0)
    expect(decided.effects).toEqual([])
  })
})
