import { expect, test } from 'vitest'
import type { Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { advance, load } from './advance.ts'
import { typedSpec } from './typed.ts'

const world = { template: () => undefined, configMap: () => undefined }

function run(spec: object) {
  const workflow: Workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w', namespace: 'n' },
    spec: spec as WorkflowSpec,
  }
  return advance(load({ workflow, pods: [], results: [], world }), [], Date.UTC(2026, 0))
}

test('a parameter that is a number counts as its text, also for whoever wrote it to the API himself', () => {
  const { create } = run({
    entrypoint: 'm',
    arguments: { parameters: [{ name: 'n', value: 3 }] },
    templates: [
      { name: 'm', container: { image: 'i', command: ['c'], args: ['{{workflow.parameters.n}}'] } },
    ],
  })
  expect(create[0]?.spec.containers[0]?.args).toEqual(['3'])
})

test('what a field cannot hold is told by its path, and nothing begins', () => {
  const { ops, create, done } = run({
    entrypoint: 'm',
    templates: [{ name: 'm', steps: [[{ name: true, template: 'm' }]] }],
  })
  expect(create).toEqual([])
  expect(done).toBe(true)
  expect(ops).toContainEqual({
    op: 'add',
    path: '/status/message',
    value:
      'invalid spec: spec.templates[0].steps[0][0].name: expected a string, got a boolean (true); put it in quotes',
  })
})

test('an unknown field is nobody’s mistake', () => {
  expect(typedSpec({ entrypoint: 'm', later: 1 } as WorkflowSpec)).toMatchObject({
    spec: { later: 1 },
    problem: undefined,
  })
})
