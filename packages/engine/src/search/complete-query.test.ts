import { expect, test } from 'vitest'
import { completeQuery } from './complete-query.ts'

const known = { labels: ['team', 'tier'], parameters: ['size'], templates: ['nightly'] }

test.each([
  ['', 0, 'name'],
  ['sta', 0, 'status started'],
  ['status ', 7, '= != : in and or'],
  ['status = ', 9, 'Pending Running Succeeded Failed Error'],
  ['status:f', 7, 'Failed'],
  ['status in (failed, ', 19, 'Pending Running Succeeded Failed Error'],
  ['status not in (', 15, 'Pending Running Succeeded Failed Error'],
  ['x label.t', 2, 'label.team label.tier'],
  ['template=n', 9, 'nightly'],
  ['started > -', 10, '-1h -24h -7d'],
  ['(par', 1, 'param parameter param.size'],
  ['status=failed an', 14, 'and'],
])('%s|', (text, from, choices) => {
  const found = completeQuery(text, text.length, known)
  const texts = found.choices.map((one) => one.text)
  expect(found.from).toBe(from)
  if (choices === 'name') expect(texts).toContain('name')
  else expect(texts.join(' ')).toBe(choices)
})

test('only what is before the caret counts', () => {
  expect(completeQuery('sta = failed', 3).choices.map((one) => one.text)).toEqual([
    'status',
    'started',
  ])
})
