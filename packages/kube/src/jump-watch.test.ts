import { expect, test } from 'vitest'
import { JumpWatch } from './jump-watch.ts'

function machine() {
  let awake = 0
  let ahead = 1_000_000
  let timers: { readonly at: number; readonly call: () => void }[] = []
  const watch = new JumpWatch({
    now: () => awake + ahead,
    elapsed: () => awake,
    later(ms, call) {
      const timer = { at: awake + ms, call }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
  })
  const pass = (ms: number) => {
    awake += ms
    const due = timers.filter(({ at }) => at <= awake)
    timers = timers.filter(({ at }) => at > awake)
    for (const { call } of due) call()
  }
  const jump = (ms: number) => {
    ahead += ms
  }
  return { watch, pass, jump, timers: () => timers.length }
}

test('who waits is woken when the machine has slept, once for each time', () => {
  const { watch, pass, jump } = machine()
  let woken = 0
  watch.watch(() => {
    woken += 1
  })
  for (let time = 0; time < 10; time++) pass(5_000)
  expect(woken).toBe(0)
  jump(8 * 3_600_000)
  pass(5_000)
  pass(5_000)
  expect(woken).toBe(1)
  jump(3_600_000)
  pass(5_000)
  expect(woken).toBe(2)
})

test('a clock that is set back, or corrected by a little, wakes nobody', () => {
  const { watch, pass, jump } = machine()
  let woken = 0
  watch.watch(() => {
    woken += 1
  })
  for (const ms of [-3_600_000, 400, -400]) {
    jump(ms)
    pass(5_000)
  }
  expect(woken).toBe(0)
})

test('nobody looks when nobody waits, and one timer does for all', () => {
  const { watch, pass, timers } = machine()
  const ends = [1, 2, 3].map(() => watch.watch(() => undefined))
  pass(5_000)
  expect(timers()).toBe(1)
  for (const end of ends) end()
  expect(timers()).toBe(0)
})
