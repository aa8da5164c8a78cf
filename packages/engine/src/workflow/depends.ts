import type { DagTask, DagTemplate } from '../spec/workflow.ts'
import { type Condition, parseDepends } from './depends-parse.ts'
import type { TaskResults } from './depends-results.ts'

export type { TaskResults } from './depends-results.ts'

/** When a task may start: asked only once all of `tasks` are fulfilled. */
export interface Depends {
  /** Every task that is mentioned, once each. */
  readonly tasks: readonly string[]
  evaluate(results: (task: string) => TaskResults): boolean | { readonly problem: string }
}

/** Compiles `depends`, or `dependencies`, which waits for each named task in the same way as a bare name. */
export function compileDepends(
  task: DagTask,
  tasksByName: ReadonlyMap<string, DagTask>,
): Depends | { readonly problem: string } {
  const condition = task.depends
    ? parseDepends(task.depends, tasksByName)
    : allOf(task.dependencies ?? [], tasksByName)
  if ('problem' in condition) return condition
  return { tasks: [...new Set(condition.tasks)], evaluate: (results) => condition.holds(results) }
}

function allOf(
  names: readonly string[],
  tasksByName: ReadonlyMap<string, DagTask>,
): Condition | { readonly problem: string } {
  const each: Condition[] = []
  for (const name of names) {
    const condition = parseDepends(name, tasksByName)
    if ('problem' in condition) return condition
    each.push(condition)
  }
  return { tasks: names, holds: (results) => each.every((condition) => condition.holds(results)) }
}

/** The tasks that a DAG is run for: `target`, or the tasks that nobody depends on, sorted. */
export function dagTargets(
  dag: DagTemplate,
  dependsByName: ReadonlyMap<string, Depends>,
): readonly string[] {
  if (dag.target) return dag.target.split(' ')
  const awaited = new Set<string>()
  for (const depends of dependsByName.values()) {
    for (const name of depends.tasks) awaited.add(name)
  }
  return dag.tasks
    .map((task) => task.name)
    .filter((name) => !awaited.has(name))
    .sort()
}

/** What is run for the targets, in the order in which upstream's walk comes by: each after what it depends on. */
export function walkOrder(
  targets: readonly string[],
  dependsByName: ReadonlyMap<string, Depends>,
): readonly string[] {
  const order = new Set<string>()
  const entered = new Set<string>()
  const stack = targets.toReversed()
  for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
    if (entered.has(name)) {
      order.add(name)
      stack.pop()
      continue
    }
    entered.add(name)
    for (const need of dependsByName.get(name)?.tasks.toReversed() ?? []) {
      if (!entered.has(need)) stack.push(need)
    }
  }
  return [...order]
}

/** All tasks with dependencies first (otherwise as listed), or the cycle that forbids it. */
export function dagOrder(
  dag: DagTemplate,
  dependsByName: ReadonlyMap<string, Depends>,
): { readonly order: readonly string[] } | { readonly problem: string } {
  const needsOf = (name: string) => dependsByName.get(name)?.tasks ?? []
  const names = dag.tasks.map((task) => task.name)
  const waiting = new Map(names.map((name) => [name, needsOf(name).length]))
  const dependents = dependentsOf(names, needsOf)
  const order = names.filter((name) => waiting.get(name) === 0)
  for (const done of order) {
    for (const name of dependents.get(done) ?? []) {
      const left = (waiting.get(name) ?? 0) - 1
      waiting.set(name, left)
      if (left === 0) order.push(name)
    }
  }
  return order.length === names.length ? { order } : { problem: cycle(dag, dependsByName, order) }
}

/** Who waits for whom, turned around. */
function dependentsOf(
  names: readonly string[],
  needsOf: (name: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>()
  for (const name of names) {
    for (const need of needsOf(name)) {
      const waiters = dependents.get(need)
      if (waiters) waiters.push(name)
      else dependents.set(need, [name])
    }
  }
  return dependents
}

function cycle(
  dag: DagTemplate,
  dependsByName: ReadonlyMap<string, Depends>,
  free: readonly string[],
): string {
  const done = new Set(free)
  const path: string[] = []
  let at = dag.tasks.find((task) => !done.has(task.name))?.name
  while (at !== undefined && !path.includes(at)) {
    path.push(at)
    at = dependsByName.get(at)?.tasks.find((name) => !done.has(name))
  }
  const loop = at === undefined ? path : [...path.slice(path.indexOf(at)), at]
  return `dependency cycle detected: ${loop.join('->')}`
}
