import { expect, test } from 'vitest'
import { logLines } from './log-lines.ts'

test.each([
  ['text', 'argosy: a "line"\nargosy: more\n'],
  [
    'json',
    '{"time":"1970-01-01T00:00:01.000Z","level":"info","msg":"a \\"line\\""}\n' +
      '{"time":"1970-01-01T00:00:01.000Z","level":"debug","msg":"more"}\n',
  ],
] as const)('lines as %s', (format, expected) => {
  let said = ''
  const stderr = {
    write: (text: string) => {
      said += text
    },
  }
  const log = logLines(stderr, format, () => 1000)
  log('a "line"')
  log('more', 'debug')
  expect(said).toBe(expected)
})
