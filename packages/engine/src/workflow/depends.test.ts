import { describe, expect, test } from 'vitest'
import type { DagTask } from '../spec/workflow.ts'
import {
  compileDepends,
  type Depends,
  dagOrder,
  dagTargets,
  type TaskResults,
  walkOrder,
} from './depends.ts'

const none: TaskResults = {
  Succeeded: false,
  Failed: false,
  Errored: false,
  Skipped: false,
  Omitted: false,
  Daemoned: false,
  AnySucceeded: false,
  AllFailed: false,
}

const tasks: readonly DagTask[] = [
  { name: 'A' },
  { name: 'b-1', continueOn: { failed: true } },
  { name: 'C', continueOn: { error: true } },
]
const byName = new Map(tasks.map((task) => [task.name, task]))

function compiled(task: Partial<DagTask>): Depends {
  const depends = compileDepends({ name: 'x', ...task }, byName)
  if ('problem' in depends) throw new Error(depends.problem)
  return depends
}

function holds(depends: string, results: Record<string, readonly (keyof TaskResults)[]>) {
  const of = (task: string) =>
    Object.assign({ ...none }, Object.fromEntries((results[task] ?? []).map((r) => [r, true])))
  return compiled({ depends }).evaluate(of)
}

describe('depends', () => {
  test.each([
    ['A', { A: ['Succeeded'] }, true],
    ['A', { A: ['Skipped'] }, true],
    ['A', { A: ['Daemoned'] }, true],
    ['A', { A: ['Failed'] }, false],
    ['A', { A: ['Omitted'] }, false],
    ['b-1', { 'b-1': ['Failed'] }, true],
    ['b-1', { 'b-1': ['Errored'] }, false],
    ['C', { C: ['Errored'] }, true],
    ['A.Failed', { A: ['Failed'] }, true],
    ['!A.Failed', { A: ['Failed'] }, false],
    ['A && b-1', { A: ['Succeeded'], 'b-1': ['Failed'] }, true],
    ['A.Failed || b-1.Succeeded && C.Succeeded', { A: ['Failed'] }, true],
    ['(A.Failed || b-1.Succeeded) && C.Succeeded', { A: ['Failed'] }, false],
    ['A.AnySucceeded && !C.AllFailed', { A: ['AnySucceeded'] }, true],
    ['A.Succeeded==b-1.Succeeded', {}, true],
    ['A.Succeeded ? b-1.Failed : C.Failed', { C: ['Failed'] }, true],
    ['!(A.Succeeded||A.Failed)', {}, true],
  ] as const)('%s', (text, results, want) => {
    expect(holds(text, results as never)).toBe(want)
  })

  test('all tasks that are mentioned are waited for, once each', () => {
    expect(compiled({ depends: 'A.Succeeded || (b-1 && !A.Failed)' }).tasks).toEqual(['A', 'b-1'])
    expect(compiled({ dependencies: ['C', 'A', 'C'] }).tasks).toEqual(['C', 'A'])
  })

  test('dependencies stand for bare names', () => {
    const { evaluate } = compiled({ dependencies: ['A', 'b-1'] })
    const succeeded = { ...none, Succeeded: true }
    const failed = { ...none, Failed: true }
    expect(evaluate((task) => (task === 'A' ? succeeded : failed))).toBe(true)
    expect(evaluate((task) => (task === 'A' ? failed : succeeded))).toBe(false)
  })

  test('nothing to wait for is enough', () => {
    expect(compiled({}).evaluate(() => none)).toBe(true)
  })

  test.each([
    ['A.Nope', "task result 'Nope' for task 'A' is invalid"],
    ['Z', "dependency 'Z' not defined"],
    ['A &&', "unable to evaluate expression 'A &&': unexpected token EOF (1:4)\n | A &&\n | ...^"],
    [
      'A B',
      'unable to evaluate expression \'A B\': unexpected token Identifier("B") (1:3)\n | A B\n | ..^',
    ],
    ['(A', "unable to evaluate expression '(A': unexpected token EOF (1:2)\n | (A\n | .^"],
    ['A + C', "unable to evaluate expression 'A + C': syntax error"],
  ])('%s is refused', (depends, problem) => {
    expect(compileDepends({ name: 'x', depends }, byName)).toEqual({ problem })
  })
})

function graph(edges: Record<string, readonly string[]>) {
  const list: DagTask[] = Object.entries(edges).map(([name, dependencies]) => ({
    name,
    dependencies,
  }))
  const names = new Map(list.map((task) => [task.name, task]))
  const depends = new Map(list.map((task) => [task.name, compileDepends(task, names) as Depends]))
  return { dag: { tasks: list }, depends }
}

test('targets are the named tasks, or those that nobody waits for', () => {
  const { dag, depends } = graph({ z: ['a'], b: ['a'], a: [] })
  expect(dagTargets(dag, depends)).toEqual(['b', 'z'])
  expect(dagTargets({ ...dag, target: 'a b' }, depends)).toEqual(['a', 'b'])
})

test('a walk comes by what a target needs before the target, target by target', () => {
  const { depends } = graph({ d: [], y: ['d', 'b'], b: [], a: ['b'], unused: [] })
  expect(walkOrder(['a', 'y'], depends)).toEqual(['b', 'a', 'd', 'y'])
})

test('the order puts dependencies first', () => {
  const { dag, depends } = graph({ d: ['b', 'c'], c: ['a'], b: ['a'], a: [] })
  expect(dagOrder(dag, depends)).toEqual({ order: ['a', 'c', 'b', 'd'] })
})

test('a cycle is named', () => {
  const { dag, depends } = graph({ s: [], a: ['s', 'c'], b: ['a'], c: ['b'] })
  expect(dagOrder(dag, depends)).toEqual({ problem: 'dependency cycle detected: a->c->b->a' })
})

test('a chain of 20,000 tasks is ordered without recursion', () => {
  const edges: Record<string, string[]> = {}
  for (let i = 0; i < 20_000; i++) edges[`t${i}`] = i === 0 ? [] : [`t${i - 1}`]
  const { dag, depends } = graph(edges)
  expect(dagOrder(dag, depends)).toHaveProperty('order.length', 20_000)
})
