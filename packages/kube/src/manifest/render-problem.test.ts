import { expect, test } from 'vitest'
import { renderProblem } from './render-problem.ts'

const place = { file: 'f', line: 1, column: 4, message: 'no such field' }

test('the line is shown with a caret under the place, and tabs stay tabs', () => {
  expect(renderProblem({ ...place, expected: 'a' }, '\ta: b')).toBe(
    'f:1:4: no such field\n  expected: a\n1 | \ta: b\n  | \t  ^',
  )
})

test('what would be a command to a terminal is not shown as it is', () => {
  const text = renderProblem(
    { ...place, message: 'odd \u001b]0;x\u0007' },
    'a: \u001b[2J\u009b1m\r',
  )
  expect(text).toBe('f:1:4: odd \ufffd]0;x\ufffd\n1 | a: \ufffd[2J\ufffd1m\n  |    ^')
})
