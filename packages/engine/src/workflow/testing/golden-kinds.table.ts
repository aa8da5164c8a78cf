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
const ask: Template = { name: 'ask', http: { url: 'http://h' } }
const list: Template = {
  name: 'list',
  data: {
    source: { artifactPaths: { name: 'a', disk: { key: 'k' } } },
    transformation: [{ expression: 'data' }],
  },
}
const told = { outputs: { result: 'body' } }

function steps(...names: readonly string[]): Template {
  return { name: 'main', steps: names.map((name) => [{ name, template: name }]) }
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
  {
    name: 'an http template is an HTTP node that knows nothing of a pod',
    spec: { entrypoint: 'ask', templates: [ask] },
    ends: { '': told },
    nodes: { '': 'HTTP Succeeded' },
    outputs: { '': { result: 'body' } },
    workflow: 'Succeeded',
  },
  {
    name: 'an http request that fails has its own words',
    spec: { entrypoint: 'ask', templates: [ask] },
    ends: { '': { exitCode: 64, said: 'Get "http://h": EOF' } },
    nodes: { '': 'HTTP Failed: Get "http://h": EOF' },
    workflow: 'Failed: Get "http://h": EOF',
  },
  {
    name: 'an answer that was not wanted fails the node and is its result all the same',
    spec: { entrypoint: 'ask', templates: [ask] },
    ends: {
      '': { ...told, verdict: { phase: 'Failed', message: 'received non-2xx response code: 404' } },
    },
    nodes: { '': 'HTTP Failed: received non-2xx response code: 404' },
    outputs: { '': { result: 'body' } },
    workflow: 'Failed: received non-2xx response code: 404',
  },
  {
    name: 'an http template is tried again',
    spec: { entrypoint: 'ask', templates: [{ ...ask, retryStrategy: { limit: '2' } }] },
    ends: { '(0)': { exitCode: 64, said: 'EOF' }, '(1)': told },
    nodes: { '': 'Retry Succeeded', '(0)': 'HTTP Failed: EOF', '(1)': 'HTTP Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'an http template has its timeout',
    spec: { entrypoint: 'ask', templates: [{ ...ask, timeout: '3s' }] },
    ends: { '': { never: true } },
    nodes: { '': 'HTTP Failed: timeout' },
    workflow: 'Error: error in entry template execution: timeout',
  },
  {
    name: 'a data template is a Pod node whose result others use',
    spec: {
      entrypoint: 'main',
      templates: [
        {
          name: 'main',
          steps: [
            [{ name: 'list', template: 'list' }],
            [
              {
                name: 'each',
                template: 'echo',
                withParam: '{{steps.list.outputs.result}}',
                arguments: { parameters: [{ name: 'x', value: '{{item}}' }] },
              },
            ],
          ],
        },
        list,
        echo,
      ],
    },
    ends: { '[0].list': { outputs: { result: '["k/a","k/b"]' } } },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].list': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].each(0:k/a)': 'Pod Succeeded',
      '[1].each(1:k/b)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'one kind after the other',
    spec: { entrypoint: 'main', templates: [steps('read', 'ask', 'list'), read, ask, list] },
    ends: { '[0].read': given, '[1].ask': told, '[2].list': told },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].read': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].ask': 'HTTP Succeeded',
      '[2]': 'StepGroup Succeeded',
      '[2].list': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a plugin is a Plugin node with the message that the plugin gives',
    spec: { entrypoint: 'main', templates: [{ name: 'main', plugin: { hello: {} } }] },
    ends: { '': { verdict: { phase: 'Succeeded', message: 'hi' } } },
    nodes: { '': 'Plugin Succeeded: hi' },
    workflow: 'Succeeded',
  },
]
