import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sprint, sprintf } from './go-format.ts'
import { strftime } from './strftime.ts'

test.each([
  [
    '%06.2f|%-6d|%+d|%x|%X|% x|%q',
    [2.5, 5n, 5n, 'hi', 255n, 'hi', 'a"b'],
    '002.50|5     |+5|6869|FF|68 69|"a\\"b"',
  ],
  ['%d %s %d', ['x', 5n, null], '%!d(string=x) %!s(int=5) %!d(<nil>)'],
  ['%d', [], '%!d(MISSING)'],
  ['a', [1n, 'b'], 'a%!(EXTRA int=1, string=b)'],
  ['%', [1n], '%!(NOVERB)%!(EXTRA int=1)'],
  [
    '%v %#v',
    [{ b: 1n, a: [1n, 'x', null, 2.5] }, [1n, 'q']],
    'map[a:[1 x <nil> 2.5] b:1] []interface {}{1, "q"}',
  ],
  [
    '%05d|%o|%#o|%b|%e|%U|%c',
    [-3n, 8n, 8n, 5n, 1.5, 128512n, 65n],
    '-0003|10|010|101|1.500000e+00|U+1F600|A',
  ],
  ['%.0f %g %v', [2.5, 1e20, 123456789], '2 1e+20 1.23456789e+08'],
] as const)('Sprintf of %s', (format, values, expected) => {
  expect(sprintf(format, ...values)).toBe(expected)
})

test('no format breaks it', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '%',
          'd',
          's',
          'v',
          '#',
          '+',
          '-',
          '0',
          '5',
          '.',
          '*',
          '[1]',
          'q',
          'x',
          'é',
        ),
      ),
      fc.anything(),
      (parts, value) => {
        expect(sprintf(parts.join(''), value, 3n, 'x')).toBeTypeOf('string')
        expect(sprint(value)).toBeTypeOf('string')
      },
    ),
  )
})

test('strftime knows the letters that Argo knows', () => {
  const at = Date.UTC(2024, 1, 29, 15, 4, 5, 7)
  expect(strftime('%Y-%m-%d %H:%M:%S %p %B %b %A %a %y %I %Z %z %L %% %Q %', at)).toBe(
    '2024-02-29 15:04:05 PM February Feb Thursday Thu 24 03 UTC +0000 .007 % %Q %',
  )
})
