import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LockRequest } from './lock-door.ts'
import { Locks } from './locks.ts'

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 400)
const mutex = (name: string) => ({ name: `ns/Mutex/${name}`, limit: 1 })
const semaphore = (name: string, limit: number | undefined) => ({
  name: `ns/ConfigMap/cm/${name}`,
  limit,
})

function request(holder: string, locks: LockRequest['locks'], more: Partial<LockRequest> = {}) {
  return { holder, locks, priority: 0, createdAt: '2026-01-01T00:00:00Z', order: [], ...more }
}

describe('locks', () => {
  test('a mutex has one holder; the next one waits and is woken alone', () => {
    const locks = new Locks()
    expect(locks.ask(request('ns/a', [mutex('m')]))).toEqual({ kind: 'granted' })
    expect(locks.ask(request('ns/b', [mutex('m')]))).toEqual({
      kind: 'waiting',
      lock: 'ns/Mutex/m',
      message: 'Waiting for ns/Mutex/m lock. Lock status: 0/1',
    })
    locks.ask(request('ns/c', [mutex('m')]))
    locks.release(['ns/a'])
    expect(locks.takeGranted()).toEqual(['ns/b'])
    expect(locks.holdersOf('ns/Mutex/m')).toEqual(['ns/b'])
    expect(locks.ask(request('ns/b', [mutex('m')]))).toEqual({ kind: 'granted' })
  })

  test('a higher priority goes first, then the older workflow, then who came first', () => {
    const locks = new Locks()
    locks.ask(request('ns/holder', [mutex('m')]))
    const late = { createdAt: '2026-01-02T00:00:00Z' }
    locks.ask(request('ns/late', [mutex('m')], late))
    locks.ask(request('ns/old1', [mutex('m')]))
    locks.ask(request('ns/old0', [mutex('m')]))
    locks.ask(request('ns/urgent', [mutex('m')], { ...late, priority: 3 }))
    expect(locks.lineOf('ns/Mutex/m')).toEqual(['ns/urgent', 'ns/old1', 'ns/old0', 'ns/late'])
  })

  test('asking again with another priority changes the place in line', () => {
    const locks = new Locks()
    locks.ask(request('ns/holder', [mutex('m')]))
    locks.ask(request('ns/a', [mutex('m')]))
    locks.ask(request('ns/b', [mutex('m')]))
    locks.ask(request('ns/b', [mutex('m')], { priority: 1 }))
    expect(locks.lineOf('ns/Mutex/m')).toEqual(['ns/b', 'ns/a'])
  })

  test('several locks are taken all or none, and the first that is missing is named', () => {
    const locks = new Locks()
    locks.ask(request('ns/a', [mutex('x')]))
    const both = request('ns/b', [mutex('y'), mutex('x')])
    expect(locks.ask(both)).toMatchObject({ kind: 'waiting', lock: 'ns/Mutex/x' })
    expect(locks.holdersOf('ns/Mutex/y')).toEqual([])
    // argo: whoever stands behind waits, although the lock is free.
    expect(locks.ask(request('ns/c', [mutex('y')]))).toMatchObject({
      message: 'Waiting for ns/Mutex/y lock. Lock status: 1/1',
    })
    locks.release(['ns/a'])
    expect(locks.takeGranted()).toEqual(['ns/b'])
    locks.release(['ns/b'])
    expect(locks.takeGranted()).toEqual(['ns/c'])
  })

  test('nodes of the workflow that stands first may overtake each other', () => {
    const locks = new Locks()
    locks.ask(request('ns/other', [mutex('x')]))
    locks.ask(request('ns/w/1', [mutex('x'), mutex('y')]))
    expect(locks.ask(request('ns/w/2', [mutex('y')]))).toEqual({ kind: 'granted' })
  })

  test('a semaphore without a limit is refused, unless somebody knows it', () => {
    const locks = new Locks()
    const problem = 'failed to initialize semaphore ns/ConfigMap/cm/s with limit'
    expect(locks.ask(request('ns/a', [semaphore('s', undefined)]))).toEqual({
      kind: 'refused',
      problem,
    })
    expect(locks.ask(request('ns/a', [semaphore('s', 0)]))).toMatchObject({ kind: 'refused' })
    expect(locks.ask(request('ns/a', [semaphore('s', 1)]))).toEqual({ kind: 'granted' })
    expect(locks.ask(request('ns/b', [semaphore('s', undefined)]))).toMatchObject({
      message: 'Waiting for ns/ConfigMap/cm/s lock. Lock status: 0/1',
    })
  })

  test('a holder whose limit nobody knows any more keeps its lock, and others are told why they wait', () => {
    const locks = new Locks()
    locks.hold('ns/a', ['ns/ConfigMap/cm/s'])
    expect(locks.ask(request('ns/b', [semaphore('s', undefined)]))).toMatchObject({
      message: 'Failed to get semaphore limit for ns/ConfigMap/cm/s',
    })
    locks.setLimit('ns/ConfigMap/cm/s', 2)
    expect(locks.takeGranted()).toEqual(['ns/b'])
  })

  test('a lowered limit takes nothing from anybody, and a raised one wakes as many as it has room for', () => {
    const locks = new Locks()
    const s = (limit: number) => [semaphore('s', limit)]
    for (const name of ['a', 'b', 'c', 'd', 'e']) locks.ask(request(`ns/${name}`, s(2)))
    locks.setLimit('ns/ConfigMap/cm/s', 1)
    locks.release(['ns/a'])
    expect(locks.takeGranted()).toEqual([])
    expect(locks.ask(request('ns/e', s(1)))).toMatchObject({
      message: 'Waiting for ns/ConfigMap/cm/s lock. Lock status: 0/1',
    })
    locks.setLimit('ns/ConfigMap/cm/s', 3)
    expect(locks.takeGranted()).toEqual(['ns/c', 'ns/d'])
  })

  test('what is given back serves the own workflow at once, and others when that is written', () => {
    const locks = new Locks()
    locks.ask(request('ns/a/1', [mutex('m')]))
    locks.ask(request('ns/b', [mutex('m')], { createdAt: '2026-01-02T00:00:00Z' }))
    expect(locks.giveBack('ns/a/1')).toEqual([])
    expect(locks.ask(request('ns/c', [mutex('m')], { priority: 9 }))).toMatchObject({
      kind: 'waiting',
    })
    locks.leave('ns/c')
    expect(locks.ask(request('ns/a/2', [mutex('m')]))).toEqual({ kind: 'granted' })
    locks.release(['ns/a/1'])
    expect(locks.holdersOf('ns/Mutex/m')).toEqual(['ns/a/2'])
    locks.release(['ns/a/2'])
    expect(locks.takeGranted()).toEqual(['ns/b'])
  })

  test('what is given back goes to another node that waits, when its workflow stands first', () => {
    const locks = new Locks()
    for (const node of [1, 2, 3]) {
      locks.ask(request(`ns/a/${node}`, [mutex('m')], { order: [node] }))
    }
    expect(locks.giveBack('ns/a/1')).toEqual(['ns/a/2'])
    expect(locks.giveBack('ns/a/3')).toEqual(['ns/a/2'])
    expect(locks.holdersOf('ns/Mutex/m')).toEqual(['ns/a/2'])
  })

  test('a workflow that leaves gives back and wants nothing any more', () => {
    const locks = new Locks()
    locks.ask(request('ns/a/1', [mutex('m')]))
    locks.ask(request('ns/a/2', [mutex('m')]))
    locks.ask(request('ns/b', [mutex('m')]))
    locks.leave('ns/a')
    expect(locks.takeGranted()).toEqual(['ns/b'])
    locks.leave('ns/b')
    expect(locks.names()).toEqual([])
  })
})

type Move =
  | { readonly kind: 'ask'; readonly who: number }
  | { readonly kind: 'release'; readonly who: number }
  | { readonly kind: 'leave'; readonly who: number }
  | { readonly kind: 'limit'; readonly lock: number; readonly limit: number }

const move = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), who: fc.nat(11) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('release' as const), who: fc.nat(11) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), who: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      lock: fc.nat(1),
      limit: fc.integer({ min: 1, max: 3 }),
    }),
  },
)

const wants = fc.array(fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }), {
  minLength: 12,
  maxLength: 12,
})

/** Four workflows of three nodes each; two mutexes and two semaphores. */
class Town {
  readonly locks = new Locks()
  readonly limits = [2, 1]
  readonly #wants: readonly (readonly number[])[]
  readonly #priorities: readonly number[]

  constructor(want: readonly (readonly number[])[], priorities: readonly number[]) {
    this.#wants = want
    this.#priorities = priorities
  }

  holder(who: number): string {
    return `ns/w${Math.floor(who / 3)}/${who % 3}`
  }

  lock(index: number) {
    return index < 2 ? semaphore(`s${index}`, this.limits[index]) : mutex(`m${index}`)
  }

  requestOf(who: number): LockRequest {
    const workflow = Math.floor(who / 3)
    return request(
      this.holder(who),
      (this.#wants[who] ?? []).map((index) => this.lock(index)),
      {
        priority: this.#priorities[workflow] ?? 0,
        createdAt: `2026-01-01T00:00:0${workflow}Z`,
        order: [who % 3],
      },
    )
  }

  play(moves: readonly Move[], after: () => void = () => undefined): this {
    for (const one of moves) {
      this.#move(one)
      after()
    }
    return this
  }

  #move(one: Move): void {
    if (one.kind === 'ask') this.locks.ask(this.requestOf(one.who))
    else if (one.kind === 'release') this.locks.release([this.holder(one.who)])
    else if (one.kind === 'leave') this.locks.leave(`ns/w${one.who}`)
    else {
      this.limits[one.lock] = one.limit
      if (this.locks.names().includes(this.lock(one.lock).name)) {
        this.locks.setLimit(this.lock(one.lock).name, one.limit)
      }
    }
  }

  get everyone(): readonly number[] {
    return Array.from({ length: 12 }, (_, who) => who)
  }

  has(who: number): boolean {
    const { holder, locks } = this.requestOf(who)
    return locks.every(({ name }) => this.locks.holdersOf(name).includes(holder))
  }

  /** One of its locks is full, or another workflow stands before it. */
  blocks(who: number): boolean {
    return this.requestOf(who).locks.some(({ name }) => {
      const full = this.locks.holdersOf(name).length >= (this.locks.limitOf(name) ?? 0)
      return full || this.locks.lineOf(name)[0]?.split('/')[1] !== `w${Math.floor(who / 3)}`
    })
  }

  /** Another one that holds the same, and to which those that wait come in the order of their rank. */
  reborn(): Town {
    const again = new Town(this.#wants, this.#priorities)
    again.limits.splice(0, 2, ...this.limits)
    for (const who of this.everyone.filter((one) => this.has(one))) {
      const names = this.requestOf(who).locks.map(({ name }) => name)
      again.locks.hold(this.holder(who), names)
      for (const name of names) again.locks.setLimit(name, this.locks.limitOf(name))
    }
    const rank = (who: number) => this.#priorities[Math.floor(who / 3)] ?? 0
    for (const who of this.everyone.toSorted((a, b) => rank(b) - rank(a))) {
      if (this.waits(who)) again.locks.ask(again.requestOf(who))
    }
    return again
  }

  waits(who: number): boolean {
    const { holder, locks } = this.requestOf(who)
    return locks.some(({ name }) => this.locks.lineOf(name).includes(holder))
  }
}

const priorities = fc.array(fc.nat(2), { minLength: 4, maxLength: 4 })
const moves = fc.array(move, { maxLength: 60, size: 'max' })

describe('under random moves', () => {
  test('nobody is granted beyond the limit, and whoever waits has none of what it wants', () => {
    fc.assert(
      fc.property(wants, priorities, moves, (want, priority, list) => {
        const town = new Town(want, priority)
        let before = new Map<string, number>()
        town.play(list, () => {
          const now = new Map(
            town.locks.names().map((name) => [name, town.locks.holdersOf(name).length]),
          )
          for (const [name, count] of now) {
            const limit = town.locks.limitOf(name) ?? 0
            // A lowered limit evicts nobody; it lets nobody in either.
            expect(count).toBeLessThanOrEqual(Math.max(limit, before.get(name) ?? 0))
          }
          for (const who of town.everyone) expect(town.has(who) && town.waits(who)).toBe(false)
          before = now
        })
      }),
      { numRuns },
    )
  })

  test('nobody who could go on is left waiting: a wake-up is never lost', () => {
    fc.assert(
      fc.property(wants, priorities, moves, (want, priority, list) => {
        const town = new Town(want, priority)
        town.play(list, () => {
          for (const who of town.everyone) if (town.waits(who)) expect(town.blocks(who)).toBe(true)
        })
      }),
      { numRuns },
    )
  })

  test('when all who hold give back, all who wait get their turn, workflow by workflow in order', () => {
    fc.assert(
      fc.property(wants, priorities, moves, (want, priority, list) => {
        const town = new Town(want, priority).play(list)
        for (let round = 0; round < 20; round++) {
          const holding = town.everyone.filter((who) => town.has(who))
          town.locks.release(holding.map((who) => town.holder(who)))
        }
        expect(town.everyone.filter((who) => town.waits(who))).toEqual([])
      }),
      { numRuns },
    )
  })

  test('what is loaded from who holds what, and asked anew in order, stands as what has lived', () => {
    fc.assert(
      fc.property(wants, priorities, moves, (want, priority, list) => {
        const town = new Town(want, priority).play(list)
        const again = town.reborn()
        for (const name of town.locks.names()) {
          expect(again.locks.holdersOf(name)).toEqual(town.locks.holdersOf(name))
          expect(again.locks.lineOf(name)).toEqual(town.locks.lineOf(name))
        }
      }),
      { numRuns },
    )
  })
})
