import { describe, expect, test } from 'vitest'
import type { Artifact, Parameter } from '../spec/workflow.ts'
import { globalOutputs, templateOutputs } from './outputs.ts'
import { Scope } from './scope.ts'

const scope = new Scope()
scope.set('steps.a.outputs.result', 'hello')
scope.set('steps.a.outputs.parameters.n', '3')
scope.set('steps.gone.outputs.parameters.x', null)
scope.setArtifact('steps.a.outputs.artifacts.art', {
  name: 'art',
  path: '/tmp/art',
  s3: { bucket: 'b', key: 'folder/art.tgz' },
})

function parameter(valueFrom: Parameter['valueFrom'], more: Partial<Parameter> = {}) {
  const declared = { name: 'p', ...more, ...(valueFrom && { valueFrom }) }
  return templateOutputs({ outputs: { parameters: [declared] } }, scope)
}

function artifact(declared: Partial<Artifact>) {
  return templateOutputs({ outputs: { artifacts: [{ name: 'out', ...declared }] } }, scope)
}

test('a template without outputs gives none', () => {
  expect(templateOutputs({}, scope)).toEqual({ outputs: undefined })
  expect(templateOutputs({ outputs: { parameters: [] } }, scope)).toEqual({ outputs: undefined })
})

describe('parameters', () => {
  test.each([
    [{ parameter: '{{steps.a.outputs.result}}' }, 'hello'],
    [{ parameter: 'steps.a.outputs.result' }, 'hello'],
    [{ parameter: '{{ steps.a.outputs.result }}' }, 'hello'],
    [{ expression: "steps.a.outputs.result + '!'" }, 'hello!'],
    [{ expression: 'int(steps.a.outputs.parameters.n) + 1' }, '4'],
    [{ expression: '[1, "a"]' }, '[1 a]'],
    [{ expression: '{"b": 1, "a": nil}' }, 'map[a:<nil> b:1]'],
    [{ expression: 'true' }, 'true'],
    [{ parameter: '{{=steps.a.outputs.result}}' }, 'hello'],
    [{ parameter: '{{steps.no.outputs.result}}', default: 'd' }, 'd'],
    [{ parameter: '{{steps.gone.outputs.parameters.x}}', default: 'd' }, 'd'],
    [{ expression: 'steps.gone.outputs.parameters.x', default: 'd' }, 'd'],
    [{ expression: "steps.gone.outputs.parameters.x ?? 'e'", default: 'd' }, 'e'],
  ])('%j', (valueFrom, value) => {
    expect(parameter(valueFrom)).toEqual({ outputs: { parameters: [{ name: 'p', value }] } })
  })

  test.each([
    [undefined, 'output parameters must have a valueFrom specified'],
    [{ parameter: '{{steps.no.outputs.result}}' }, 'Unable to resolve: "steps.no.outputs.result"'],
    [
      { parameter: '{{steps.gone.outputs.parameters.x}}' },
      'output parameter "p": "{{steps.gone.outputs.parameters.x}}" is an absent optional (skipped/omitted node output with no default)',
    ],
    [
      { expression: 'steps.gone.outputs.parameters.x' },
      'failed to evaluate expression "steps.gone.outputs.parameters.x"',
    ],
  ])('%j is refused', (valueFrom, problem) => {
    expect(parameter(valueFrom)).toEqual({ problem })
  })

  test('keep their global name', () => {
    const made = parameter({ parameter: 'steps.a.outputs.result' }, { globalName: 'g' })
    expect(made).toMatchObject({ outputs: { parameters: [{ globalName: 'g', value: 'hello' }] } })
  })
})

describe('artifacts', () => {
  const s3 = { bucket: 'b', key: 'folder/art.tgz' }

  test('are those of the producer under a new name', () => {
    const want = { outputs: { artifacts: [{ name: 'out', path: '/tmp/art', s3 }] } }
    expect(artifact({ from: '{{steps.a.outputs.artifacts.art}}' })).toEqual(want)
    expect(artifact({ fromExpression: 'steps.a.outputs.artifacts.art' })).toEqual(want)
    const chosen = 'steps.a.outputs.parameters.n == "3" ? steps.a.outputs.artifacts.art : nil'
    expect(artifact({ fromExpression: chosen })).toEqual(want)
  })

  test('may lie below the producer', () => {
    const made = artifact({
      from: '{{steps.a.outputs.artifacts.art}}',
      subPath: 'x/{{steps.a.outputs.result}}',
    })
    expect(made).toMatchObject({
      outputs: { artifacts: [{ s3: { bucket: 'b', key: 'folder/art.tgz/x/hello' } }] },
    })
  })

  test('may be missing only when they are optional', () => {
    const from = '{{steps.no.outputs.artifacts.art}}'
    expect(artifact({ from, optional: true })).toEqual({ outputs: {} })
    expect(artifact({ from })).toEqual({
      problem:
        'unable to resolve outputs from scope: Unable to resolve: "steps.no.outputs.artifacts.art"',
    })
  })

  test('are no text', () => {
    expect(artifact({ from: '{{steps.a.outputs.result}}' })).toHaveProperty('problem')
  })
})

test('global outputs go by their global names, artifacts without their path', () => {
  expect(
    globalOutputs({
      parameters: [
        { name: 'a', globalName: 'g', value: '1' },
        { name: 'b', value: '2' },
      ],
      artifacts: [{ name: 'c', globalName: 'h', path: '/x', s3: { key: 'k' } }],
    }),
  ).toEqual({
    parameters: [{ name: 'g', value: '1' }],
    artifacts: [{ name: 'h', s3: { key: 'k' } }],
  })
  expect(globalOutputs({ parameters: [{ name: 'b', value: '2' }] })).toBeUndefined()
})
