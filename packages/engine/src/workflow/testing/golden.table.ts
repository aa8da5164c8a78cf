import type {
  DagTask,
  Step,
  Template,
  WorkflowSpec,
  WorkflowTemplate,
} from '../../spec/workflow.ts'
import type { Outcome } from './play.ts'

/** One workflow played to its end. Node names are without the workflow's: `[0].a` for `w[0].a`, '' for the root. */
export interface Golden {
  readonly name: string
  readonly spec: WorkflowSpec
  readonly templates?: readonly WorkflowTemplate[]
  /** How pods end, by node name; 0 unless told. */
  readonly ends?: Readonly<Record<string, number | Outcome>>
  /** All nodes: `Type Phase`, then `: message`. */
  readonly nodes: Readonly<Record<string, string>>
  readonly children?: Readonly<Record<string, readonly string[]>>
  readonly outbound?: Readonly<Record<string, readonly string[]>>
  readonly outputs?: Readonly<Record<string, unknown>>
  readonly inputs?: Readonly<Record<string, unknown>>
  /** Each of these was over before the next one began. */
  readonly order?: readonly string[]
  /** The workflow: `Phase`, then `: message`. */
  readonly workflow: string
}

const image = { name: 'main', image: 'i', command: ['c'] }
const pod: Template = { name: 'pod', container: image }
const echo: Template = {
  name: 'echo',
  inputs: { parameters: [{ name: 'x' }] },
  container: { ...image, args: ['{{inputs.parameters.x}}'] },
}
const kind: Template = {
  name: 'kind',
  inputs: { parameters: [{ name: 'x', default: 'd' }] },
  container: { ...image, args: ['{{inputs.parameters.x}}'] },
}
const gives: Template = {
  name: 'gives',
  container: image,
  outputs: { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
}
const tells: Template = { name: 'tells', script: { ...image, source: 'echo' } }
const waits: Template = { name: 'waits', suspend: { duration: '2' } }

function run(main: Omit<Template, 'name'>, more: Partial<WorkflowSpec> = {}): WorkflowSpec {
  const { templates = [], ...rest } = more
  const all = [{ name: 'main', ...main }, pod, echo, kind, gives, tells, waits, ...templates]
  return { entrypoint: 'main', templates: all, ...rest }
}

function steps(...groups: Step[][]): Pick<Template, 'steps'> {
  return { steps: groups }
}

function dag(...tasks: DagTask[]): Pick<Template, 'dag'> {
  return { dag: { tasks } }
}

function use(name: string, extra: Partial<DagTask> = {}): DagTask {
  return { name, template: 'pod', ...extra }
}

function told(template: string, name: string, x: string, extra: Partial<DagTask> = {}): DagTask {
  return { name, template, arguments: { parameters: [{ name: 'x', value: x }] }, ...extra }
}

const failed1 = 'main: Error (exit code 1)'
const omitted = 'Skipped Omitted: omitted: depends condition not met'
const v = (value: string): Outcome => ({ outputs: { parameters: [{ name: 'v', value }] } })
const result = (value: string): Outcome => ({ outputs: { result: value } })

const leaves: readonly Golden[] = [
  {
    name: 'a container is one pod node with the name of the workflow',
    spec: run({ container: image }),
    nodes: { '': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a failed container fails the workflow with its message',
    spec: run({ container: image }),
    ends: { '': 3 },
    nodes: { '': 'Pod Failed: main: Error (exit code 3)' },
    outputs: { '': { exitCode: '3' } },
    workflow: 'Failed: main: Error (exit code 3)',
  },
  {
    name: 'a script is a pod node too',
    spec: run({ script: { ...image, source: 'true' } }),
    nodes: { '': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a suspend with a duration goes on by itself',
    spec: run({ suspend: { duration: '3s' } }),
    nodes: { '': 'Suspend Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a suspend takes a bare number of seconds',
    spec: run({ suspend: { duration: '1' } }),
    nodes: { '': 'Suspend Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a resumed suspend gives its supplied outputs their defaults',
    spec: run({
      suspend: { duration: '1' },
      outputs: { parameters: [{ name: 'v', valueFrom: { supplied: {}, default: 'yes' } }] },
    }),
    nodes: { '': 'Suspend Succeeded' },
    outputs: { '': { parameters: [{ name: 'v', value: 'yes' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'a supplied output that nobody gave and that has no default is an error',
    spec: run({
      suspend: { duration: '1' },
      outputs: { parameters: [{ name: 'v', valueFrom: { supplied: {} } }] },
    }),
    nodes: {
      '': "Suspend Error: raw output parameter 'v' has not been set and does not have a default value",
    },
    workflow:
      "Error: error in entry template execution: raw output parameter 'v' has not been set and does not have a default value",
  },
  {
    name: 'a workflow deadline ends what runs',
    spec: run(steps([{ name: 'a', template: 'pod' }]), { activeDeadlineSeconds: 5 }),
    ends: { '[0].a': { never: true } },
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': 'Pod Failed: Step exceeded its deadline',
    },
    workflow: "Failed: child '[0].a' failed",
  },
]

const stepCases: readonly Golden[] = [
  {
    name: 'groups run one after the other, and hang below what came before',
    spec: run(steps([use('a'), use('b')], [use('c')])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[0].b': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].c': 'Pod Succeeded',
    },
    children: {
      '': ['[0]'],
      '[0]': ['[0].a', '[0].b'],
      '[0].a': ['[1]'],
      '[0].b': ['[1]'],
      '[1]': ['[1].c'],
    },
    outbound: { '': ['[1].c'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a failed step fails its group after its siblings have ended, and nothing comes after',
    spec: run(steps([use('a'), use('b')], [use('c')])),
    ends: { '[0].a': 1 },
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': `Pod Failed: ${failed1}`,
      '[0].b': 'Pod Succeeded',
    },
    outbound: { '': ['[0].a', '[0].b'] },
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'continueOn.failed lets the next group run',
    spec: run(steps([use('a', { continueOn: { failed: true } })], [use('c')])),
    ends: { '[0].a': 1 },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': `Pod Failed: ${failed1}`,
      '[1]': 'StepGroup Succeeded',
      '[1].c': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'continueOn.error does not cover a failure',
    spec: run(steps([use('a', { continueOn: { error: true } })])),
    ends: { '[0].a': 1 },
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': `Pod Failed: ${failed1}`,
    },
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'a step whose when is false is skipped',
    spec: run(steps([use('a', { when: 'heads == tails' }), use('b', { when: 'heads == heads' })])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': "Skipped Skipped: when 'heads == tails' evaluated false",
      '[0].b': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an output parameter reaches the next group',
    spec: run(
      steps(
        [use('a', { template: 'gives' })],
        [told('echo', 'b', '{{steps.a.outputs.parameters.v}}')],
      ),
    ),
    ends: { '[0].a': v('hello') },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    outputs: { '[0].a': { exitCode: '0', parameters: [{ name: 'v', value: 'hello' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'a result decides whether the next step runs',
    spec: run(
      steps(
        [use('a', { template: 'tells' })],
        [
          use('b', { when: '{{steps.a.outputs.result}} > 5' }),
          use('c', { when: '{{steps.a.outputs.result}} <= 5' }),
        ],
      ),
    ),
    ends: { '[0].a': result('7') },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
      '[1].c': "Skipped Skipped: when '7 <= 5' evaluated false",
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an argument that refers to the output of a skipped step counts as not given',
    spec: run(
      steps(
        [use('a', { template: 'gives', when: 'false' })],
        [told('kind', 'b', '{{steps.a.outputs.parameters.v}}')],
      ),
    ),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': "Skipped Skipped: when 'false' evaluated false",
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'nested steps: the boundary of a step is the template it stands in',
    spec: run(steps([use('a', { template: 'inner' })], [use('z')]), {
      templates: [{ name: 'inner', ...steps([use('b')]) }],
    }),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Steps Succeeded',
      '[0].a[0]': 'StepGroup Succeeded',
      '[0].a[0].b': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].z': 'Pod Succeeded',
    },
    children: { '[0]': ['[0].a'], '[0].a': ['[0].a[0]'], '[0].a[0].b': ['[1]'] },
    outbound: { '[0].a': ['[0].a[0].b'], '': ['[1].z'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a step that says nothing that its template needs is an error, and its group with it',
    spec: run(steps([use('a', { template: 'inner' })]), {
      templates: [
        { name: 'inner', ...steps([told('picky', 'b', '1')]) },
        {
          name: 'picky',
          inputs: { parameters: [{ name: 'x' }] },
          container: image,
          annotations: { 'workflows.argoproj.io/display-name': 'no_good' },
        },
      ],
    }),
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': `Steps Failed: step group deemed errored due to child w[0].a[0].b error: displayName must match the regex ^[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]$`,
      '[0].a[0]': `StepGroup Error: step group deemed errored due to child w[0].a[0].b error: displayName must match the regex ^[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]$`,
      '[0].a[0].b':
        'Skipped Error: displayName must match the regex ^[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]$',
    },
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'the outputs of steps come from their last word',
    spec: run({
      ...steps([use('a', { template: 'gives' })]),
      outputs: {
        parameters: [{ name: 'o', valueFrom: { parameter: '{{steps.a.outputs.parameters.v}}' } }],
      },
    }),
    ends: { '[0].a': v('9') },
    nodes: { '': 'Steps Succeeded', '[0]': 'StepGroup Succeeded', '[0].a': 'Pod Succeeded' },
    outputs: { '': { parameters: [{ name: 'o', value: '9' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'an output that nobody gave makes steps an error',
    spec: run({
      ...steps([use('a', { template: 'gives' })]),
      outputs: {
        parameters: [{ name: 'o', valueFrom: { parameter: '{{steps.a.outputs.parameters.v}}' } }],
      },
    }),
    nodes: {
      '': 'Steps Error: Unable to resolve: "steps.a.outputs.parameters.v"',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
    },
    workflow:
      'Error: error in entry template execution: Unable to resolve: "steps.a.outputs.parameters.v"',
  },
]

const dagCases: readonly Golden[] = [
  {
    name: 'a diamond',
    spec: run(
      dag(
        use('A'),
        use('B', { dependencies: ['A'] }),
        use('C', { dependencies: ['A'] }),
        use('D', { dependencies: ['B', 'C'] }),
      ),
    ),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Pod Succeeded',
      '.B': 'Pod Succeeded',
      '.C': 'Pod Succeeded',
      '.D': 'Pod Succeeded',
    },
    children: { '': ['.A'], '.A': ['.B', '.C'], '.B': ['.D'], '.C': ['.D'] },
    outbound: { '': ['.D'] },
    workflow: 'Succeeded',
  },
  {
    name: 'what waits for a failed task is omitted, and the DAG fails',
    spec: run(dag(use('A'), use('B', { dependencies: ['A'] }))),
    ends: { '.A': 1 },
    nodes: { '': 'DAG Failed', '.A': `Pod Failed: ${failed1}`, '.B': omitted },
    workflow: 'Failed',
  },
  {
    name: 'independent branches go on after a failure',
    spec: run(dag(use('A'), use('B'), use('C', { dependencies: ['B'] }))),
    ends: { '.A': 1 },
    nodes: {
      '': 'DAG Failed',
      '.A': `Pod Failed: ${failed1}`,
      '.B': 'Pod Succeeded',
      '.C': 'Pod Succeeded',
    },
    workflow: 'Failed',
  },
  {
    name: 'a depends that asks for failure is a way out of it',
    spec: run(dag(use('A'), use('B', { depends: 'A.Failed' }))),
    ends: { '.A': 1 },
    nodes: { '': 'DAG Succeeded', '.A': `Pod Failed: ${failed1}`, '.B': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a depends that asks for failure is omitted after success',
    spec: run(dag(use('A'), use('B', { depends: 'A.Failed' }))),
    nodes: { '': 'DAG Succeeded', '.A': 'Pod Succeeded', '.B': omitted },
    workflow: 'Succeeded',
  },
  {
    name: 'negation and alternatives',
    spec: run(
      dag(use('A'), use('B'), use('C', { depends: '!A.Succeeded && (B.Failed || B.Succeeded)' })),
    ),
    ends: { '.A': 1 },
    nodes: {
      '': 'DAG Succeeded',
      '.A': `Pod Failed: ${failed1}`,
      '.B': 'Pod Succeeded',
      '.C': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'continueOn of the dependency opens the way to its dependents',
    spec: run(dag(use('A', { continueOn: { failed: true } }), use('B', { dependencies: ['A'] }))),
    ends: { '.A': 1 },
    nodes: { '': 'DAG Succeeded', '.A': `Pod Failed: ${failed1}`, '.B': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'continueOn of a target forgives it',
    spec: run(dag(use('A', { continueOn: { failed: true } }))),
    ends: { '.A': 1 },
    nodes: { '': 'DAG Succeeded', '.A': `Pod Failed: ${failed1}` },
    workflow: 'Succeeded',
  },
  {
    name: 'what waits for a skipped task runs',
    spec: run(dag(use('A', { when: 'false' }), use('B', { dependencies: ['A'] }))),
    nodes: {
      '': 'DAG Succeeded',
      '.A': "Skipped Skipped: when 'false' evaluated false",
      '.B': 'Pod Succeeded',
    },
    children: { '.A': ['.B'] },
    workflow: 'Succeeded',
  },
  {
    name: 'what waits for an omitted task is omitted',
    spec: run(
      dag(
        use('A'),
        use('B', { depends: 'A.Failed' }),
        use('C', { depends: 'B' }),
        use('D', { depends: 'C.Omitted' }),
      ),
    ),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Pod Succeeded',
      '.B': omitted,
      '.C': omitted,
      '.D': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'only what the target needs is run',
    spec: run({
      dag: { target: 'B', tasks: [use('A'), use('B', { dependencies: ['A'] }), use('C')] },
    }),
    nodes: { '': 'DAG Succeeded', '.A': 'Pod Succeeded', '.B': 'Pod Succeeded' },
    outbound: { '': ['.B'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a DAG keeps an error an error',
    spec: run(dag(told('echo', 'A', '1', { when: '3' }))),
    nodes: { '': 'DAG Error', '.A': "Skipped Error: Expected boolean evaluation for '3'. Got 3" },
    workflow: 'Error',
  },
  {
    name: 'failFast false waits for all targets',
    spec: run({
      dag: { failFast: false, tasks: [use('A'), use('B'), use('C', { dependencies: ['A'] })] },
    }),
    ends: { '.A': 1 },
    nodes: {
      '': 'DAG Failed',
      '.A': `Pod Failed: ${failed1}`,
      '.B': 'Pod Succeeded',
      '.C': omitted,
    },
    workflow: 'Failed',
  },
  {
    name: 'dashes in names do no harm in depends',
    spec: run(dag(use('a-1'), use('b-2', { depends: 'a-1.Succeeded' }))),
    nodes: { '': 'DAG Succeeded', '.a-1': 'Pod Succeeded', '.b-2': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a template with failFast starts nothing after a failure',
    spec: run({ ...dag(use('A'), use('B', { dependencies: ['A'] })), failFast: true }),
    ends: { '.A': 1 },
    nodes: {
      '': 'DAG Failed: template has failed or errored children and failFast enabled',
      '.A': `Pod Failed: ${failed1}`,
    },
    workflow: 'Failed: template has failed or errored children and failFast enabled',
  },
  {
    name: 'a retried exit handler does not hide what comes after its task',
    spec: run(
      dag(use('A', { template: 'again', onExit: 'again' }), use('B', { depends: 'A.Errored' })),
      { templates: [{ name: 'again', container: image, retryStrategy: { limit: 0 } }] },
    ),
    ends: { '.A(0)': 1 },
    nodes: {
      '': 'DAG Failed',
      '.A': 'Retry Failed: No more retries left',
      '.A(0)': `Pod Failed: ${failed1}`,
      '.A.onExit': 'Retry Succeeded',
      '.A.onExit(0)': 'Pod Succeeded',
      '.B': omitted,
    },
    workflow: 'Failed',
  },
]

const loopCases: readonly Golden[] = [
  {
    name: 'a loop of steps hangs below the group',
    spec: run(steps([told('echo', 'a', '{{item}}', { withItems: [1, 'b(c)'] })])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a(0:1)': 'Pod Succeeded',
      '[0].a(1:bc)': 'Pod Succeeded',
    },
    children: { '[0]': ['[0].a(0:1)', '[0].a(1:bc)'] },
    outbound: { '': ['[0].a(0:1)', '[0].a(1:bc)'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a loop of a DAG stands under a group of its own',
    spec: run(
      dag(
        told('echo', 'A', '{{item}}', { withItems: ['x', 'y'] }),
        use('B', { dependencies: ['A'] }),
      ),
    ),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'TaskGroup Succeeded',
      '.A(0:x)': 'Pod Succeeded',
      '.A(1:y)': 'Pod Succeeded',
      '.B': 'Pod Succeeded',
    },
    children: { '': ['.A'], '.A': ['.A(0:x)', '.A(1:y)'], '.A(0:x)': ['.B'], '.A(1:y)': ['.B'] },
    workflow: 'Succeeded',
  },
  {
    name: 'maps are named by their sorted members',
    spec: run(steps([told('echo', 'a', '{{item.k}}', { withItems: [{ k: 'v', b: 1 }] })])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a(0:b:1,k:v)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an empty list leaves a skipped node under the plain name, in steps',
    spec: run(steps([told('echo', 'a', '{{item}}', { withParam: '[]' })])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Skipped Skipped: Skipped, empty params',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an empty list leaves a skipped node under the plain name, in a DAG',
    spec: run(
      dag(
        told('echo', 'A', '{{item}}', { withSequence: { count: 0 } }),
        use('B', { dependencies: ['A'] }),
      ),
    ),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Skipped Skipped: Skipped, empty params',
      '.B': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a sequence counts down when its start is above its end',
    spec: run(
      steps([
        told('echo', 'a', '{{item}}', { withSequence: { start: '2', end: '1', format: 'n%02d' } }),
      ]),
    ),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a(0:n02)': 'Pod Succeeded',
      '[0].a(1:n01)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'when is asked for each item',
    spec: run(dag(told('echo', 'A', '{{item}}', { withItems: [1, 2], when: '{{item}} > 1' }))),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'TaskGroup Succeeded',
      '.A(0:1)': "Skipped Skipped: when '1 > 1' evaluated false",
      '.A(1:2)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'one failed item fails its group',
    spec: run(dag(told('echo', 'A', '{{item}}', { withItems: [1, 2] }))),
    ends: { '.A(0:1)': 1 },
    nodes: {
      '': 'DAG Failed',
      '.A': 'TaskGroup Failed',
      '.A(0:1)': `Pod Failed: ${failed1}`,
      '.A(1:2)': 'Pod Succeeded',
    },
    workflow: 'Failed',
  },
  {
    name: 'AnySucceeded and AllFailed look at the items',
    spec: run(
      dag(
        told('echo', 'A', '{{item}}', { withItems: [1, 2] }),
        use('B', { depends: 'A.AnySucceeded' }),
        use('C', { depends: 'A.AllFailed' }),
      ),
    ),
    ends: { '.A(0:1)': 1 },
    nodes: {
      '': 'DAG Failed',
      '.A': 'TaskGroup Failed',
      '.A(0:1)': `Pod Failed: ${failed1}`,
      '.A(1:2)': 'Pod Succeeded',
      '.B': 'Pod Succeeded',
      '.C': omitted,
    },
    workflow: 'Failed',
  },
  {
    name: 'the results of a loop become a list that a later loop may run over',
    spec: run(
      steps(
        [use('a', { template: 'tells', withItems: [1, 2] })],
        [told('echo', 'b', '{{item}}', { withParam: '{{steps.a.outputs.result}}' })],
      ),
    ),
    ends: { '[0].a(0:1)': result('10'), '[0].a(1:2)': result('20') },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a(0:1)': 'Pod Succeeded',
      '[0].a(1:2)': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b(0:10)': 'Pod Succeeded',
      '[1].b(1:20)': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'the parameters of a loop are strings in a list',
    spec: run({
      ...steps([use('a', { template: 'gives', withItems: [1, 2] })]),
      outputs: {
        parameters: [{ name: 'o', valueFrom: { parameter: '{{steps.a.outputs.parameters.v}}' } }],
      },
    }),
    ends: { '[0].a(0:1)': v('{"k":1}'), '[0].a(1:2)': v('plain') },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a(0:1)': 'Pod Succeeded',
      '[0].a(1:2)': 'Pod Succeeded',
    },
    outputs: { '': { parameters: [{ name: 'o', value: '["{\\"k\\":1}","plain"]' }] } },
    workflow: 'Succeeded',
  },
  {
    name: 'the parameters of a loop are embedded when all of them are lists or maps',
    spec: run({
      ...steps([use('a', { template: 'gives', withItems: [1, 2] })]),
      outputs: {
        parameters: [{ name: 'o', valueFrom: { parameter: '{{steps.a.outputs.parameters.v}}' } }],
      },
    }),
    ends: { '[0].a(0:1)': v('{"k":1}'), '[0].a(1:2)': v('[2]') },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a(0:1)': 'Pod Succeeded',
      '[0].a(1:2)': 'Pod Succeeded',
    },
    outputs: { '': { parameters: [{ name: 'o', value: '[{"k":1},[2]]' }] } },
    workflow: 'Succeeded',
  },
]

const again = (retryStrategy: Template['retryStrategy']): WorkflowSpec =>
  run({ container: image, ...(retryStrategy && { retryStrategy }) })

const retryCases: readonly Golden[] = [
  {
    name: 'a limit of n means n more attempts',
    spec: again({ limit: '2' }),
    ends: { '(0)': 1, '(1)': 1 },
    nodes: {
      '': 'Retry Succeeded',
      '(0)': `Pod Failed: ${failed1}`,
      '(1)': `Pod Failed: ${failed1}`,
      '(2)': 'Pod Succeeded',
    },
    children: { '': ['(0)', '(1)', '(2)'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a limit that is no number is said once it would count',
    spec: again({ limit: '{{workflow.namespace}}' }),
    ends: { '(0)': 1 },
    nodes: {
      '': "Retry Error: value 'default' cannot be resolved to an int",
      '(0)': `Pod Failed: ${failed1}`,
    },
    workflow:
      "Error: error in entry template execution: value 'default' cannot be resolved to an int",
  },
  {
    name: 'a backoff grows by whole factors only',
    spec: again({ limit: 3, backoff: { duration: '1', factor: '1.5' } }),
    ends: { '(0)': 1 },
    nodes: {
      '': "Retry Error: value '1.5' cannot be resolved to an int",
      '(0)': `Pod Failed: ${failed1}`,
    },
    workflow: "Error: error in entry template execution: value '1.5' cannot be resolved to an int",
  },
  {
    name: 'a limit of 0 means one attempt',
    spec: again({ limit: 0 }),
    ends: { '(0)': 1 },
    nodes: { '': 'Retry Failed: No more retries left', '(0)': `Pod Failed: ${failed1}` },
    outputs: { '': { exitCode: '1' } },
    workflow: 'Failed: No more retries left',
  },
  {
    name: 'OnError does not retry a failure',
    spec: again({ limit: 3, retryPolicy: 'OnError' }),
    ends: { '(0)': 1 },
    nodes: { '': `Retry Failed: ${failed1}`, '(0)': `Pod Failed: ${failed1}` },
    workflow: `Failed: ${failed1}`,
  },
  {
    name: 'an expression that says no ends it',
    spec: again({ limit: 3, expression: 'lastRetry.exitCode == "2"' }),
    ends: { '(0)': 2, '(1)': 1 },
    nodes: {
      '': 'Retry Failed: retryStrategy.expression evaluated to false',
      '(0)': 'Pod Failed: main: Error (exit code 2)',
      '(1)': `Pod Failed: ${failed1}`,
    },
    workflow: 'Failed: retryStrategy.expression evaluated to false',
  },
  {
    name: 'retries in the expression is the index of the attempt that failed',
    spec: again({ expression: 'asInt(retries) < 1' }),
    ends: { '(0)': 1, '(1)': 1 },
    nodes: {
      '': 'Retry Failed: retryStrategy.expression evaluated to false',
      '(0)': `Pod Failed: ${failed1}`,
      '(1)': `Pod Failed: ${failed1}`,
    },
    workflow: 'Failed: retryStrategy.expression evaluated to false',
  },
  {
    name: 'backoff that would end after maxDuration is not begun',
    spec: again({ limit: 5, backoff: { duration: '10', factor: 2, maxDuration: '15' } }),
    ends: { '(0)': 1, '(1)': 1 },
    nodes: {
      '': 'Retry Failed: Backoff would exceed max duration limit',
      '(0)': `Pod Failed: ${failed1}`,
      '(1)': `Pod Failed: ${failed1}`,
    },
    workflow: 'Failed: Backoff would exceed max duration limit',
  },
  {
    name: 'steps may be retried as a whole',
    spec: run({ ...steps([use('a')]), retryStrategy: { limit: 1 } }),
    ends: { '(0)[0].a': 1 },
    nodes: {
      '': 'Retry Succeeded',
      '(0)': "Steps Failed: child '(0)[0].a' failed",
      '(0)[0]': "StepGroup Failed: child '(0)[0].a' failed",
      '(0)[0].a': `Pod Failed: ${failed1}`,
      '(1)': 'Steps Succeeded',
      '(1)[0]': 'StepGroup Succeeded',
      '(1)[0].a': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'what comes after a retried step hangs below its last attempt',
    spec: run(steps([use('a', { template: 'again' })], [use('b')]), {
      templates: [{ name: 'again', container: image, retryStrategy: { limit: 1 } }],
    }),
    ends: { '[0].a(0)': 1 },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Retry Succeeded',
      '[0].a(0)': `Pod Failed: ${failed1}`,
      '[0].a(1)': 'Pod Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    children: { '[0].a': ['[0].a(0)', '[0].a(1)'], '[0].a(1)': ['[1]'] },
    workflow: 'Succeeded',
  },
  {
    name: 'the retryStrategy of the workflow is for templates without one',
    spec: run({ container: image }, { retryStrategy: { limit: 1 } }),
    ends: { '(0)': 1 },
    nodes: { '': 'Retry Succeeded', '(0)': `Pod Failed: ${failed1}`, '(1)': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
]

const exitCases: readonly Golden[] = [
  {
    name: 'onExit runs after success',
    spec: run({ container: image }, { onExit: 'pod' }),
    nodes: { '': 'Pod Succeeded', '.onExit': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'onExit runs after failure, and the failure stays',
    spec: run({ container: image }, { onExit: 'pod' }),
    ends: { '': 1 },
    nodes: { '': `Pod Failed: ${failed1}`, '.onExit': 'Pod Succeeded' },
    workflow: `Failed: ${failed1}`,
  },
  {
    name: 'a failed exit handler fails a workflow that had succeeded',
    spec: run({ container: image }, { onExit: 'pod' }),
    ends: { '.onExit': 2 },
    nodes: { '': 'Pod Succeeded', '.onExit': 'Pod Failed: main: Error (exit code 2)' },
    workflow: 'Failed: main: Error (exit code 2)',
  },
  {
    name: 'hooks.exit is an exit handler too',
    spec: run({ container: image }, { hooks: { exit: { template: 'pod' } } }),
    nodes: { '': 'Pod Succeeded', '.onExit': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'the exit handler of a step is its child, and does not change its group',
    spec: run(steps([use('a', { onExit: 'pod' })], [use('b')])),
    ends: { '[0].a.onExit': 1 },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[0].a.onExit': `Pod Failed: ${failed1}`,
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    children: { '[0]': ['[0].a'], '[0].a': ['[0].a.onExit', '[1]'] },
    workflow: 'Succeeded',
  },
  {
    name: 'a failed step has its exit handler run before its group ends',
    spec: run(steps([use('a', { hooks: { exit: { template: 'pod' } } })])),
    ends: { '[0].a': 1 },
    nodes: {
      '': "Steps Failed: child '[0].a' failed",
      '[0]': "StepGroup Failed: child '[0].a' failed",
      '[0].a': `Pod Failed: ${failed1}`,
      '[0].a.onExit': 'Pod Succeeded',
    },
    workflow: "Failed: child '[0].a' failed",
  },
  {
    name: 'a skipped step has no exit handler',
    spec: run(steps([use('a', { when: 'false', onExit: 'pod' })])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': "Skipped Skipped: when 'false' evaluated false",
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an exit handler whose expression is false leaves no node',
    spec: run(
      dag(
        use('A', {
          hooks: { exit: { template: 'pod', expression: 'tasks["A"].status == "Failed"' } },
        }),
      ),
    ),
    nodes: { '': 'DAG Succeeded', '.A': 'Pod Succeeded' },
    workflow: 'Succeeded',
  },
  {
    name: 'a task waits for the exit handler of what it depends on',
    spec: run(dag(use('A', { onExit: 'waits' }), use('B', { dependencies: ['A'] }))),
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Pod Succeeded',
      '.A.onExit': 'Suspend Succeeded',
      '.B': 'Pod Succeeded',
    },
    children: { '.A': ['.A.onExit', '.B'] },
    workflow: 'Succeeded',
  },
]

const otherCases: readonly Golden[] = [
  {
    name: 'parallelism 1 runs everything all the same',
    spec: run(steps([use('a'), use('b'), use('c')]), { parallelism: 1 }),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[0].b': 'Pod Succeeded',
      '[0].c': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'failFast with parallelism never starts the rest of a loop',
    spec: run({
      ...steps([told('echo', 'a', '{{item}}', { withItems: [1, 2, 3] })]),
      parallelism: 1,
      failFast: true,
    }),
    ends: { '[0].a(0:1)': 1 },
    nodes: {
      '': 'Steps Failed: template has failed or errored children and failFast enabled',
      '[0]': 'StepGroup Failed: template has failed or errored children and failFast enabled',
      '[0].a(0:1)': `Pod Failed: ${failed1}`,
    },
    workflow: 'Failed: template has failed or errored children and failFast enabled',
  },
  {
    name: 'a template may call itself until its counter says no',
    spec: run(steps([told('count', 'go', '1')]), {
      templates: [
        {
          name: 'count',
          inputs: { parameters: [{ name: 'x' }] },
          ...steps(
            [use('a')],
            [
              told('count', 'b', '{{=string(asInt(inputs.parameters.x) - 1)}}', {
                when: '{{inputs.parameters.x}} > 0',
              }),
            ],
          ),
        },
      ],
    }),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].go': 'Steps Succeeded',
      '[0].go[0]': 'StepGroup Succeeded',
      '[0].go[0].a': 'Pod Succeeded',
      '[0].go[1]': 'StepGroup Succeeded',
      '[0].go[1].b': 'Steps Succeeded',
      '[0].go[1].b[0]': 'StepGroup Succeeded',
      '[0].go[1].b[0].a': 'Pod Succeeded',
      '[0].go[1].b[1]': 'StepGroup Succeeded',
      '[0].go[1].b[1].b': "Skipped Skipped: when '0 > 0' evaluated false",
    },
    workflow: 'Succeeded',
  },
  {
    name: 'a template of another object runs as one of its own',
    spec: run(steps([{ name: 'a', templateRef: { name: 'lib', template: 'both' } }])),
    templates: [
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'WorkflowTemplate',
        metadata: { name: 'lib' },
        spec: {
          templates: [
            { name: 'both', ...steps([{ name: 'b', template: 'leaf' }]) },
            { name: 'leaf', container: image },
          ],
        },
      },
    ],
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Steps Succeeded',
      '[0].a[0]': 'StepGroup Succeeded',
      '[0].a[0].b': 'Pod Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'an entrypoint that does not exist is refused before anything runs',
    spec: { entrypoint: 'nobody', templates: [pod] },
    nodes: {},
    workflow: "Failed: invalid spec: template name 'nobody' undefined",
  },
]

export const goldens: readonly Golden[] = [
  ...leaves,
  ...stepCases,
  ...dagCases,
  ...loopCases,
  ...retryCases,
  ...exitCases,
  ...otherCases,
]
