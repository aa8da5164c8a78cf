import { expect, test } from 'vitest'
import { Scope } from './scope.ts'

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('a child sees what its parents have, and its own first', () => {
  const parent = new Scope()
  parent.set('a', '1')
  parent.set('b', '1')
  const child = parent.child()
  child.set('b', '2')
  expect([child.lookup('a'), child.lookup('b'), parent.lookup('b')]).toEqual(['1', '2', '1'])
  expect(child.lookup('c')).toBeUndefined()
})

test('null is known, but absent', () => {
  const scope = new Scope()
  scope.set('steps.a.outputs.result', null)
  expect(scope.lookup('steps.a.outputs.result')).toBeNull()
  expect(plain(scope.environment())).toEqual({ steps: { a: { outputs: { result: null } } } })
})

test('expressions see nested maps; the shorter of two conflicting names is dropped', () => {
  const scope = new Scope()
  scope.set('a.b', '1')
  scope.set('a', '3')
  scope.set('a.c.d', '2')
  scope.set('ab', '4')
  scope.set('x', '5')
  scope.set('x.y', '6')
  expect(plain(scope.environment())).toEqual({
    a: { b: '1', c: { d: '2' } },
    ab: '4',
    x: { y: '6' },
  })
})

test('an environment that was asked for before knows what came later', () => {
  const parent = new Scope()
  parent.set('steps.a.id', '1')
  const child = parent.child()
  expect(plain(child.environment())).toEqual({ steps: { a: { id: '1' } } })
  child.set('steps.b.id', '2')
  expect(plain(child.environment())).toEqual({ steps: { a: { id: '1' }, b: { id: '2' } } })
  parent.set('steps.c.id', '3')
  parent.set('workflow.name', 'wf')
  expect(plain(child.environment())).toEqual({
    steps: { a: { id: '1' }, b: { id: '2' }, c: { id: '3' } },
    workflow: { name: 'wf' },
  })
  child.set('steps.b.id', '4')
  expect(child.environment()['steps']).toMatchObject({ b: { id: '4' } })
})

test('names of Object.prototype are ordinary names', () => {
  const scope = new Scope()
  scope.set('inputs.parameters.constructor', 'c')
  scope.set('toString', 't')
  expect(scope.lookup('hasOwnProperty')).toBeUndefined()
  expect('valueOf' in scope.environment()).toBe(false)
  expect(plain(scope.environment())).toEqual({
    inputs: { parameters: { constructor: 'c' } },
    toString: 't',
  })
})

test('artifacts are no text, and only their own environment has them', () => {
  const scope = new Scope()
  scope.set('steps.a.id', '1')
  const artifact = { name: 'out', s3: { key: 'k' } }
  scope.setArtifact('steps.a.outputs.artifacts.out', artifact)
  scope.setArtifact('steps.b.outputs.artifacts.none', null)
  const child = scope.child()
  expect(child.artifact('steps.a.outputs.artifacts.out')).toBe(artifact)
  expect(child.artifact('steps.b.outputs.artifacts.none')).toBeNull()
  expect(child.lookup('steps.a.outputs.artifacts.out')).toBeUndefined()
  expect(plain(child.artifactEnvironment())).toMatchObject({
    steps: { a: { id: '1', outputs: { artifacts: { out: artifact } } } },
  })
  expect(plain(child.environment())).toEqual({ steps: { a: { id: '1' } } })
})

test('a lazy value is worked out once, when it is asked for', () => {
  const scope = new Scope()
  let made = 0
  scope.setLazy('inputs.parameters', () => `made ${++made}`)
  expect(made).toBe(0)
  expect(scope.lookup('inputs.parameters')).toBe('made 1')
  expect(scope.child().lookup('inputs.parameters')).toBe('made 1')
  scope.set('inputs.parameters', 'set')
  expect(scope.lookup('inputs.parameters')).toBe('set')
})

test('what expressions see grows with the scope, and is not made anew for each entry', () => {
  const scope = new Scope()
  scope.set('tasks.first.outputs.result', '')
  const environment = scope.environment()
  const tasks = environment['tasks'] as Record<string, unknown>
  for (let i = 0; i < 1000; i++) {
    scope.set(`tasks.t${i}.outputs.result`, String(i))
    expect(scope.environment()).toBe(environment)
    expect(environment['tasks']).toBe(tasks)
    expect(plain(tasks[`t${i}`])).toEqual({ outputs: { result: String(i) } })
  }
})

test('time and chance come from the nearest scope that has them', () => {
  const scope = new Scope()
  const child = scope.child().child()
  expect(child.impure).toBeUndefined()
  const impure = { now: () => 5, random: (size: number) => new Uint8Array(size) }
  scope.impure = impure
  expect(child.impure).toBe(impure)
})
