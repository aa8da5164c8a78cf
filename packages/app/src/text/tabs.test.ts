import { expect, it } from 'vitest'
import { tabs } from './tabs.ts'

it('pads a cell when another one follows, and leaves the last one as it is', () => {
  const lines = [
    ['NAME', 'STATUS', 'MESSAGE'],
    ['a-long-name', 'Running', ''],
    ['b', '', 'no'],
  ]
  expect(tabs(lines, 3)).toBe(
    'NAME          STATUS    MESSAGE\na-long-name   Running   \nb                       no\n',
  )
})

it('a column is as wide as it must be in the lines around it that have it', () => {
  expect(tabs([['a', 'b'], ['alone'], ['long', 'c']], 1)).toBe('a b\nalone\nlong c\n')
})

it('counts columns of the terminal, not letters of the text', () => {
  expect(
    tabs(
      [
        ['✔ \u001b[32mok\u001b[0m', 'x'],
        ['界', 'y'],
      ],
      1,
    ),
  ).toBe('✔ \u001b[32mok\u001b[0m x\n界   y\n')
})
