import { expect, test } from 'vitest'
import { blamed, tooLong } from './too-long.ts'

const big = 'x'.repeat(128 * 1024)
const rest = 'one may have 131071: hand it over as an artifact or in a file'

test('one argument, or one variable with its name, may have less than 128 KiB', () => {
  expect(tooLong({ argv: ['sh', '-c', big.slice(1)], env: {} })).toBe(undefined)
  expect(tooLong({ argv: ['sh', '-c', big], env: {} })).toBe(`argument 2 has 131072 bytes, ${rest}`)
  expect(tooLong({ argv: ['sh'], env: { A: '1', BIG: big.slice(4) } })).toBe(
    `the variable BIG has 131072 bytes, ${rest}`,
  )
})

test('bytes count, not characters', () => {
  expect(tooLong({ argv: ['sh', 'é'.repeat(70_000)], env: {} })).toBe(
    `argument 1 has 140000 bytes, ${rest}`,
  )
})

test('many that are not too long may be so together', () => {
  const argv = Array.from({ length: 30 }, () => big.slice(1))
  expect(tooLong({ argv, env: {} })).toBe('all arguments and variables together have 3932160 bytes')
  expect(tooLong({ argv: ['sh', '-c', 'echo'], env: { A: '1' } })).toBe(undefined)
})

test('only who could not be started for that is told', () => {
  const exit = { code: 128, finishedAt: 0, startError: 'exec: Argument list too long' }
  expect(blamed(exit, 'argument 2')).toEqual({
    ...exit,
    startError: 'exec: Argument list too long: argument 2',
  })
  const others = [
    { code: 1, finishedAt: 0 },
    { ...exit, startError: 'no such file' },
  ]
  for (const other of others) expect(blamed(other, 'argument 2')).toBe(other)
})
