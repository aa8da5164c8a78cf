import type { Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { Golden } from './golden.table.ts'

const image = { name: 'main', image: 'i', command: ['c'] }
const pod: Template = { name: 'pod', container: image }
const ask: Template = {
  name: 'ask',
  inputs: { parameters: [{ name: 'x' }] },
  container: { ...image, args: ['{{inputs.parameters.x}}'] },
}
const server: Template = { name: 'server', daemon: true, container: image }
const phoenix: Template = { ...server, name: 'phoenix', retryStrategy: { limit: '1' } }

function run(main: Partial<Template>, more: Partial<WorkflowSpec> = {}): WorkflowSpec {
  const templates = [{ name: 'main', ...main }, pod, ask, server, phoenix]
  return { entrypoint: 'main', templates, ...more }
}

function asked(x: string) {
  return { template: 'ask', arguments: { parameters: [{ name: 'x', value: x }] } }
}

/** Pods of these are ready at once, and run until they are stopped. */
const serves = { never: true } as const
const failed1 = 'main: Error (exit code 1)'

/** Daemons: who waits for them, who knows their address, and how they end. */
export const daemonGoldens: readonly Golden[] = [
  {
    name: 'a daemon is done as soon as it is ready, and is killed when its steps are over',
    spec: run({
      steps: [[{ name: 'a', template: 'server' }], [{ name: 'b', ...asked('{{steps.a.ip}}') }]],
    }),
    ends: { '[0].a': serves },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    children: { '[0].a': ['[1]'] },
    inputs: { '[1].b': { parameters: [{ name: 'x', value: '127.0.0.9' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'a task that depends on a daemon runs beside it',
    spec: run({
      dag: {
        tasks: [
          { name: 'A', template: 'server' },
          { name: 'B', ...asked('{{tasks.A.ip}}'), depends: 'A' },
        ],
      },
    }),
    ends: { '.A': serves },
    nodes: { '': 'DAG Succeeded', '.A': 'Pod Succeeded', '.B': 'Pod Succeeded' },
    inputs: { '.B': { parameters: [{ name: 'x', value: '127.0.0.9' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'depends may ask whether a task is a daemon',
    spec: run({
      dag: {
        tasks: [
          { name: 'A', template: 'server' },
          { name: 'B', template: 'pod', depends: 'A.Daemoned' },
          { name: 'C', template: 'pod', depends: 'A.Succeeded' },
        ],
      },
    }),
    ends: { '.A': serves },
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Pod Succeeded',
      '.B': 'Pod Succeeded',
      '.C': 'Skipped Omitted: omitted: depends condition not met',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a daemon that ends by itself has failed, and its steps with it',
    spec: run({
      steps: [[{ name: 'a', template: 'server' }], [{ name: 'b', template: 'pod' }]],
    }),
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Failed',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'a daemon that dies may be forgiven',
    spec: run({
      steps: [
        [{ name: 'a', template: 'server', continueOn: { failed: true } }],
        [{ name: 'b', template: 'pod' }],
      ],
    }),
    ends: { '[0].a': 1 },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': `Pod Failed: ${failed1}`,
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a daemon that dies is followed by its next attempt',
    spec: run({
      steps: [[{ name: 'a', template: 'phoenix' }], [{ name: 'b', template: 'pod' }]],
    }),
    ends: { '[0].a(0)': 1, '[0].a(1)': serves },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Retry Succeeded',
      '[0].a(0)': `Pod Failed: ${failed1}`,
      '[0].a(1)': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a daemon that nobody uses is killed as soon as it is ready',
    spec: run({ daemon: true, container: image }),
    ends: { '': serves },
    nodes: { '': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
]
