import type { Workflow, WorkflowTemplate } from '@argosy/engine'
import { expect, test } from 'vitest'
import { askedParameters, changedParameters, problemOf, templatePathOf } from './submission.ts'

test.each([
  [{ name: 'a' }, '', 'A value is needed: it has no default'],
  [{ name: 'a' }, 'x', undefined],
  [{ name: 'a', value: '' }, '', undefined],
  [{ name: 'a', value: 'x' }, '', undefined],
  [{ name: 'a', enum: ['x', 'y'] }, '', 'Choose one of its values'],
  [{ name: 'a', enum: ['x', 'y'] }, 'z', '"z" is none of its values'],
  [{ name: 'a', enum: ['x', 'y'] }, 'y', undefined],
])('%j with "%s": %s', (parameter, value, problem) => {
  expect(problemOf(parameter, value)).toBe(problem)
})

test('only what differs is sent', () => {
  const parameters = [{ name: 'a', value: '1' }, { name: 'b', default: '2' }, { name: 'c' }]
  expect(changedParameters(parameters, { a: '1', b: '3', c: '' })).toEqual(['b=3'])
})

test('a run from a template asks for all that the template asks for, with what it was given', () => {
  const region = { name: 'region', value: 'eu', enum: ['eu', 'us'] }
  const fail = { name: 'fail', value: 'no', enum: ['no', 'yes'] }
  const run = {
    metadata: {},
    spec: {
      arguments: {
        parameters: [
          { name: 'fail', value: 'yes' },
          { name: 'own', value: '1' },
        ],
      },
    },
    status: {
      storedWorkflowTemplateSpec: {
        arguments: { parameters: [region, { name: 'fail', value: 'yes' }] },
      },
    },
  }
  const template = { metadata: {}, spec: { arguments: { parameters: [fail] } } }
  const asked = askedParameters(run as unknown as Workflow, template as unknown as WorkflowTemplate)
  expect(asked).toEqual([{ ...fail, value: 'yes' }, region, { name: 'own', value: '1' }])
})

test.each([
  [{ name: 'a b' }, 'workflow-templates/team/a%20b'],
  [{ name: 'a', clusterScope: true }, 'cluster-workflow-templates/a'],
  [undefined, undefined],
])('the template %j is read at %s', (workflowTemplateRef, path) => {
  const run = { metadata: { namespace: 'team' }, spec: { workflowTemplateRef } }
  expect(templatePathOf(run as unknown as Workflow)).toBe(path)
})
