import { expect, test } from 'vitest'
import { kubeJsonPathCases, object } from './cases.table.ts'
import { kubeJsonPath } from './kube-json-path.ts'

test.each(kubeJsonPathCases)('$template', ({ template, ...want }) => {
  expect(kubeJsonPath(template, object)).toEqual(want)
})
