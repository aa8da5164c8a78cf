import type { Template } from '../../spec/workflow.ts'
import type { Golden } from './golden.table.ts'

const read: Template = {
  name: 'read',
  inputs: { parameters: [{ name: 'x', default: 'd' }] },
  resource: { action: 'get', flags: ['cm', '{{inputs.parameters.x}}'] },
  outputs: { parameters: [{ name: 'v', valueFrom: { jsonPath: '{.data.v}' } }] },
}
const echo: Template = {
  name: 'echo',
  inputs: { parameters: [{ name: 'x' }] },
  container: { name: 'main', image: 'i', command: ['c'], args: ['{{inputs.parameters.x}}'] },
}
const given = { outputs: { parameters: [{ name: 'v', value: 'seen' }] } }

/** Templates that run none of the user's programs. */
export const kindCases: readonly Golden[] = [
  {
    name: 'a resource is a Pod node',
    spec: { entrypoint: 'read', templates: [read] },
    ends: { '': given },
    nodes: { '': 'Pod Succeeded' },
    outputs: { '': { parameters: [{ name: 'v', value: 'seen' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'a resource that fails says what its program says',
    spec: { entrypoint: 'read', templates: [read] },
    ends: { '': 64 },
    nodes: { '': 'Pod Failed: main: Error (exit code 64)' },
    workflow: 'Failed: main: Error (exit code 64)',
  },
  {
    name: 'what a resource gives goes on to the next step',
    spec: {
      entrypoint: 'main',
      templates: [
        {
          name: 'main',
          steps: [
            [{ name: 'a', template: 'read' }],
            [
              {
                name: 'b',
                template: 'echo',
                arguments: {
                  parameters: [{ name: 'x', value: '{{steps.a.outputs.parameters.v}}' }],
                },
              },
            ],
          ],
        },
        read,
        echo,
      ],
    },
    ends: { '[0].a': given },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a resource is tried again',
    spec: {
      entrypoint: 'read',
      templates: [{ ...read, retryStrategy: { limit: '1' } }],
    },
    ends: { '(0)': 64, '(1)': given },
    nodes: {
      '': 'Retry Succeeded',
      '(0)': 'Pod Failed: main: Error (exit code 64)',
      '(1)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
]
