import type { DagTask, Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { RetryOptions } from './retry-workflow.ts'

/** A workflow that is played to its end and retried. Names are without the workflow's, as in golden.table.ts. */
export interface RetryCase {
  readonly name: string
  readonly spec: WorkflowSpec
  /** Exit codes by node name; 0 unless told. */
  readonly ends: Readonly<Record<string, number>>
  readonly options?: Partial<RetryOptions>
  /** What is left, `Type Phase` each. */
  readonly left: Readonly<Record<string, string>>
  /** Nodes whose pods go. */
  readonly pods: readonly string[]
}

const image = { name: 'main', image: 'i', command: ['c'] }
const pod: Template = { name: 'pod', container: image }
const echo: Template = { ...pod, name: 'echo', inputs: { parameters: [{ name: 'x' }] } }
const again: Template = { ...pod, name: 'again', retryStrategy: { limit: '1' } }

function run(main: Omit<Template, 'name'>, more: Partial<WorkflowSpec> = {}): WorkflowSpec {
  const templates = [{ name: 'main', ...main }, pod, echo, again, ...(more.templates ?? [])]
  return { ...more, entrypoint: 'main', templates }
}

const use = (name: string, extra: Partial<DagTask> = {}): DagTask => ({
  name,
  template: 'pod',
  ...extra,
})
const after = (name: string, ...dependencies: string[]) => use(name, { dependencies })

export const retryCases: readonly RetryCase[] = [
  {
    name: 'a failed container leaves nothing',
    spec: run({ container: image }),
    ends: { '': 1 },
    left: {},
    pods: [''],
  },
  {
    name: 'the steps before the failed one stay, its group and all above run again',
    spec: run({ steps: [[use('a')], [use('b')], [use('c')]] }),
    ends: { '[1].b': 1 },
    left: {
      '': 'Steps Running',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[1]': 'StepGroup Running',
    },
    pods: ['[1].b'],
  },
  {
    name: 'what ran beside the failed step and succeeded stays',
    spec: run({ steps: [[use('a'), use('b')]] }),
    ends: { '[0].b': 1 },
    left: { '': 'Steps Running', '[0]': 'StepGroup Running', '[0].a': 'Pod Succeeded' },
    pods: ['[0].b'],
  },
  {
    name: 'omitted tasks behind the failed one go with it',
    spec: run({ dag: { tasks: [use('a'), after('b', 'a'), after('c', 'b')] } }),
    ends: { '.b': 1 },
    left: { '': 'DAG Running', '.a': 'Pod Succeeded' },
    pods: ['.b'],
  },
  {
    name: 'a failed task behind which something succeeded stays failed',
    spec: run({
      dag: { tasks: [use('a'), use('b', { depends: 'a.Failed' }), use('c', { depends: 'b' })] },
    }),
    ends: { '.a': 1, '.c': 1 },
    left: { '': 'DAG Running', '.a': 'Pod Failed', '.b': 'Pod Succeeded' },
    pods: ['.c'],
  },
  {
    name: 'a hook whose template was not found goes too, and its step runs again',
    spec: run({
      steps: [
        [
          use('a', {
            hooks: { h: { template: 'nowhere', expression: "steps['a'].status == 'Failed'" } },
          }),
        ],
      ],
    }),
    ends: { '[0].a': 1 },
    left: { '': 'Steps Running', '[0]': 'StepGroup Running' },
    pods: ['[0].a'],
  },
  {
    name: 'a hook that could not be executed goes though its step succeeded and stays',
    spec: run({
      steps: [
        [
          use('a', {
            hooks: { h: { template: 'nowhere', expression: "steps['a'].status == 'Succeeded'" } },
          }),
        ],
      ],
    }),
    ends: {},
    left: { '': 'Steps Running', '[0]': 'StepGroup Running', '[0].a': 'Pod Succeeded' },
    pods: [],
  },
  {
    name: 'all attempts of a step go when none succeeded',
    spec: run({ steps: [[use('a', { template: 'again' })]] }),
    ends: { '[0].a(0)': 1, '[0].a(1)': 1 },
    left: { '': 'Steps Running', '[0]': 'StepGroup Running', '[0].a': 'Retry Running' },
    pods: ['[0].a(0)', '[0].a(1)'],
  },
  {
    name: 'failed attempts of a step that succeeded in the end stay',
    spec: run({ steps: [[use('a', { template: 'again' })], [use('b')]] }),
    ends: { '[0].a(0)': 1, '[1].b': 1 },
    left: {
      '': 'Steps Running',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Retry Succeeded',
      '[0].a(0)': 'Pod Failed',
      '[0].a(1)': 'Pod Succeeded',
      '[1]': 'StepGroup Running',
    },
    pods: ['[1].b'],
  },
  {
    name: 'the workflow’s exit handler goes and will run again',
    spec: run({ steps: [[use('a')]] }, { onExit: 'pod' }),
    ends: { '[0].a': 1 },
    left: { '': 'Steps Running', '[0]': 'StepGroup Running' },
    pods: ['[0].a', '.onExit'],
  },
  {
    name: 'a workflow that failed in its exit handler alone runs only that again',
    spec: run({ steps: [[use('a')]] }, { onExit: 'pod' }),
    ends: { '.onExit': 1 },
    left: { '': 'Steps Succeeded', '[0]': 'StepGroup Succeeded', '[0].a': 'Pod Succeeded' },
    pods: ['.onExit'],
  },
  {
    name: 'of a loop only the failed items run again',
    spec: run({ dag: { tasks: [use('a', { withItems: ['x', 'y'] })] } }),
    ends: { '.a(1:y)': 1 },
    left: { '': 'DAG Running', '.a': 'TaskGroup Running', '.a(0:x)': 'Pod Succeeded' },
    pods: ['.a(1:y)'],
  },
  {
    name: 'with other parameters a loop that failed is expanded anew',
    spec: run({ dag: { tasks: [use('a', { withItems: ['x', 'y'] })] } }),
    ends: { '.a(1:y)': 1 },
    options: { parameters: ['p=1'] },
    left: { '': 'DAG Running', '.a': 'TaskGroup Running' },
    pods: ['.a(0:x)', '.a(1:y)'],
  },
  {
    name: 'a template within a template is reset along its way to the root',
    spec: run(
      { steps: [[use('a', { template: 'inner' })]] },
      { templates: [{ name: 'inner', dag: { tasks: [use('t'), after('u', 't')] } }] },
    ),
    ends: { '[0].a.u': 1 },
    left: {
      '': 'Steps Running',
      '[0]': 'StepGroup Running',
      '[0].a': 'DAG Running',
      '[0].a.t': 'Pod Succeeded',
    },
    pods: ['[0].a.u'],
  },
  {
    name: 'a failed step that may fail stays when what follows succeeded',
    spec: run({ steps: [[use('a', { continueOn: { failed: true } })], [use('b')], [use('c')]] }),
    ends: { '[0].a': 1, '[2].c': 1 },
    left: {
      '': 'Steps Running',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Failed',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
      '[2]': 'StepGroup Running',
    },
    pods: ['[2].c'],
  },
  {
    name: 'a chosen node that succeeded goes with all behind it',
    spec: run({ steps: [[use('a')], [use('b')], [use('c')]] }),
    ends: {},
    options: { restartSuccessful: true, nodeFieldSelector: 'displayName=b' },
    left: {
      '': 'Steps Running',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[1]': 'StepGroup Running',
    },
    pods: ['[1].b', '[2].c'],
  },
  {
    name: 'nodes may be chosen by their template and their inputs',
    spec: run({
      dag: {
        tasks: ['a', 'b'].map((name) =>
          use(name, { template: 'echo', arguments: { parameters: [{ name: 'x', value: name }] } }),
        ),
      },
    }),
    ends: {},
    options: {
      restartSuccessful: true,
      nodeFieldSelector: 'templateName=echo,inputs.parameters.x.value=b',
    },
    left: { '': 'DAG Running', '.a': 'Pod Succeeded' },
    pods: ['.b'],
  },
  {
    name: 'a choice without restartSuccessful means nothing',
    spec: run({ dag: { tasks: [use('a'), after('b', 'a')] } }),
    ends: { '.b': 1 },
    options: { nodeFieldSelector: 'displayName=a' },
    left: { '': 'DAG Running', '.a': 'Pod Succeeded' },
    pods: ['.b'],
  },
  {
    name: 'a chosen attempt makes its step go on',
    spec: run({ steps: [[use('a', { template: 'again' })]] }),
    ends: {},
    options: { restartSuccessful: true, nodeFieldSelector: 'displayName=a(0)' },
    left: { '': 'Steps Running', '[0]': 'StepGroup Running', '[0].a': 'Retry Running' },
    pods: ['[0].a(0)'],
  },
]
