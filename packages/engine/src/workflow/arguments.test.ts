import { describe, expect, test } from 'vitest'
import type { Arguments, Invocation, Template } from '../spec/workflow.ts'
import { processArgs, resolveInvocation } from './arguments.ts'
import { absentOptional } from './arguments-absent.ts'
import { Scope } from './scope.ts'
import type { World } from './world.ts'

const typeLabel = { 'workflows.argoproj.io/configmap-type': 'Parameter' }
const maps: Readonly<Record<string, ReturnType<World['configMap']>>> = {
  'ns/cm': { data: { key: 'from map' }, labels: typeLabel },
  'ns/unmarked': { data: { key: 'x' } },
}
const world: World = {
  template: () => undefined,
  configMap: (name, namespace) => maps[`${namespace}/${name}`],
}

const globals = new Scope()
globals.set('workflow.name', 'wf')
globals.set('workflow.parameters.g', 'G')
globals.set('workflow.parameters.map', 'cm')

function run(template: Template, args: Arguments = {}, more = {}) {
  return processArgs(template, args, {
    globals,
    nodeName: 'wf[0].a',
    podName: 'wf-t-1',
    invokedBy: { kind: 'steps', name: 'a' },
    world,
    namespace: 'ns',
    ...more,
  })
}

function echo(text: string, parameters: Arguments['parameters'] = []): Template {
  return { name: 't', inputs: { parameters }, container: { name: '', args: [text] } }
}

function argOf(result: ReturnType<typeof run>): string | undefined {
  return 'problem' in result ? result.problem : result.template.container?.args?.[0]
}

describe('parameters', () => {
  test.each([
    ['the argument', { name: 'p', value: 'own', default: 'd' }, { name: 'p', value: 'arg' }, 'arg'],
    ['its own value', { name: 'p', value: 'own', default: 'd' }, undefined, 'own'],
    ['the default', { name: 'p', default: 'd' }, undefined, 'd'],
    [
      'the default for an absent output',
      { name: 'p', default: 'd' },
      { name: 'p', value: absentOptional },
      'd',
    ],
    ['an empty argument', { name: 'p', default: 'd' }, { name: 'p', value: '' }, ''],
  ])('take %s', (_, input, argument, want) => {
    const args = argument ? { parameters: [argument] } : {}
    expect(argOf(run(echo('{{inputs.parameters.p}}', [input]), args))).toBe(want)
  })

  test('must come from somewhere', () => {
    expect(run(echo('', [{ name: 'p' }]))).toEqual({
      problem: 'inputs.parameters.p was not supplied',
    })
    expect(
      run(echo('', [{ name: 'p' }]), { parameters: [{ name: 'p', value: absentOptional }] }),
    ).toEqual({
      problem:
        'inputs.parameters.p: argument references an absent optional (skipped/omitted node output with no default)',
    })
  })

  const fromMap = (name: string, key: string, fallback?: string) => ({
    name: 'p',
    valueFrom: {
      configMapKeyRef: { name, key },
      ...(fallback !== undefined && { default: fallback }),
    },
  })

  test.each([
    [fromMap('cm', 'key'), 'from map'],
    [fromMap('{{workflow.parameters.map}}', 'key'), 'from map'],
    [fromMap('cm', 'nope', 'fallback'), 'fallback'],
    [fromMap('nope', 'key', 'fallback'), 'fallback'],
    [
      fromMap('cm', 'nope'),
      "unable to retrieve inputs.parameters.p from ConfigMap: ConfigMap 'cm' does not have the key 'nope'",
    ],
    [
      fromMap('unmarked', 'key', 'fallback'),
      "unable to retrieve inputs.parameters.p from ConfigMap: ConfigMap 'unmarked' needs to have the label workflows.argoproj.io/configmap-type: Parameter to load parameters",
    ],
    [
      fromMap('{{nope}}', 'key'),
      'failed to substitute configMapKeyRef: failed to resolve {{nope}}',
    ],
  ])('come from ConfigMaps: %j', (input, want) => {
    expect(argOf(run(echo('{{inputs.parameters.p}}', [input])))).toBe(want)
  })

  test('an argument wins over a ConfigMap', () => {
    const template = echo('{{inputs.parameters.p}}', [fromMap('nope', 'key')])
    expect(argOf(run(template, { parameters: [{ name: 'p', value: 'arg' }] }))).toBe('arg')
  })
})

describe('the template', () => {
  test.each([
    ['{{workflow.name}} {{pod.name}} {{node.name}} {{steps.name}}', 'wf wf-t-1 wf[0].a a'],
    ['{{inputs.parameters.{{workflow.parameters.g}}}}', 'nested'],
    ['{{inputs.parameters}}', '[{"name":"G","value":"nested"},{"name":"own","value":"wf"}]'],
    ['{{inputs.parameters.own}}', 'wf'],
    ['{{=inputs.parameters.G + workflow.name}}', 'nestedwf'],
    [
      '{{steps.b.outputs.result}} {{item}} {{=retries}}',
      '{{steps.b.outputs.result}} {{item}} {{=retries}}',
    ],
  ])('%s', (text, want) => {
    const inputs = [
      { name: 'G', value: 'nested' },
      { name: 'own', value: '{{workflow.name}}' },
    ]
    expect(argOf(run(echo(text, inputs)))).toBe(want)
  })

  test('knows the paths of its own inputs and outputs', () => {
    const template: Template = {
      inputs: { artifacts: [{ name: 'in', path: '/in', raw: { data: 'x' } }] },
      outputs: {
        parameters: [{ name: 'p', valueFrom: { path: '/p' } }],
        artifacts: [{ name: 'out', path: '/out' }],
      },
      container: {
        name: '',
        args: [
          '{{inputs.artifacts.in.path}} {{outputs.parameters.p.path}} {{outputs.artifacts.out.path}}',
        ],
      },
    }
    expect(argOf(run(template))).toBe('/in /p /out')
  })

  test('shares what has no tags with the original', () => {
    const template: Template = { ...echo('{{workflow.name}}'), nodeSelector: { a: 'b' } }
    const made = run(template)
    expect('template' in made && made.template.nodeSelector).toBe(template.nodeSelector)
    expect(template.container?.args).toEqual(['{{workflow.name}}'])
  })

  test('the scope for its body has the inputs and the globals', () => {
    const made = run(echo('', [{ name: 'p', value: '{{workflow.name}}' }]))
    if ('problem' in made) throw new Error(made.problem)
    expect(made.scope.lookup('inputs.parameters.p')).toBe('wf')
    expect(made.scope.lookup('workflow.name')).toBe('wf')
    expect(made.inputs).toEqual({ parameters: [{ name: 'p', value: 'wf' }] })
  })
})

describe('artifacts', () => {
  const template: Template = {
    inputs: { artifacts: [{ name: 'in', path: '/in', mode: 0o755 }] },
    container: { name: '' },
  }

  test('are the bytes of the argument at the place of the input', () => {
    const given = { name: 'in', path: '/elsewhere', s3: { endpoint: 'e', bucket: 'b', key: 'k' } }
    const made = run(template, { artifacts: [given] })
    expect(made).toMatchObject({
      inputs: { artifacts: [{ name: 'in', path: '/in', mode: 0o755, s3: given.s3 }] },
    })
    expect('scope' in made && made.scope.artifact('inputs.artifacts.in')).toMatchObject({
      s3: given.s3,
    })
  })

  test('must come from somewhere', () => {
    expect(run(template)).toEqual({ problem: 'inputs.artifacts.in was not supplied' })
    expect(run(template, { artifacts: [{ name: 'in' }] })).toEqual({
      problem: 'inputs.artifacts.in missing location information',
    })
    expect(run(template, { artifacts: [{ name: 'in' }] }, { validateOnly: true })).toHaveProperty(
      'template',
    )
  })

  test('may be missing when they are optional', () => {
    const optional = { ...template, inputs: { artifacts: [{ name: 'in', optional: true }] } }
    expect(run(optional)).toHaveProperty('template')
  })
})

describe('an invocation', () => {
  const scope = new Scope()
  scope.set('steps.a.outputs.result', 'R')
  scope.set('steps.gone.outputs.parameters.x', null)
  scope.setArtifact('steps.a.outputs.artifacts.art', { name: 'art', s3: { bucket: 'b', key: 'k' } })

  const step = (more: Partial<Invocation>): Invocation => ({ name: 's', template: 't', ...more })
  const value = (text: string) => ({ arguments: { parameters: [{ name: 'p', value: text }] } })

  test('gets what its siblings gave; the item comes later', () => {
    expect(
      resolveInvocation(step(value('{{steps.a.outputs.result}} {{item}}')), scope, 'steps'),
    ).toEqual({
      invocation: step(value('R {{item}}')),
      skip: false,
    })
  })

  test('waits for what is not there yet', () => {
    expect(resolveInvocation(step(value('{{steps.b.outputs.result}}')), scope, 'steps')).toEqual({
      unresolved: ['steps.b.outputs.result'],
    })
  })

  test('leaves to the called template what only that knows: its own name', () => {
    const named = step(value('{{steps.name}} {{tasks.name}}'))
    expect(resolveInvocation(named, scope, 'steps')).toEqual({ invocation: named, skip: false })
  })

  test('is left alone when it will not run', () => {
    const skipped = step({
      ...value('{{steps.b.outputs.result}}'),
      when: '{{steps.a.outputs.result}} == X',
    })
    expect(resolveInvocation(skipped, scope, 'steps')).toEqual({
      invocation: { ...skipped, when: 'R == X' },
      skip: true,
    })
  })

  test('a condition that cannot be read is a problem, unless the item may cure it', () => {
    const when = '{{item}} == 1'
    expect(resolveInvocation(step({ when }), scope, 'tasks')).toHaveProperty('problem')
    expect(resolveInvocation(step({ when, withItems: [1] }), scope, 'tasks')).toHaveProperty(
      'invocation',
    )
  })

  test('an argument that is nothing but an absent output counts as not given', () => {
    const absent = '{{steps.gone.outputs.parameters.x}}'
    expect(resolveInvocation(step(value(absent)), scope, 'steps')).toEqual({
      invocation: step(value(absentOptional)),
      skip: false,
    })
    expect(resolveInvocation(step(value(`x ${absent}`)), scope, 'steps')).toEqual({
      problem: `failed to resolve references: unable to substitute ${absent}: output is an absent optional (skipped/omitted node with no default)`,
    })
  })

  test('its hooks wait', () => {
    const hooks = { exit: { template: 'x', ...value('{{steps.s.outputs.result}}') } }
    expect(resolveInvocation(step({ hooks }), scope, 'steps')).toEqual({
      invocation: step({ hooks }),
      skip: false,
    })
  })

  const asking = (more: object) => step({ arguments: { artifacts: [{ name: 'in', ...more }] } })

  test('artifacts are put in the place of their references', () => {
    const from = '{{steps.a.outputs.artifacts.art}}'
    expect(resolveInvocation(asking({ from, subPath: 'x' }), scope, 'steps')).toMatchObject({
      invocation: { arguments: { artifacts: [{ name: 'in', s3: { bucket: 'b', key: 'k/x' } }] } },
    })
  })

  test('artifacts that are not there are a problem, unless they are optional', () => {
    const from = '{{steps.b.outputs.artifacts.art}}'
    const why = 'Unable to resolve: "steps.b.outputs.artifacts.art"'
    expect(resolveInvocation(asking({ from }), scope, 'steps')).toEqual({
      problem: `failed to resolve references: unable to resolve references: ${why}`,
    })
    expect(resolveInvocation(asking({ from }), scope, 'tasks')).toEqual({ problem: why })
    expect(resolveInvocation(asking({ from, optional: true }), scope, 'tasks')).toMatchObject({
      invocation: { arguments: { artifacts: [] } },
    })
  })
})
