import { expect, test } from 'vitest'
import { whyNot } from './rights.ts'

const reader = {
  namespace: 'team',
  user: 'ada',
  verbs: { workflows: ['get', 'list', 'watch'], pods: [] },
}

test('the first right that is missing is named', () => {
  expect(whyNot(reader, [['list', 'workflows']])).toBeUndefined()
  expect(
    whyNot(reader, [
      ['update', 'workflows'],
      ['delete', 'pods'],
    ]),
  ).toBe('You are ada, who may not update workflows in team')
  expect(whyNot({ ...reader, namespace: '' }, [['get', 'sensors']])).toBe(
    'You are ada, who may not get sensors in all namespaces',
  )
})

test('as long as nothing is known everything is offered: the server decides', () => {
  expect(whyNot(undefined, [['delete', 'workflows']])).toBeUndefined()
})
