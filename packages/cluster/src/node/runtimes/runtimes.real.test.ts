import { expect, it } from 'vitest'
import { candidates } from './candidates.ts'

// What the contract may skip on somebody's laptop must all be there where we release from.
it('every launcher works on this machine: native, bwrap, unshare, and two as an ordinary user', async () => {
  const missing = (await candidates())
    .filter(({ unavailable }) => unavailable !== undefined)
    // mount 2.38 moves the root in an ordinary user's namespace and then reports an error: this one may be missing.
    .filter(({ name }) => name !== 'sandbox, unshare launcher of an ordinary user')
    .map(({ name, unavailable }) => `${name}: ${unavailable}`)
  expect(missing).toEqual([])
})

it('limits can be enforced here', async () => {
  const [plain, , sandbox] = await candidates()
  expect([plain?.skip.memoryLimit, sandbox?.skip.memoryLimit]).toEqual([undefined, undefined])
})
