import { expect, test } from 'vitest'
import { parseQuery } from './parse-query.ts'

const now = Date.UTC(2026, 0, 10)
const day = 86_400_000

test.each([
  ['', { kind: 'all' }],
  ['  ', { kind: 'all' }],
  ['Boom', { kind: 'said', field: 'any', part: 'boom', whole: false }],
  ['"out of Memory"', { kind: 'said', field: 'any', part: 'out of memory', whole: false }],
  ['10:30', { kind: 'said', field: 'any', part: '10:30', whole: false }],
  ['status = failed', { kind: 'phase', phase: 'Failed' }],
  ['PHASE:error', { kind: 'phase', phase: 'Error' }],
  ['name == a', { kind: 'text', field: 'name', test: { is: 'equal', value: 'a' } }],
  ['name=a*b', { kind: 'text', field: 'name', test: { is: 'glob', parts: ['a', 'b'] } }],
  ['name="a*b"', { kind: 'text', field: 'name', test: { is: 'equal', value: 'a*b' } }],
  ['name ~ A', { kind: 'text', field: 'name', test: { is: 'contains', part: 'a' } }],
  ['label.team', { kind: 'pair', of: 'label', key: 'team', test: { is: 'present' } }],
  [
    'label.app.kubernetes.io/name=x',
    { kind: 'pair', of: 'label', key: 'app.kubernetes.io/name', test: { is: 'equal', value: 'x' } },
  ],
  ['param=x', { kind: 'pair', of: 'param', key: '', test: { is: 'equal', value: 'x' } }],
  [
    'parameter.n>=2.5',
    { kind: 'pair', of: 'param', key: 'n', test: { is: 'number', sign: '>=', value: 2.5 } },
  ],
  ['message:"not found"', { kind: 'said', field: 'message', part: 'not found', whole: false }],
  ['message = "Oh no"', { kind: 'said', field: 'message', part: 'oh no', whole: true }],
  ['started > -24h', { kind: 'range', field: 'started', from: now - day + 1 }],
  [
    'started = 2026-01-02',
    { kind: 'range', field: 'started', from: now - 8 * day, to: now - 7 * day },
  ],
  ['finished<=2026-01-09T00:00:00Z', { kind: 'range', field: 'finished', to: now - day + 1000 }],
  ['created < now', { kind: 'range', field: 'created', to: now }],
  ['duration > 1h30m', { kind: 'range', field: 'duration', from: 5_400_001 }],
  ['duration<=90', { kind: 'range', field: 'duration', to: 90_001 }],
])('%s', (text, query) => {
  expect(parseQuery(text, now)).toEqual({ query })
})

const a = { kind: 'phase', phase: 'Failed' }
const b = { kind: 'phase', phase: 'Error' }
const c = { kind: 'phase', phase: 'Running' }

test.each([
  ['status:failed status:error', { kind: 'and', parts: [a, b] }],
  ['status:failed AND status:error', { kind: 'and', parts: [a, b] }],
  ['status in (failed, error)', { kind: 'or', parts: [a, b] }],
  ['status not in (failed)', { kind: 'not', part: a }],
  ['status != failed', { kind: 'not', part: a }],
  ['not status:failed status:error', { kind: 'and', parts: [{ kind: 'not', part: a }, b] }],
  [
    'status:failed status:error or status:running',
    { kind: 'or', parts: [{ kind: 'and', parts: [a, b] }, c] },
  ],
  [
    'status:failed (status:error or status:running)',
    { kind: 'and', parts: [a, { kind: 'or', parts: [b, c] }] },
  ],
])('%s binds as it reads', (text, query) => {
  expect(parseQuery(text, now)).toEqual({ query })
})

test.each([
  ['stauts = failed', 0, 6, 'there is no field stauts: did you mean status?', 'status'],
  ['x and stauts:failed', 6, 12, /^there is no field stauts: did you mean status/, 'status'],
  ['status = fialed', 9, 15, 'fialed is no status: did you mean Failed?', 'Failed'],
  ['status = gone', 9, 13, /^gone is no status: there are Pending/, undefined],
  ['team = x', 0, 4, /^there is no field team: .* of a label it is label\.team/, undefined],
  ['status > failed', 7, 8, 'status is not compared by >: it takes = != : in', '='],
  ['started > 24h', 10, 13, '24h is no time: for so long ago write -24h', '-24h'],
  ['started > 2026-02-30', 10, 20, /^2026-02-30 is no time/, undefined],
  ['duration > long', 11, 15, /^long is no duration/, undefined],
  ['param.n > x', 10, 11, '> needs a number, not x', undefined],
  ['name = ', 7, 7, 'a value after = is missing', undefined],
  ['(status:failed', 14, 14, 'a closing parenthesis is missing', undefined],
  ['status:failed)', 13, 14, ') is not expected here', undefined],
  ['and x', 0, 3, 'expected a field or a text, found and', undefined],
  ['x or', 4, 4, 'a field or a text is missing', undefined],
  ['"abc', 0, 4, 'the quote " is not closed', '"abc"'],
  ['name in x', 8, 9, 'expected a list in parentheses, as in (a, b), found x', undefined],
  ['name = ""', 7, 9, 'the text is empty', undefined],
])('%s is told where it is wrong', (text, at, end, message, suggestion) => {
  expect(parseQuery(text, now)).toEqual({
    problem: {
      at,
      end,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      ...(suggestion !== undefined && { suggestion }),
    },
  })
})

test('nesting has an end', () => {
  expect(parseQuery('('.repeat(200), now)).toMatchObject({
    problem: { message: 'this is nested too deeply' },
  })
})
