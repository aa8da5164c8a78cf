import { expect, test } from 'vitest'
import { Scope } from './scope.ts'
import { shouldExecute, skippedMessage } from './when.ts'

const scope = new Scope()
scope.set('steps.flip.outputs.result', 'heads')
scope.set('steps.gone.outputs.result', null)

test.each([
  [undefined, true, ''],
  ['', true, ''],
  ['{{steps.flip.outputs.result}} == heads', true, 'heads == heads'],
  ['{{steps.flip.outputs.result}} == tails', false, 'heads == tails'],
  ["{{=steps.flip.outputs.result == 'heads'}}", true, 'true'],
])('%s', (when, run, expression) => {
  expect(shouldExecute(when, scope)).toEqual({ run, expression })
})

test('an output that is not there yet makes it wait', () => {
  expect(shouldExecute('{{steps.later.outputs.result}} == x', scope)).toEqual({
    unresolved: ['steps.later.outputs.result'],
  })
})

test('an output that will never be is a problem', () => {
  const result = shouldExecute('{{steps.gone.outputs.result}} == x', scope)
  expect(result).toMatchObject({ unsubstituted: true })
  expect('problem' in result && result.problem).toContain('absent optional')
})

test('what gives no boolean is a problem', () => {
  expect(shouldExecute('1 + 1', scope)).toMatchObject({
    problem: "Expected boolean evaluation for '1 + 1'. Got 2",
  })
})

test('the message of a skipped node shows the condition as it was evaluated', () => {
  expect(skippedMessage('heads == tails')).toBe("when 'heads == tails' evaluated false")
})
