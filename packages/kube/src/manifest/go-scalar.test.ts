import { describe, expect, test } from 'vitest'
import { goScalar } from './go-scalar.ts'

// Every row was compared with sigs.k8s.io/yaml v1.6.
const rows: readonly (readonly [string, null | boolean | number | string])[] = [
  ...['yes', 'Yes', 'YES', 'y', 'Y', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map(
    (w) => [w, true] as const,
  ),
  ...['no', 'No', 'NO', 'n', 'N', 'off', 'Off', 'OFF', 'false', 'False'].map(
    (w) => [w, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((w) => [w, null] as const),
  ...['yEs', 'tRUE', 'nULL', 'yess', 'None', '<<', 'x y'].map((w) => [w, w] as const),
  ['0o14', 12],
  ['014', 12],
  ['08', 8],
  ['09.5', 9.5],
  ['0b11', 3],
  ['0B11', 3],
  ['0x1f', 31],
  ['0X1F', 31],
  ['-0b11', -3],
  ['-0o7', -7],
  ['+0x1f', 31],
  ['1_000', 1000],
  ['1__0', 10],
  ['_1', '_1'],
  ['1:30', '1:30'],
  ['190:20:30', '190:20:30'],
  ['2001-01-01', '2001-01-01'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
  ['+1', 1],
  ['1.', 1],
  ['.5', 0.5],
  ['.5e3', 500],
  ['._5', '._5'],
  ['1e3', 1000],
  ['1E+3', 1000],
  ['1e400', '1e400'],
  ['1.50', 1.5],
  ['1_0.5_0', 10.5],
  ['.', '.'],
  ['...a', '...a'],
  ['-', '-'],
  ['0x', '0x'],
  ['0o8', '0o8'],
  ['0b2', '0b2'],
  ['1,000', '1,000'],
  ['9007199254740991', 9007199254740991],
  ['18446744073709551616', 18446744073709552000],
]

describe('a plain scalar', () => {
  test.each(rows)('%s is %s', (text, value) => {
    expect(goScalar(text)).toBe(value)
  })

  test('keeps the digits of an integer that a number cannot hold', () => {
    expect(goScalar('9007199254740993')).toBe('9007199254740993')
    expect(goScalar('-9223372036854775808')).toBe('-9223372036854775808')
  })
})
