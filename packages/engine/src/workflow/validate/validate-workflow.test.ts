import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../spec/json.ts'
import { parseWorkflow, parseWorkflowTemplate } from '../../spec/parse/parse-workflow.ts'
import type { World } from './check.ts'
import { validateWorkflow } from './validate-workflow.ts'

const nothing: World = { template: () => undefined }
const leaf = { name: 'leaf', container: { image: 'x' } }

function messages(
  spec: JsonObject,
  mode: 'submit' | 'lint' | 'template' = 'submit',
  world = nothing,
) {
  const { workflow } = parseWorkflow({ kind: 'Workflow', spec })
  return validateWorkflow(workflow, world, mode).map(({ message }) => message)
}

const withArgs = (...args: string[]) => ({
  entrypoint: 'main',
  templates: [{ name: 'main', container: { image: 'x', args } }],
})

describe('variables that are always let through', () => {
  test.each([
    '{{workflow.name}} {{ workflow.uid }} {{workflow.status}}',
    '{{workflow.creationTimestamp.Y}}{{workflow.scheduledTime}}{{workflow.duration}}',
    '{{outputs.parameters.x}} {{node.name}} {{pod.name}} {{steps.name}} {{tasks.name}}',
    '{{item}} {{handlebars}} {{#each x}} {{}} {{ }}',
    '{{=inputs.parameters.nowhere}}',
    '{{workflow.labels.json}} {{workflow.annotations}}',
  ])('%s', (text) => {
    expect(messages(withArgs(text))).toEqual([])
  })
})

describe('variables that something gives', () => {
  test.each<[string, JsonObject]>([
    ['{{inputs.parameters.a}}', { inputs: { parameters: [{ name: 'a', value: 1 }] } }],
    ['{{inputs.parameters}}', { inputs: { parameters: [{ name: 'a', default: 1 }] } }],
    [
      '{{inputs.artifacts.a.path}}',
      { inputs: { artifacts: [{ name: 'a', path: '/a', optional: true }] } },
    ],
    ['{{outputs.artifacts.a.path}}', { outputs: { artifacts: [{ name: 'a', path: '/a' }] } }],
    ['{{retries}} {{lastRetry.exitCode}}', { retryStrategy: { limit: 1 } }],
    [
      '{{inputs.parameters.{{inputs.parameters.a}}}}',
      { inputs: { parameters: [{ name: 'a', value: 'a' }] } },
    ],
  ])('%s', (text, more) => {
    const [template] = withArgs(text).templates
    expect(messages({ entrypoint: 'main', templates: [{ ...template, ...more }] })).toEqual([])
  })
})

describe('stored templates', () => {
  const { template } = parseWorkflowTemplate({
    kind: 'WorkflowTemplate',
    metadata: { name: 'stored' },
    spec: {
      entrypoint: 'main',
      arguments: { parameters: [{ name: 'a', value: 1 }] },
      templates: [
        { name: 'main', steps: [[{ name: 's', template: 'leaf' }]] },
        {
          name: 'leaf',
          inputs: { parameters: [{ name: 'b', value: '{{workflow.parameters.a}}' }] },
          container: { image: 'x' },
        },
      ],
    },
  })
  const world: World = { template: ({ name }) => (name === 'stored' ? template : undefined) }

  test('run by reference, with their own arguments and entrypoint', () => {
    expect(messages({ workflowTemplateRef: { name: 'stored' } }, 'submit', world)).toEqual([])
    expect(
      messages({ workflowTemplateRef: { name: 'stored' }, onExit: 'leaf' }, 'submit', world),
    ).toEqual([])
  })

  test('names inside them mean their own templates', () => {
    const step = { name: 's', templateRef: { name: 'stored', template: 'main' } }
    const spec = {
      entrypoint: 'main',
      arguments: { parameters: [{ name: 'a', value: 1 }] },
      templates: [{ name: 'main', steps: [[step]] }],
    }
    expect(messages(spec, 'submit', world)).toEqual([])
  })

  test('a reference with a tag in it is only known at run time', () => {
    const step = { name: 's', templateRef: { name: '{{item}}', template: 'x' }, withItems: ['a'] }
    expect(
      messages({ entrypoint: 'main', templates: [{ name: 'main', steps: [[step]] }] }),
    ).toEqual([])
  })

  test('need no values and know no parameters of the workflow to come', () => {
    const spec = withArgs('{{workflow.parameters.any}}')
    expect(messages({ ...spec, arguments: { parameters: [{ name: 'a' }] } }, 'template')).toEqual(
      [],
    )
    expect(messages(spec, 'submit')).toHaveLength(1)
  })
})

test('lint lets workflow parameters lack values, submit does not', () => {
  const spec = { ...withArgs('x'), arguments: { parameters: [{ name: 'a' }] } }
  expect(messages(spec, 'lint')).toEqual([])
  expect(messages(spec)).toHaveLength(1)
})

test('templates may call themselves', () => {
  const steps = [[{ name: 'again', template: 'main', when: '1 == 2' }]]
  expect(messages({ entrypoint: 'main', templates: [{ name: 'main', steps }] })).toEqual([])
})

test('items stay in scope for later steps, as upstream has it', () => {
  const steps = [
    [{ name: 'a', template: 'leaf', withItems: [{ os: 'x' }] }],
    [{ name: 'b', template: 'leaf', when: '{{item.os}} == x' }],
  ]
  expect(messages({ entrypoint: 'main', templates: [{ name: 'main', steps }, leaf] })).toEqual([])
})

test('every problem is told once, whoever calls the template', () => {
  const steps = [
    [
      { name: 'a', template: 'bad' },
      { name: 'b', template: 'bad' },
    ],
  ]
  const bad = { name: 'bad', container: { image: 'x', args: ['{{inputs.parameters.c}}'] } }
  expect(messages({ entrypoint: 'main', templates: [{ name: 'main', steps }, bad] })).toEqual([
    'templates.main.steps[0].a templates.bad: failed to resolve {{inputs.parameters.c}}',
  ])
})

const word = fc.constantFrom(
  'a',
  'b',
  'main',
  'leaf',
  '{{inputs.parameters.a}}',
  '{{item.x}}',
  '',
  '1',
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(
    fc.constantFrom(
      ...'name template templates steps dag tasks container image args inputs outputs parameters artifacts'.split(
        ' ',
      ),
      ...'value valueFrom path depends dependencies withItems withParam hooks inline templateRef script when'.split(
        ' ',
      ),
      ...'entrypoint arguments metrics prometheus resource containerSet containers podGC retryStrategy'.split(
        ' ',
      ),
    ),
    tie('any'),
    { maxKeys: 4 },
  ),
}))

test('nothing makes it throw', () => {
  fc.assert(
    fc.property(value.object, fc.constantFrom('submit', 'lint', 'template'), (spec, mode) => {
      messages(spec as JsonObject, mode)
      const template = { name: 'main', ...(spec as JsonObject) }
      messages({ entrypoint: 'main', templates: [template] }, mode)
    }),
    { numRuns: 1500 },
  )
})

describe('a step or task without a name is told, whatever else is wrong', () => {
  const two = (tasks: JsonObject) => ({
    entrypoint: 'main',
    templates: [{ name: 'main', ...tasks }, leaf],
  })

  test('among tasks one of which depends on nobody', () => {
    const tasks = [{ template: 'leaf' }, { name: 'b', template: 'leaf', depends: 'bb' }]
    expect(messages(two({ dag: { tasks } }))).toEqual([
      'templates.main sorting failed: invalid dependency bb',
      'templates.main.tasks[0].name is required',
    ])
  })

  test('among steps', () => {
    expect(messages(two({ steps: [[{ template: 'none' }]] }))).toEqual([
      'templates.main.steps[0].name is required',
      `templates.main.steps[0]. template name 'none' undefined`,
    ])
  })
})
