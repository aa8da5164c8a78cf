import { expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import { matchesLabelSelector } from './label-selector.ts'

const labels = { app: 'web', tier: 'front' }
const by = (key: string, operator: string, values?: readonly string[]): JsonObject => ({
  matchExpressions: [{ key, operator, ...(values !== undefined && { values }) }],
})

test.each<[JsonObject, boolean]>([
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'back' } }, false],
  [by('app', 'In', ['api', 'web']), true],
  [by('app', 'In', []), false],
  [by('other', 'In', ['web']), false],
  [by('app', 'NotIn', ['web']), false],
  [by('other', 'NotIn', ['web']), true],
  [by('app', 'Exists'), true],
  [by('other', 'DoesNotExist'), true],
  [by('app', 'DoesNotExist'), false],
  [{ matchLabels: { app: 'web' }, ...by('tier', 'In', ['back']) }, false],
  [by('app', 'in', ['web']), false],
  [{ matchExpressions: ['app'] }, false],
])('%j', (selector, is) => {
  expect(matchesLabelSelector(selector, labels)).toBe(is)
})
