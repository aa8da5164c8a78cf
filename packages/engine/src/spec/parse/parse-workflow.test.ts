import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import { argoShapes } from './argo-shapes.table.ts'
import { kubeShapes } from './kube-shapes.table.ts'
import { parseCronWorkflow, parseWorkflow, parseWorkflowTemplate } from './parse-workflow.ts'
import { scalarTypes } from './scalar.ts'
import { fieldPath } from './shape.ts'

const parse = (spec: JsonObject) => parseWorkflow({ kind: 'Workflow', metadata: {}, spec })

describe('values in text fields that take anything', () => {
  test.each([
    [1, '1'],
    [1.5, '1.5'],
    [true, 'true'],
    ['x', 'x'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-2.5e25, '-25000000000000000000000000'],
  ])('%j is %j', (value, want) => {
    const { workflow, problems } = parse({ arguments: { parameters: [{ name: 'a', value }] } })
    expect(workflow.spec.arguments?.parameters?.[0]?.value).toBe(want)
    expect(problems).toEqual([])
  })

  test('also as choices, defaults and descriptions', () => {
    const parameter = { name: 'a', enum: [1, true], default: 2, description: 3 }
    const { workflow } = parse({ arguments: { parameters: [parameter] } })
    expect(workflow.spec.arguments?.parameters?.[0]).toEqual({
      name: 'a',
      enum: ['1', 'true'],
      default: '2',
      description: '3',
    })
  })
})

test('a null is as good as nothing, but an item of a loop', () => {
  const step = { name: 'a', template: 'b', withItems: [null, 1], when: null }
  const { workflow, problems } = parse({ entrypoint: null, templates: [{ steps: [[step]] }] })
  expect(problems).toEqual([])
  expect(workflow.spec).toEqual({
    templates: [{ steps: [[{ name: 'a', template: 'b', withItems: [null, 1] }]] }],
  })
})

test('what needs no change is the same object', () => {
  const spec = { entrypoint: 'main', templates: [{ name: 'main', container: { image: 'x' } }] }
  expect(parse(spec).workflow.spec).toBe(spec)
})

test('what is of the wrong type is told and left out', () => {
  const { workflow, problems } = parse({ templates: 'x', parallelism: '2', entrypoint: 'main' })
  expect(workflow.spec).toEqual({ entrypoint: 'main' })
  expect(problems).toEqual([
    { path: 'spec.templates', message: 'expected a list, got a string' },
    {
      path: 'spec.parallelism',
      message: 'expected an integer, got a string; write it without quotes',
    },
  ])
})

test('a status is nobody’s business here', () => {
  const status = { nodes: { a: { anything: [1] } } }
  const { workflow, problems } = parseWorkflow({ kind: 'Workflow', spec: {}, status })
  expect(workflow.status).toBe(status)
  expect(problems).toEqual([])
})

test('an object without a spec gets an empty one', () => {
  expect(parseWorkflow({ kind: 'Workflow' }).workflow).toEqual({
    kind: 'Workflow',
    metadata: {},
    spec: {},
  })
  expect(parseCronWorkflow({ kind: 'CronWorkflow' }).cron.spec).toEqual({ workflowSpec: {} })
})

describe('the shape tables', () => {
  const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...kubeShapes,
    ...argoShapes,
  }

  test.each(Object.entries(shapes))('%s names only types that exist', (_, shape) => {
    for (const type of Object.values(shape)) {
      const base = type.replace(/^(\[\]|\{\})+/, '')
      expect(base in shapes || base in scalarTypes, type).toBe(true)
    }
  })

  test('do not name one shape twice', () => {
    expect(Object.keys(kubeShapes).filter((name) => name in argoShapes)).toEqual([])
  })
})

test.each([
  ['', 'spec', 'spec'],
  ['spec', 'hooks', 'spec.hooks'],
  ['metadata.labels', 'a.b/c', 'metadata.labels["a.b/c"]'],
  ['x', 'say "no"', 'x["say \\"no\\""]'],
])('the path of a field: %s + %s', (path, key, want) => {
  expect(fieldPath(path, key)).toBe(want)
})

const anyObject = fc.dictionary(
  fc.string(),
  fc.jsonValue({ maxDepth: 4 }),
) as fc.Arbitrary<JsonObject>
const known = fc.constantFrom(
  'spec',
  'templates',
  'metadata',
  'container',
  'steps',
  'arguments',
  'parameters',
)
const nearlyRight = fc.letrec<{ value: JsonObject[string]; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<null>,
    fc.array(tie('value') as fc.Arbitrary<null>, { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.oneof(known, fc.string()), tie('value') as fc.Arbitrary<null>),
})).object

test('nothing makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(anyObject, nearlyRight), (object) => {
      parseWorkflow(object)
      parseWorkflowTemplate(object)
      parseCronWorkflow(object)
    }),
    { numRuns: 500 },
  )
})

test('reading twice says and gives the same', () => {
  fc.assert(
    fc.property(nearlyRight, (object) => {
      const once = parseWorkflow(object).workflow as unknown as JsonObject
      expect(parseWorkflow(once).workflow).toEqual(once)
    }),
  )
})

test('unknown fields survive, each with a problem of its own', () => {
  const unknown = fc.dictionary(
    fc.string({ minLength: 1 }).map((key) => `x${key}`),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(unknown as fc.Arbitrary<JsonObject>, (extra) => {
      const template = { name: 'main', container: { image: 'x', ...extra }, ...extra }
      const { workflow, problems } = parse({ templates: [template], ...extra })
      expect(workflow.spec).toEqual({ templates: [template], ...extra })
      expect(problems).toHaveLength(3 * Object.keys(extra).length)
    }),
  )
})
