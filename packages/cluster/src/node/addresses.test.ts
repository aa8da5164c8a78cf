import { expect, test } from 'vitest'
import { Addresses } from './addresses.ts'

test('every pod has an address of its own', () => {
  const addresses = new Addresses()
  expect([addresses.take('a'), addresses.take('b'), addresses.take('a')]).toEqual([
    '127.10.0.1',
    '127.10.0.2',
    '127.10.0.1',
  ])
})

test('what is given back is not given away at once', () => {
  const addresses = new Addresses()
  addresses.take('a')
  addresses.release('a')
  expect(addresses.take('b')).toBe('127.10.0.2')
})

test('a pod that an earlier node had keeps its address, and no other gets it', () => {
  const addresses = new Addresses()
  expect(addresses.take('old', '127.10.0.1')).toBe('127.10.0.1')
  expect(addresses.take('new')).toBe('127.10.0.2')
})

test.each([
  ['that another pod has', '127.10.0.1'],
  ['of the machine itself', '127.0.0.1'],
  ['of somewhere else', '10.0.0.7'],
  ['that is none', '127.10.0'],
])('an address %s is not taken up', (_, known) => {
  const addresses = new Addresses()
  addresses.take('other')
  expect(addresses.take('pod', known)).toBe('127.10.0.2')
})

test('after more than 65,000 pods the third number counts on', () => {
  const addresses = new Addresses()
  let last = ''
  for (let index = 0; index < 65_536; index++) {
    last = addresses.take(String(index))
    addresses.release(String(index))
  }
  expect(last).toBe('127.11.0.0')
})

test('where there is one address all have it', () => {
  const addresses = new Addresses('127.0.0.1')
  expect([addresses.take('a'), addresses.take('b')]).toEqual(['127.0.0.1', '127.0.0.1'])
})
