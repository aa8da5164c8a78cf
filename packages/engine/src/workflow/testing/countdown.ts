import type { Template } from '../../spec/workflow.ts'

/** A template that calls itself until its count is over. */
export const countdown: Template = {
  name: 'countdown',
  inputs: {
    parameters: [
      { name: 'n', default: '2' },
      { name: 'x', default: '0' },
    ],
  },
  steps: [
    [{ name: 'now', template: 'plain' }],
    [
      {
        name: 'again',
        template: 'countdown',
        when: '{{inputs.parameters.n}} > 0',
        arguments: {
          parameters: [{ name: 'n', value: '{{=string(asInt(inputs.parameters.n) - 1)}}' }],
        },
      },
    ],
  ],
}
