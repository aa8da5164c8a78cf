import { expect, it } from 'vitest'
import { adaptiveSync } from './adaptive-sync.ts'

/** A disk that takes so many milliseconds, and what has been done where. */
function disk() {
  const did: ('beside' | 'in place')[] = []
  const state = { ms: 0.1, fails: false, time: 0 }
  let finish = () => {}
  const sync = adaptiveSync({
    now: () => state.time,
    beside: (_, done) => {
      did.push('beside')
      finish = () => {
        state.time += state.ms
        done(state.fails ? new Error('the disk is gone') : null)
      }
    },
    inPlace: () => {
      did.push('in place')
      state.time += state.ms
      if (state.fails) throw new Error('the disk is gone')
    },
  })
  const told: (string | undefined)[] = []
  const tell = (error: Error | null) => void told.push(error?.message)
  return {
    ...{ did, state, told, sync },
    /** One commit, on its own. */
    alone: () => {
      sync(3, tell, false)
      finish()
      finish = () => {}
    },
    /** One commit while this thread has other work. */
    besideWork: () => {
      sync(3, tell, true)
      finish()
      finish = () => {}
    },
    /** One commit during which another one comes. */
    together: () => {
      sync(3, () => sync(3, tell, false), false)
      finish()
      finish()
      finish = () => {}
    },
  }
}

function times<T>(count: number, act: () => T): readonly T[] {
  return Array.from({ length: count }, act)
}

it('goes to the other thread until sixteen in a row were quick and alone', () => {
  const { did, alone } = disk()
  times(17, alone)
  expect(did.slice(0, 16)).toEqual(Array(16).fill('beside'))
  expect(did[16]).toBe('in place')
})

it('looks after sixty-four whether anybody came by now', () => {
  const { did, alone } = disk()
  times(16 + 64 + 1, alone)
  expect(did.filter((where) => where === 'in place')).toHaveLength(64)
  expect(did.at(-1)).toBe('beside')
})

it('looks at four only when all sixty-four were quick', () => {
  const { did, alone } = disk()
  times(16 + 64 + 4 + 64, alone)
  expect(did.slice(80, 84)).toEqual(Array(4).fill('beside'))
  expect(did.slice(84)).toEqual(Array(64).fill('in place'))
})

it('trusts a disk later each time that it was slow, but not for ever', () => {
  const { did, state, alone } = disk()
  const waited = times(4, () => {
    const before = did.length
    while (did.at(-1) !== 'in place' || did.length === before) alone()
    state.ms = 3
    alone()
    state.ms = 0.1
    return did.length - 2 - before
  })
  expect(waited).toEqual([16, 32, 64, 64])
  times(64 + 64, alone)
  expect(did.slice(-64)).toEqual(Array(64).fill('in place'))
  times(4, alone)
  expect(did.slice(-4)).toEqual(Array(4).fill('beside'))
})

it('never holds up those who come while others are written', () => {
  const { did, together } = disk()
  times(100, together)
  expect(did).toEqual(Array(200).fill('beside'))
})

it('leaves this thread to who has work for it', () => {
  const { did, alone, besideWork } = disk()
  times(20, alone)
  times(5, besideWork)
  expect(did.slice(20)).toEqual(Array(5).fill('beside'))
})

it('never waits in place for a slow disk more than once', () => {
  const { did, state, alone } = disk()
  times(20, alone)
  state.ms = 3
  times(100, alone)
  expect(did.slice(20).filter((where) => where === 'in place')).toHaveLength(1)
})

it('tells of a disk that fails, wherever it was waited for', () => {
  const { did, told, state, alone } = disk()
  times(17, alone)
  state.fails = true
  alone()
  expect([did.at(-1), told.at(-1)]).toEqual(['in place', 'the disk is gone'])
  state.ms = 3
  times(2, alone)
  expect([did.at(-1), told.at(-1)]).toEqual(['beside', 'the disk is gone'])
})
