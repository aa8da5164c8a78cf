import type { DagTask, Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { Golden } from './golden.table.ts'

const image = { name: 'main', image: 'i', command: ['c'] }

function dag(...tasks: DagTask[]): WorkflowSpec {
  return {
    entrypoint: 'main',
    templates: [
      { name: 'main', dag: { tasks } },
      {
        name: 'echo',
        inputs: { parameters: [{ name: 'x', default: '0' }] },
        script: { ...image, source: 'echo {{inputs.parameters.x}}' },
      },
    ],
  }
}

function task(name: string, x: string, more: Partial<DagTask> = {}): DagTask {
  return { name, template: 'echo', arguments: { parameters: [{ name: 'x', value: x }] }, ...more }
}

/** A DAG in a DAG. */
function nested(inner: Partial<Template>, ...tasks: DagTask[]): WorkflowSpec {
  const { templates = [], ...spec } = dag({ name: 'in', template: 'inner' })
  return { ...spec, templates: [...templates, { name: 'inner', dag: { tasks }, ...inner }] }
}

const failFast = 'template has failed or errored children and failFast enabled'
const result = (text: string) => ({ outputs: { result: text } })
const given = (value: string) => ({ parameters: [{ name: 'x', value }] })
/** Its result is kept only if somebody's text asks for it. */
const listener = task('Z', '{{tasks.A.outputs.result}}', { depends: 'A', when: 'false' })

/** What tasks may say of those before them, and DAGs that end before their tasks have begun. */
export const dagGoldens: readonly Golden[] = [
  {
    name: 'a loop none of whose items has begun ends with the template that fails fast',
    spec: nested(
      { failFast: true, parallelism: 1 },
      task('A', '1'),
      task('L', '{{item}}', { withItems: [1, 2] }),
    ),
    ends: { '.in.A': 1 },
    nodes: {
      '': 'DAG Failed',
      '.in': `DAG Failed: ${failFast}`,
      '.in.A': 'Pod Failed: main: Error (exit code 1)',
      '.in.L': `TaskGroup Failed: ${failFast}`,
    },
    workflow: 'Failed',
  },
  {
    name: 'behind a loop whose results are no JSON no task can be resolved, whatever it asks for',
    spec: dag(
      task('L', '{{item}}', { withItems: [1, 2] }),
      task('B', 'nothing', { depends: 'L' }),
      task('C', '{{tasks.L.outputs.result}}', { depends: 'L' }),
      task('D', '1', { depends: 'B.Errored' }),
      task('E', '1'),
    ),
    ends: { '.L(0:1)': result('hello'), '.L(1:2)': result('2') },
    nodes: {
      '': "DAG Error: invalid character 'h' looking for beginning of value",
      '.L': 'TaskGroup Succeeded',
      '.L(0:1)': 'Pod Succeeded',
      '.L(1:2)': 'Pod Succeeded',
      '.B': "Skipped Error: invalid character 'h' looking for beginning of value",
      '.C': "Skipped Error: invalid character 'h' looking for beginning of value",
      '.D': "Skipped Error: invalid character 'h' looking for beginning of value",
      '.E': 'Pod Succeeded',
    },
    workflow:
      "Error: error in entry template execution: invalid character 'h' looking for beginning of value",
  },
  {
    name: 'an expression may ask for a task whose name it works out',
    spec: dag(
      task('A', '1'),
      listener,
      task('B', "{{=tasks['' + 'A'].outputs.result}}", { depends: 'A' }),
      task('C', '{{=tasks?.A?.outputs.result}}', { depends: 'A' }),
    ),
    ends: { '.A': result('found') },
    nodes: {
      '': 'DAG Succeeded',
      '.A': 'Pod Succeeded',
      '.Z': "Skipped Skipped: when 'false' evaluated false",
      '.B': 'Pod Succeeded',
      '.C': 'Pod Succeeded',
    },
    inputs: { '.B': given('found'), '.C': given('found') },
    workflow: 'Succeeded',
  },
]
