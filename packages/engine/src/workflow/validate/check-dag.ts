import { didYouMean } from '../../spec/parse/nearest.ts'
import type { DagTask } from '../../spec/workflow.ts'
import { type Place, placeWithin, type Site } from './check.ts'
import { checkArguments } from './check-arguments.ts'
import { findCycle } from './check-container-set.ts'
import { checkHooks, checkWhen } from './check-hooks.ts'
import { type Calls, checkTaskCall } from './check-task-call.ts'
import { ancestorsOf, dependenciesOf } from './dependencies.ts'
import { isParameter, nameProblems } from './names.ts'
import { addItems, addOutputs, isLoop } from './node-scope.ts'
import { complain, resolveTags, type TemplateCheck } from './template-check.ts'

/** A dag template as it is being looked at. */
export interface Dag extends TemplateCheck {
  readonly tasks: readonly DagTask[]
  readonly byName: ReadonlyMap<string, DagTask>
  /** Some task has `depends`: then none may have `dependencies`. */
  readonly usesDepends: boolean
}

/** A dag template: names, the graph, what each task calls, and what it may already know. */
export function checkDag(of: TemplateCheck): void {
  const { template, title } = of
  const tasks = template.dag?.tasks ?? []
  if (template.activeDeadlineSeconds !== undefined) {
    const text = `${title}.activeDeadlineSeconds is only valid for leaf templates`
    complain(of, '.activeDeadlineSeconds', text)
  }
  if (tasks.length === 0) {
    complain(of, '.dag', `${title} must have at least one task`)
    return
  }
  const byName = new Map(tasks.map((task) => [task.name, task]))
  const dag: Dag = {
    ...of,
    tasks,
    byName,
    usesDepends: tasks.some((task) => Boolean(task.depends)),
  }
  const isSound = checkGraph(dag)
  for (const { index, text } of nameProblems(tasks, 'field')) {
    complain(of, `.dag.tasks[${index}]`, `${title}.tasks${text}`)
  }
  const calls: Calls = new Map()
  for (const index of inOrder(dag, isSound)) checkTaskCall(dag, index, calls)
  checkTargets(dag)
  for (const index of inOrder(dag, isSound)) checkTask(dag, index, { calls, isSound })
}

/** Whether every dependency exists and none leads back to itself. */
function checkGraph(dag: Dag): boolean {
  const { tasks, byName, title } = dag
  const failed = `${title} sorting failed:`
  let isSound = true
  if (byName.size < tasks.length) {
    const twice = tasks.find(
      (task, index) => tasks.findIndex((each) => each.name === task.name) < index,
    )
    complain(dag, '.dag.tasks', `${failed} duplicated nodeName ${twice?.name ?? ''}`)
    isSound = false
  }
  for (const [index, task] of tasks.entries()) {
    for (const { name, inside } of dependenciesOf(task)) {
      if (byName.has(name)) continue
      isSound = false
      const hint = didYouMean(name, byName.keys())
      complain(dag, `.dag.tasks[${index}]${inside}`, `${failed} invalid dependency ${name}${hint}`)
    }
  }
  const graph = tasks.map(
    (task) => [task.name, dependenciesOf(task).map(({ name }) => name)] as const,
  )
  const cycle = findCycle(new Map(graph))
  if (cycle) complain(dag, '.dag.tasks', `${failed} graph with cycle (${cycle.join('->')})`)
  return isSound && !cycle
}

/** Dependencies before those that need them, as upstream looks at tasks; unsound graphs in their own order. */
function inOrder({ tasks, byName }: Dag, isSound: boolean): number[] {
  const own = [...tasks.keys()]
  if (!isSound) return own
  const depth = new Map<string, number>()
  const depthOf = (task: DagTask): number => {
    const known = depth.get(task.name)
    if (known !== undefined) return known
    const before = dependenciesOf(task).map(({ name }) => byName.get(name))
    const found = Math.max(-1, ...before.map((each) => (each ? depthOf(each) : -1))) + 1
    depth.set(task.name, found)
    return found
  }
  const depths = tasks.map(depthOf)
  return own.sort((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0))
}

function checkTargets(dag: Dag): void {
  const target = dag.template.dag?.target
  if (!target) return
  resolveTags(dag, target, '.dag.target', { prefix: `${dag.title}.targets ` })
  for (const name of target.split(' ')) {
    if (isParameter(name) || dag.byName.has(name)) continue
    const hint = didYouMean(name, dag.byName.keys())
    complain(dag, '.dag.target', `${dag.title}.targets: target '${name}' is not defined${hint}`)
  }
}

interface Known {
  readonly calls: Calls
  /** In a broken graph nobody knows what comes before; then tags are not judged. */
  readonly isSound: boolean
}

function checkTask(dag: Dag, index: number, { calls, isSound }: Known): void {
  const task = dag.tasks[index]
  if (!task) return
  const { check, scope } = dag
  const inside = `.dag.tasks[${index}]`
  const title = `${dag.title}.tasks.${task.name}`
  const place = placeWithin(dag.place, inside)
  if (task.hooks) scope.add(`tasks.${task.name}.status`)
  const called = calls.get(task)
  const own = { family: 'tasks', name: task.name, template: called, isLoop: false } as const
  addOutputs({ ...own, isAncestor: false }, scope, check)
  checkHooks(dag, task, { inside, title })
  checkWhen(dag, task, inside)

  const ancestors = isSound ? ancestorsOf(task.name, dag.byName) : []
  const taskScope = scopeOf(dag, task, { ancestors, calls })
  const wrongLoop = addItems(task, taskScope)
  if (wrongLoop) complain(dag, inside, `${title} ${wrongLoop}`)
  if (isSound) resolveTags(dag, task, inside, { prefix: `${title} `, scope: taskScope })
  checkArguments(task.arguments, {
    check,
    place: placeWithin(place, '.arguments'),
    chain: dag.chain,
    prefix: `${title}.arguments.`,
    mayLackValues: false,
  })
  if (isSound) checkSources(dag, task, { ancestors, title, place })
  const site: Site = { base: dag.base, place, chain: `${dag.chain}${title} ` }
  check.visit(task, site, task.arguments ?? {})
}

function scopeOf(
  dag: Dag,
  task: DagTask,
  { ancestors, calls }: { readonly ancestors: readonly string[]; readonly calls: Calls },
): Set<string> {
  const scope = new Set(dag.scope)
  for (const name of ancestors) {
    const ancestor = dag.byName.get(name)
    if (!ancestor) continue
    const producer = {
      family: 'tasks',
      name,
      template: calls.get(ancestor),
      isAncestor: true,
    } as const
    addOutputs({ ...producer, isLoop: isLoop(ancestor) }, scope, dag.check)
  }
  for (const { name } of task.inline?.inputs?.parameters ?? [])
    scope.add(`inputs.parameters.${name}`)
  return scope
}

/** An argument that is another task's output: that task must come before. */
function checkSources(
  dag: Dag,
  { arguments: args }: DagTask,
  known: { readonly ancestors: readonly string[]; readonly title: string; readonly place: Place },
): void {
  const check = (source: string | undefined, what: string, inside: string) => {
    if (!source?.startsWith('{{tasks.')) return
    const from = source.split('.')[1] ?? ''
    if (known.ancestors.includes(from)) return
    const text = `${known.title} missing dependency '${from}' for ${what}`
    const at = placeWithin(known.place, `.arguments${inside}`)
    dag.check.report(at.path, dag.chain, text)
  }
  for (const [index, { name, value }] of (args?.parameters ?? []).entries()) {
    check(value, `parameter '${name}'`, `.parameters[${index}].value`)
  }
  for (const [index, { name, from }] of (args?.artifacts ?? []).entries()) {
    check(from, `artifact '${name}'`, `.artifacts[${index}].from`)
  }
}
