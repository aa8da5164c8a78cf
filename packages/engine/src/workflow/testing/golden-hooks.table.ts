import type { DagTask, LifecycleHook, Step, Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { Golden } from './golden.table.ts'

const image = { name: 'main', image: 'i', command: ['c'] }
const pod: Template = { name: 'pod', container: image }
const note: Template = {
  name: 'note',
  inputs: { parameters: [{ name: 'x' }] },
  container: { ...image, args: ['{{inputs.parameters.x}}'] },
}
const gives: Template = {
  name: 'gives',
  container: image,
  outputs: { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
}
const stubborn: Template = { ...pod, name: 'stubborn', retryStrategy: { limit: '1' } }

function run(main: Partial<Template>, more: Partial<WorkflowSpec> = {}): WorkflowSpec {
  const templates = [{ name: 'main', ...main }, pod, note, gives, stubborn]
  return { entrypoint: 'main', templates, ...more }
}

function step(hooks: Step['hooks'], more: Partial<Step> = {}): Partial<Template> {
  return { steps: [[{ name: 'a', template: 'pod', ...(hooks && { hooks }), ...more }]] }
}

function task(hooks: DagTask['hooks'], more: Partial<DagTask> = {}): Partial<Template> {
  return { dag: { tasks: [{ name: 'A', template: 'pod', ...(hooks && { hooks }), ...more }] } }
}

function on(expression: string, more: Partial<LifecycleHook> = {}): LifecycleHook {
  return { template: 'pod', expression, ...more }
}

function given(x: string): Partial<LifecycleHook> {
  return { template: 'note', arguments: { parameters: [{ name: 'x', value: x }] } }
}

const isRunning = on("steps.a.status == 'Running'")
const hasSucceeded = on("steps.a.status == 'Succeeded'")
const failed1 = 'main: Error (exit code 1)'
const unknown = 'unknown name nobody (1:1)\n | nobody == 1\n | ^'
const passed = { '': 'Steps Succeeded', '[0]': 'StepGroup Succeeded' } as const

/** Lifecycle hooks of steps, of tasks and of the workflow. */
export const hookGoldens: readonly Golden[] = [
  {
    name: 'a hook fires when its expression is true, once, and hangs below its step',
    spec: run(step({ running: isRunning, success: hasSucceeded })),
    nodes: {
      ...passed,
      '[0].a': 'Pod Succeeded',
      '[0].a.hooks.running': 'Pod Succeeded',
      '[0].a.hooks.success': 'Pod Succeeded',
    },
    children: { '[0].a': ['[0].a.hooks.running', '[0].a.hooks.success'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook whose expression is never true leaves no node',
    spec: run(step({ failure: on("steps.a.status == 'Failed'") })),
    nodes: { ...passed, '[0].a': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook does not see what a step goes through, though a step within has hooks of its own',
    spec: run(
      {},
      {
        templates: [
          {
            name: 'main',
            ...step({ running: isRunning, success: hasSucceeded }, { template: 'short' }),
          },
          pod,
          {
            name: 'short',
            steps: [[{ name: 's', template: 'now', hooks: { never: on('false') } }]],
          },
          { name: 'now', suspend: { duration: '0' } },
        ],
      },
    ),
    nodes: {
      ...passed,
      '[0].a': 'Steps Succeeded',
      '[0].a[0]': 'StepGroup Succeeded',
      '[0].a[0].s': 'Suspend Succeeded',
      '[0].a.hooks.success': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook that fails does not fail its step',
    spec: run(step({ success: hasSucceeded })),
    ends: { '[0].a.hooks.success': 1 },
    nodes: {
      ...passed,
      '[0].a': 'Pod Succeeded',
      '[0].a.hooks.success': `Pod Failed: ${failed1}`,
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a step that fails has its hooks before its group ends',
    spec: run(step({ failure: on("steps.a.status == 'Failed'") })),
    ends: { '[0].a': 1 },
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': `Pod Failed: ${failed1}`,
      '[0].a.hooks.failure': 'Pod Succeeded',
    },
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'the exit handler of a step runs beside its other hooks',
    spec: run(step({ exit: { template: 'pod' }, success: hasSucceeded })),
    nodes: {
      ...passed,
      '[0].a': 'Pod Succeeded',
      '[0].a.hooks.success': 'Pod Succeeded',
      '[0].a.onExit': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'what a hook is given may speak of its own step',
    spec: run(
      step(
        {
          exit: { template: 'pod' },
          success: on("steps.a.status == 'Succeeded'", given('{{steps.a.outputs.parameters.v}}')),
        },
        { template: 'gives' },
      ),
    ),
    ends: { '[0].a': { outputs: { parameters: [{ name: 'v', value: 'seven' }] } } },
    nodes: {
      ...passed,
      '[0].a': 'Pod Succeeded',
      '[0].a.hooks.success': 'Pod Succeeded',
      '[0].a.onExit': 'Pod Succeeded',
    },
    inputs: { '[0].a.hooks.success': { parameters: [{ name: 'x', value: 'seven' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook may ask for the outputs of an earlier step',
    spec: run({
      steps: [
        [{ name: 'first', template: 'gives' }],
        [
          {
            name: 'a',
            template: 'pod',
            hooks: { seven: on("steps.first.outputs.parameters.v == '7'") },
          },
        ],
      ],
    }),
    ends: { '[0].first': { outputs: { parameters: [{ name: 'v', value: '7' }] } } },
    nodes: {
      ...passed,
      '[0].first': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].a': 'Pod Succeeded',
      '[1].a.hooks.seven': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an expression that cannot be evaluated makes the group of its step an error',
    spec: run(step({ odd: on('nobody == 1') })),
    nodes: {
      '': `Steps Failed: ${unknown}`,
      '[0]': `StepGroup Error: ${unknown}`,
      '[0].a': 'Pod Succeeded',
    },
    workflow: `Failed: ${unknown}`,
  },
  {
    name: 'an expression that is no truth makes its task an error, and the dag',
    spec: run(task({ odd: on("'yes'") })),
    nodes: {
      '': 'DAG Error',
      '.A': "Pod Error: unable to cast expression result 'yes' to bool",
    },
    workflow: 'Error',
  },
  {
    name: 'a hook whose template is not there is an error of its step',
    spec: run(step({ running: { ...isRunning, template: 'nowhere' } })),
    nodes: {
      '': 'Steps Failed: template nowhere not found',
      '[0]': 'StepGroup Error: template nowhere not found',
      '[0].a': 'Pod Succeeded',
      '[0].a.hooks.running': 'Skipped Error: template nowhere not found',
    },
    workflow: 'Failed: template nowhere not found',
  },
  {
    name: 'of items whose hook has no template the first says so for all of them',
    spec: run(
      step(
        { begun: on("steps.a.status == 'Pending'", { template: 'nowhere' }) },
        { withItems: ['x', 'y'] },
      ),
    ),
    nodes: {
      '': 'Steps Failed: template nowhere not found',
      '[0]': 'StepGroup Error: template nowhere not found',
      '[0].a(0:x)': 'Pod Succeeded',
      '[0].a(0:x).hooks.begun': 'Skipped Error: template nowhere not found',
      '[0].a(1:y)': 'Pod Succeeded',
    },
    workflow: 'Failed: template nowhere not found',
  },
  {
    name: 'each item of a step has the hooks of the step',
    spec: run(
      step(
        { done: on("steps.a.status == 'Succeeded'", given('{{item}}')) },
        { withItems: ['x', 'y'] },
      ),
    ),
    nodes: {
      ...passed,
      '[0].a(0:x)': 'Pod Succeeded',
      '[0].a(0:x).hooks.done': 'Pod Succeeded',
      '[0].a(1:y)': 'Pod Succeeded',
      '[0].a(1:y).hooks.done': 'Pod Succeeded',
    },
    inputs: { '[0].a(1:y).hooks.done': { parameters: [{ name: 'x', value: 'y' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'the loop of a task has its hooks as a whole',
    spec: run(task({ done: on("tasks.A.status == 'Succeeded'") }, { withItems: ['x', 'y'] })),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'TaskGroup Succeeded',
      '.A(0:x)': 'Pod Succeeded',
      '.A(1:y)': 'Pod Succeeded',
      '.A.hooks.done': 'Pod Succeeded',
    },
    children: { '.A': ['.A(0:x)', '.A(1:y)', '.A.hooks.done'] },
    workflow: 'Succeeded',
  },
  {
    name: 'what depends on a task waits for its hooks',
    spec: run({
      dag: {
        tasks: [
          { name: 'A', template: 'pod', hooks: { done: on("tasks.A.status == 'Succeeded'") } },
          { name: 'B', template: 'pod', dependencies: ['A'] },
        ],
      },
    }),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Pod Succeeded',
      '.A.hooks.done': 'Pod Succeeded',
      '.B': 'Pod Succeeded',
    },
    order: ['.A', '.A.hooks.done', '.B'],
    workflow: 'Succeeded',
  },
  {
    name: 'a task that is skipped has hooks, a step that is skipped has none',
    spec: run(
      {},
      {
        templates: [
          {
            name: 'main',
            dag: {
              tasks: [
                {
                  name: 'A',
                  template: 'pod',
                  when: '1 == 2',
                  hooks: { skipped: on("tasks.A.status == 'Skipped'") },
                },
                { name: 'B', template: 'group' },
              ],
            },
          },
          { name: 'group', ...step({ skipped: on('true') }, { when: '1 == 2' }) },
          pod,
        ],
      },
    ),
    nodes: {
      '': 'DAG Succeeded',
      '.A': "Skipped Skipped: when '1 == 2' evaluated false",
      '.A.hooks.skipped': 'Pod Succeeded',
      '.B': 'Steps Succeeded',
      '.B[0]': 'StepGroup Succeeded',
      '.B[0].a': "Skipped Skipped: when '1 == 2' evaluated false",
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a step that is retried has its hooks once, beside its attempts',
    spec: run(
      step(
        { running: isRunning, failure: on("steps.a.status == 'Failed'") },
        { template: 'stubborn' },
      ),
    ),
    ends: { '[0].a(0)': 1 },
    nodes: {
      ...passed,
      '[0].a': 'Retry Succeeded',
      '[0].a(0)': `Pod Failed: ${failed1}`,
      '[0].a(1)': 'Pod Succeeded',
      '[0].a.hooks.running': 'Pod Succeeded',
    },
    children: { '[0].a': ['[0].a(0)', '[0].a(1)', '[0].a.hooks.running'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook that is retried is over with its last attempt',
    spec: run(step({ done: { ...hasSucceeded, template: 'stubborn' } })),
    ends: { '[0].a.hooks.done(0)': 1 },
    nodes: {
      ...passed,
      '[0].a': 'Pod Succeeded',
      '[0].a.hooks.done': 'Retry Succeeded',
      '[0].a.hooks.done(0)': `Pod Failed: ${failed1}`,
      '[0].a.hooks.done(1)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook may be a template of another object',
    spec: run(
      step({
        done: {
          expression: "steps.a.status == 'Succeeded'",
          templateRef: { name: 'shared', template: 'pod' },
        },
      }),
    ),
    templates: [
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'WorkflowTemplate',
        metadata: { name: 'shared' },
        spec: { templates: [pod] },
      },
    ],
    nodes: { ...passed, '[0].a': 'Pod Succeeded', '[0].a.hooks.done': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'the hooks of a workflow hang below its root, and its exit handler runs after them',
    spec: run(
      { container: image },
      {
        hooks: {
          exit: { template: 'pod' },
          running: on("workflow.status == 'Running'"),
          failure: on("workflow.status == 'Failed'", given('{{workflow.status}}')),
        },
      },
    ),
    ends: { '': 1 },
    nodes: {
      '': `Pod Failed: ${failed1}`,
      '.hooks.running': 'Pod Succeeded',
      '.hooks.failure': 'Pod Succeeded',
      '.onExit': 'Pod Succeeded',
    },
    children: { '': ['.hooks.failure', '.hooks.running'] },
    inputs: { '.hooks.failure': { parameters: [{ name: 'x', value: 'Failed' }] } },
    order: ['.hooks.failure', '.onExit'],
    workflow: `Failed: ${failed1}`,
  },
  {
    name: 'a hook of the workflow that fails does not fail it',
    spec: run({ container: image }, { hooks: { running: on("workflow.status == 'Running'") } }),
    ends: { '.hooks.running': 1 },
    nodes: { '': 'Pod Succeeded', '.hooks.running': `Pod Failed: ${failed1}` },
    workflow: 'Succeeded',
  },
  {
    name: 'a hook of the workflow that cannot be evaluated makes it an error once it is over',
    spec: run({ container: image }, { hooks: { odd: on('workflow.status') }, onExit: 'pod' }),
    nodes: {
      '': "Pod Error: unable to cast expression result 'Succeeded' to bool",
      '.onExit': 'Pod Succeeded',
    },
    workflow: "Error: unable to cast expression result 'Succeeded' to bool",
  },
  {
    name: 'a hook without an expression is refused',
    spec: run({ container: image }, { hooks: { running: { template: 'pod' } } }),
    nodes: {},
    workflow: 'Failed: invalid spec: hooks.running Expression required',
  },
]
