import type { ContainerNode, Step, Template, WorkflowSpec } from '../../spec/workflow.ts'
import type { Golden } from './golden.table.ts'

const image = { image: 'i', command: ['c'] }

function member(name: string, ...dependencies: string[]): ContainerNode {
  return { name, ...image, ...(dependencies.length > 0 && { dependencies }) }
}

const sets = {
  pair: [member('a'), member('b', 'a')],
  diamond: [member('a'), member('b', 'a'), member('c', 'a'), member('main', 'b', 'c')],
  apart: [member('a'), member('main')],
}

function set(name: keyof typeof sets, more: Partial<Template> = {}): Template {
  return { name, containerSet: { containers: sets[name] }, ...more }
}

const pod: Template = { name: 'pod', container: { name: 'main', ...image } }

function run(entrypoint: string, ...templates: Template[]): WorkflowSpec {
  return { entrypoint, templates: [...templates, pod, set('pair'), set('diamond'), set('apart')] }
}

function steps(...groups: Step[][]): Template {
  return { name: 'steps', steps: groups }
}

const use = (name: string, template: string): Step => ({ name, template })
const tells = '{{steps.a.outputs.result}}'

const noPatch = 'Error applying PodSpecPatch: invalid podSpecPatch "[]": it is no object'

/** Pods of several containers; the rest is as in `golden.table.ts`. */
export const podGoldens: readonly Golden[] = [
  {
    name: 'a container set is a pod with a node for each member',
    spec: run('pair'),
    nodes: { '': 'Pod Succeeded', '.a': 'Container Succeeded', '.b': 'Container Succeeded' },
    children: { '': ['.a'], '.a': ['.b'], '.b': [] },
    workflow: 'Succeeded',
  },
  {
    name: 'members that wait for two stand below both',
    spec: run('diamond'),
    nodes: {
      '': 'Pod Succeeded',
      '.a': 'Container Succeeded',
      '.b': 'Container Succeeded',
      '.c': 'Container Succeeded',
      '.main': 'Container Succeeded',
    },
    children: { '': ['.a'], '.a': ['.b', '.c'], '.b': ['.main'], '.c': ['.main'] },
    workflow: 'Succeeded',
  },
  {
    name: 'the first failed member in the order of names speaks for its set',
    spec: run('diamond'),
    ends: { '': { containers: { a: 0, b: 64, c: 3, main: 64 } } },
    nodes: {
      '': 'Pod Failed: b: Error (exit code 64)',
      '.a': 'Container Succeeded',
      '.b': 'Container Error: b: Error (exit code 64): ',
      '.c': 'Container Failed: c: Error (exit code 3): ',
      '.main': 'Container Error: main: Error (exit code 64): ',
    },
    workflow: 'Failed: b: Error (exit code 64)',
  },
  {
    name: 'the exit code of a set is that of its main container',
    spec: run('apart'),
    ends: { '': { containers: { main: 7 } } },
    nodes: {
      '': 'Pod Failed: main: Error (exit code 7)',
      '.a': 'Container Succeeded',
      '.main': 'Container Failed: main: Error (exit code 7): ',
    },
    outputs: { '': { exitCode: '7' } },
    workflow: 'Failed: main: Error (exit code 7)',
  },
  {
    name: 'a set without a main container has no exit code',
    spec: run('pair'),
    ends: { '': { containers: { b: 1 } } },
    nodes: {
      '': 'Pod Failed: b: Error (exit code 1)',
      '.a': 'Container Succeeded',
      '.b': 'Container Failed: b: Error (exit code 1): ',
    },
    workflow: 'Failed: b: Error (exit code 1)',
  },
  {
    name: 'what follows a set hangs below the members that end it',
    spec: run('steps', steps([use('a', 'diamond'), use('b', 'apart')], [use('c', 'pod')])),
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[0].a.a': 'Container Succeeded',
      '[0].a.b': 'Container Succeeded',
      '[0].a.c': 'Container Succeeded',
      '[0].a.main': 'Container Succeeded',
      '[0].b': 'Pod Succeeded',
      '[0].b.a': 'Container Succeeded',
      '[0].b.main': 'Container Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].c': 'Pod Succeeded',
    },
    children: {
      '[0].a': ['[0].a.a'],
      '[0].a.a': ['[0].a.b', '[0].a.c'],
      '[0].a.main': ['[1]'],
      '[0].b': ['[0].b.a', '[0].b.main'],
      '[0].b.a': ['[1]'],
      '[0].b.main': ['[1]'],
      '[1]': ['[1].c'],
    },
    workflow: 'Succeeded',
  },
  {
    name: 'each attempt at a set has members of its own',
    spec: run('twice', { ...set('pair'), name: 'twice', retryStrategy: { limit: '1' } }),
    ends: { '(0)': { containers: { a: 1, b: 64 } } },
    nodes: {
      '': 'Retry Succeeded',
      '(0)': 'Pod Failed: a: Error (exit code 1)',
      '(0).a': 'Container Failed: a: Error (exit code 1): ',
      '(0).b': 'Container Error: b: Error (exit code 64): ',
      '(1)': 'Pod Succeeded',
      '(1).a': 'Container Succeeded',
      '(1).b': 'Container Succeeded',
    },
    workflow: 'Succeeded',
  },
  {
    name: 'the result of a set is that of its main container',
    spec: run(
      'steps',
      steps(
        [use('a', 'apart')],
        [
          {
            ...use('b', 'echo'),
            arguments: { parameters: [{ name: 'x', value: tells }] },
          },
        ],
      ),
      { ...pod, name: 'echo', inputs: { parameters: [{ name: 'x' }] } },
    ),
    ends: { '[0].a': { outputs: { result: 'hi' } } },
    nodes: {
      '': 'Steps Succeeded',
      '[0]': 'StepGroup Succeeded',
      '[0].a': 'Pod Succeeded',
      '[0].a.a': 'Container Succeeded',
      '[0].a.main': 'Container Succeeded',
      '[1]': 'StepGroup Succeeded',
      '[1].b': 'Pod Succeeded',
    },
    outputs: { '[0].a': { result: 'hi', exitCode: '0' } },
    workflow: 'Succeeded',
  },
  {
    name: 'a pod that cannot be made has no members',
    spec: run('bad', { ...set('pair'), name: 'bad', podSpecPatch: '[]' }),
    nodes: { '': `Pod Error: ${noPatch}` },
    workflow: `Error: error in entry template execution: ${noPatch}`,
  },
]
