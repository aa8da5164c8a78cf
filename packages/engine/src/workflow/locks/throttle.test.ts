import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Throttle } from './throttle.ts'

const rank = (priority = 0, day = 1) => ({ priority, createdAt: `2026-01-0${day}T00:00:00Z` })
const limits = (total: number, perNamespace = 0, own: Readonly<Record<string, number>> = {}) => ({
  total,
  perNamespace,
  own: new Map(Object.entries(own)),
})

function throttled(...of: Parameters<typeof limits>): Throttle {
  const throttle = new Throttle()
  throttle.limits = limits(...of)
  return throttle
}

/** What an onlooker counts. */
class Town {
  readonly running = new Set<string>()
  readonly waiting = new Set<string>()
  readonly #throttle: Throttle
  readonly #total: number
  readonly #perNamespace: number

  constructor(total: number, perNamespace: number) {
    this.#throttle = throttled(total, perNamespace)
    this.#total = total
    this.#perNamespace = perNamespace
  }

  move(key: string, kind: string, priority: number): void {
    this.waiting.delete(key)
    if (kind === 'remove') {
      this.#throttle.remove(key)
      this.running.delete(key)
    } else if (this.#throttle.admit(key, rank(priority))) this.running.add(key)
    else this.waiting.add(key)
    for (const one of this.#throttle.takeAdmitted()) {
      this.waiting.delete(one)
      this.running.add(one)
    }
  }

  get tooMany(): boolean {
    return this.#total > 0 && this.running.size > this.#total
  }

  isFull(namespace: string): boolean {
    const its = [...this.running].filter((key) => key.startsWith(`${namespace}/`)).length
    const all = this.#total > 0 && this.running.size >= this.#total
    return all || (this.#perNamespace > 0 && its >= this.#perNamespace)
  }
}

describe('a throttle', () => {
  test('without limits lets everybody run', () => {
    const throttle = new Throttle()
    expect(['a/1', 'a/2', 'b/1'].map((key) => throttle.admit(key, rank()))).toEqual([
      true,
      true,
      true,
    ])
    expect(throttle.takeAdmitted()).toEqual([])
  })

  test('gives a free place to the highest priority, then to the oldest, then to who came first', () => {
    const throttle = throttled(1)
    expect(throttle.admit('a/first', rank())).toBe(true)
    throttle.admit('a/young', rank(0, 3))
    throttle.admit('a/old', rank(0, 2))
    throttle.admit('a/older', rank(0, 2))
    throttle.admit('b/urgent', rank(9, 4))
    const order: string[] = []
    for (let last = 'a/first'; last !== ''; last = order.at(-1) ?? '') {
      throttle.remove(last)
      const next = throttle.takeAdmitted()
      if (next.length === 0) break
      order.push(...next)
    }
    expect(order).toEqual(['b/urgent', 'a/old', 'a/older', 'a/young'])
  })

  test('limits each namespace, and lets others pass one that is full', () => {
    const throttle = throttled(0, 1, { big: 2 })
    const admitted = ['a/1', 'a/2', 'big/1', 'big/2', 'big/3', 'b/1'].filter((key) =>
      throttle.admit(key, rank()),
    )
    expect(admitted).toEqual(['a/1', 'big/1', 'big/2', 'b/1'])
  })

  test('heeds a higher priority, and a raised limit at once', () => {
    const throttle = throttled(1)
    throttle.admit('a/1', rank())
    for (const key of ['a/2', 'a/3', 'a/4']) throttle.admit(key, rank())
    throttle.admit('a/4', rank(1))
    throttle.limits = limits(3)
    expect(throttle.takeAdmitted()).toEqual(['a/4', 'a/2'])
  })

  test('never stops what runs already', () => {
    const throttle = throttled(1)
    for (const key of ['a/1', 'a/2', 'a/3']) throttle.hold(key)
    expect(throttle.admit('a/4', rank())).toBe(false)
    throttle.remove('a/1')
    throttle.remove('a/2')
    expect(throttle.takeAdmitted()).toEqual([])
    throttle.remove('a/3')
    expect(throttle.takeAdmitted()).toEqual(['a/4'])
  })

  test('never lets more run than it may, and never leaves a place empty that somebody waits for', () => {
    const moves = fc.array(
      fc.record({ who: fc.nat(11), kind: fc.constantFrom('admit', 'admit', 'remove') }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(fc.nat(4), fc.nat(3), moves, (total, perNamespace, list) => {
        const town = new Town(total, perNamespace)
        for (const { who, kind } of list) {
          town.move(`n${who % 3}/${who}`, kind, who % 2)
          expect(town.tooMany).toBe(false)
          expect([...town.waiting].filter((key) => !town.isFull(key.slice(0, 2)))).toEqual([])
        }
      }),
    )
  })
})
