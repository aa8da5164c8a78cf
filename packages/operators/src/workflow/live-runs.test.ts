import { handClock } from '@argosy/kube'
import { expect, test } from 'vitest'
import { idleMs, LiveRuns } from './live-runs.ts'

function runs(most: number) {
  const clock = handClock()
  const live = new LiveRuns<number>({
    ...{ clock, most, weightOf: (value) => value, mayRest: (value) => value !== 7 },
  })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await new Promise(setImmediate)
  }
  return { live, pass }
}

test('the longest idle rest first, as many as it takes', async () => {
  const { live, pass } = runs(10)
  for (const [key, weight] of Object.entries({ a: 5, b: 6, c: 4 })) {
    live.set(key, weight)
    live.used(key)
    await pass(100)
  }
  live.used('a')
  await pass(idleMs - 250)
  expect(live.keys()).toEqual(['b', 'c', 'a'])
  await pass(idleMs)
  expect(live.keys()).toEqual(['c', 'a'])
  expect(live.get('b')).toBeUndefined()
})

test('nobody rests while there is room, while he is busy, or when he must not', async () => {
  const roomy = runs(100)
  roomy.live.set('a', 50)
  roomy.live.used('a')
  await roomy.pass(3 * idleMs)
  expect(roomy.live.keys()).toEqual(['a'])

  const { live, pass } = runs(1)
  live.set('kept', 7)
  live.used('kept')
  live.set('busy', 5)
  for (let turn = 0; turn < 5; turn++) {
    live.used('busy')
    await pass(idleMs / 2)
  }
  expect(live.keys()).toEqual(['kept', 'busy'])
  await pass(idleMs)
  await pass(idleMs)
  expect(live.keys()).toEqual(['kept'])
})
