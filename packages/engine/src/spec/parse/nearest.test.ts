import { expect, test } from 'vitest'
import { didYouMean, nearest, nearestPath } from './nearest.ts'

const fields = ['template', 'templates', 'templateRef', 'entrypoint', 'container', 'dag', 'name']

test.each([
  ['templats', 'templates'],
  ['tempalte', 'template'],
  ['entryPoint', 'entrypoint'],
  ['contianer', 'container'],
  ['Dag', 'dag'],
  ['dags', 'dag'],
  ['frobnicate', undefined],
  ['x', undefined],
  ['', undefined],
])('%j most likely means %j', (name, want) => {
  expect(nearest(name, fields)).toBe(want)
})

test('a name that is there is itself', () => {
  expect(nearest('template', fields)).toBe('template')
})

test('one letter stands for no other', () => {
  expect(nearest('a', ['b', 'c'])).toBeUndefined()
  expect(nearest('a', ['A'])).toBe('A')
})

test('of dotted names every part must be near', () => {
  const known = ['inputs.parameters.message', 'inputs.artifacts.message', 'steps.a.outputs.result']
  expect(nearestPath('inputs.parameters.mesage', known)).toBe('inputs.parameters.message')
  expect(nearestPath('inputs.paramters.message', known)).toBe('inputs.parameters.message')
  expect(nearestPath('steps.b.outputs.result', known)).toBeUndefined()
  expect(nearestPath('inputs.parameters', known)).toBeUndefined()
})

test('the question is asked only if there is an answer', () => {
  expect(didYouMean('nmae', fields)).toBe('; did you mean "name"?')
  expect(didYouMean('zzz', fields)).toBe('')
})
