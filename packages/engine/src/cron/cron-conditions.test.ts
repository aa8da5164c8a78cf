import { expect, test } from 'vitest'
import { cronOf, look, made, statusOf } from './cron.fixture.ts'

test('that it cannot be evaluated is said until it can', () => {
  const spec = { stopStrategy: { expression: 'cronworkflow.succeeded' } }
  const first = look(cronOf(spec), { now: '11:00:00', since: '10:20:00' })
  const conditions = statusOf(first)?.conditions ?? []
  expect(conditions[0]?.message).toMatch(/expression result '%!s\(int=0\)' to bool$/)
  expect(look(cronOf(spec, { conditions }), { now: '11:00:01' }).patch).toBe(undefined)
  const mended = { stopStrategy: { expression: 'cronworkflow.succeeded > 1' } }
  const next = look(cronOf(mended, { conditions }), { now: '11:00:02' })
  expect(statusOf(next)?.conditions ?? []).toEqual([])
})

test('a tag of when may be a number or a label', () => {
  const when = '{{cronworkflow.succeeded}} < 2 && "{{cronworkflow.labels.team}}" == "x"'
  const labelled = (team: string, succeeded: number) => {
    const cron = cronOf({ when }, { succeeded })
    return { ...cron, metadata: { ...cron.metadata, labels: { team } } }
  }
  const due = { now: '11:00:00', since: '10:20:00' }
  expect(made(look(labelled('x', 1), due)).length).toBe(1)
  expect(made(look(labelled('x', 2), due))).toEqual([])
  expect(made(look(labelled('z', 1), due))).toEqual([])
})

test.each([
  ['nonsense(', 'Unbalanced parenthesis'],
  ['{{cronworkflow.name}} == c', "No parameter 'c' found."],
  ['1 + 1', "Expected boolean evaluation for '1 + 1'. Got 2"],
])('when: %s is no condition', (when, problem) => {
  const decision = look(cronOf({ when }), { now: '11:00:00', since: '10:20:00' })
  expect(made(decision)).toEqual([])
  expect(statusOf(decision)?.conditions?.[0]?.message).toBe(`run policy error: ${problem}`)
})
