import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShownLines } from './shown-lines.ts'

/** What is shown of a log of which `shown` lines from `start` on had been shown before it was read again. */
function after(log: readonly string[], shown: readonly string[], isWhole: boolean) {
  const known = new ShownLines(isWhole)
  for (const line of shown) known.add(line)
  const isShown = known.again()
  return log.filter((line) => !isShown(line))
}

const few = fc.array(fc.constantFrom('a', 'b'), { maxLength: 12 })

test('a log read from its start goes on behind what was shown, whatever its lines are', () => {
  fc.assert(
    fc.property(few, few, (before, later) => {
      expect(after([...before, ...later], before, true)).toEqual(later)
    }),
  )
})

test('a log whose end alone was read goes on behind the lines that were shown', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.integer({ min: 1, max: 20 }), fc.nat(20), (older, own, later) => {
      const log = Array.from({ length: older + own + later }, (_, index) => `line ${index}`)
      const shown = log.slice(older, older + own)
      expect(after(log, shown, false)).toEqual(log.slice(older + own))
    }),
  )
})

test('lines that come again do not hide anything: at the worst some are shown twice', () => {
  fc.assert(
    fc.property(few, few, few, (older, own, later) => {
      const shown = after([...older, ...own, ...later], own, false)
      expect(shown.slice(shown.length - later.length)).toEqual(later)
    }),
  )
})

test('of many lines the last thousand are enough', () => {
  const log = Array.from({ length: 5100 }, (_, index) => `line ${index}`)
  expect(after(log, log.slice(50, 5000), false)).toEqual(log.slice(5000))
})

test('a log of which nothing was shown is shown whole', () => {
  expect(after(['a'], [], false)).toEqual(['a'])
  expect(after(['a'], [], true)).toEqual(['a'])
})
