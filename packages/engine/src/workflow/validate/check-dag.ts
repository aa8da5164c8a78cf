import { didYouMean } from '../../spec/parse/nearest.ts'
import type { DagTask } from '../../spec/workflow.ts'
import { type Place, placeWithin, type Site } from './check.ts'
import { checkArguments } from './check-arguments.ts'
import { checkHooks, checkWhen } from './check-hooks.ts'
import { checkTaskCall } from './check-task-call.ts'
import type { Dag } from './dag.ts'
import { dependenciesOf } from './dependencies.ts'
import { ancestryOf, topology } from './graph.ts'
import { isParameter, named, nameProblems } from './names.ts'
import { addItems, inlineInputs } from './node-scope.ts'
import { complain, resolveTags, type TemplateCheck } from './template-check.ts'
import { layer } from './variable-scope.ts'

/** A dag template: names, the graph, what each task calls, and what it may already know. */
export function checkDag(of: TemplateCheck): void {
  const { template, title } = of
  const tasks = (template.dag?.tasks ?? []).map(named)
  if (template.activeDeadlineSeconds !== undefined) {
    const text = `${title}.activeDeadlineSeconds is only valid for leaf templates`
    complain(of, '.activeDeadlineSeconds', text)
  }
  if (tasks.length === 0) {
    complain(of, '.dag', `${title} must have at least one task`)
    return
  }
  const byName = new Map(tasks.map((task) => [task.name, task]))
  const graph = new Map(
    tasks.map((task) => [task.name, dependenciesOf(task).map(({ name }) => name)]),
  )
  const dag: Dag = {
    ...of,
    tasks,
    byName,
    usesDepends: tasks.some((task) => Boolean(task.depends)),
    graph,
    ancestry: ancestryOf(graph),
  }
  const order = checkGraph(dag)
  for (const { index, text } of nameProblems(tasks, 'field')) {
    complain(of, `.dag.tasks[${index}]`, `${title}.tasks${text}`)
  }
  for (const index of order ?? tasks.keys()) checkTaskCall(dag, index)
  checkTargets(dag)
  for (const index of order ?? tasks.keys()) {
    checkTask(dag, index, { isSound: order !== undefined })
  }
}

/** Dependencies before those that need them, as upstream looks at tasks; undefined if there is no such order. */
function checkGraph(dag: Dag): number[] | undefined {
  const failed = `${dag.title} sorting failed:`
  const isWhole = checkNodes(dag, failed)
  const names = dag.tasks.map(({ name }) => name)
  const { order, cycle } = topology(dag.graph)
  if (cycle) {
    const index = names.indexOf(cycle[0] ?? '')
    const inside = `.dag.tasks[${index}].${dag.tasks[index]?.depends ? 'depends' : 'dependencies'}`
    complain(dag, inside, `${failed} graph with cycle (${cycle.join('->')})`)
  }
  if (!isWhole || cycle) return undefined
  const indexOf = new Map(names.map((name, index) => [name, index]))
  return order.flatMap((name) => indexOf.get(name) ?? [])
}

/** Whether every name stands for one task. */
function checkNodes(dag: Dag, failed: string): boolean {
  const { tasks, byName } = dag
  const names = tasks.map(({ name }) => name)
  const twice = byName.size < tasks.length && names.find((name, at) => names.indexOf(name) < at)
  if (twice !== false) complain(dag, '.dag.tasks', `${failed} duplicated nodeName ${twice ?? ''}`)
  const unknown = tasks.flatMap((task, index) =>
    dependenciesOf(task)
      .filter(({ name }) => !byName.has(name))
      .map(({ name, inside }) => [`.dag.tasks[${index}]${inside}`, name] as const),
  )
  for (const [inside, name] of unknown) {
    const hint = didYouMean(name, byName.keys())
    complain(dag, inside, `${failed} invalid dependency ${name}${hint}`)
  }
  return twice === false && unknown.length === 0
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
  /** In a broken graph nobody knows what comes before; then tags are not judged. */
  readonly isSound: boolean
}

function checkTask(dag: Dag, index: number, { isSound }: Known): void {
  const task = dag.tasks[index]
  if (!task) return
  const { check, scope } = dag
  const inside = `.dag.tasks[${index}]`
  const title = `${dag.title}.tasks.${task.name}`
  const place = placeWithin(dag.place, inside)
  if (task.hooks) scope.add(`tasks.${task.name}.status`)
  checkHooks(dag, task, { inside, title })
  checkWhen(dag, task, inside)

  const own = new Set(inlineInputs(task))
  const wrongLoop = addItems(task, own)
  if (wrongLoop) complain(dag, inside, `${title} ${wrongLoop}`)
  if (isSound) {
    const known = layer(scope, own, (name) => isKnownStatus(dag, task, name))
    resolveTags(dag, task, inside, { prefix: `${title} `, scope: known })
  }
  checkArguments(task.arguments, {
    check,
    place: placeWithin(place, '.arguments'),
    chain: dag.chain,
    prefix: `${title}.arguments.`,
    mayLackValues: false,
  })
  if (isSound) checkSources(dag, task, { title, place })
  const site: Site = { base: dag.base, place, chain: `${dag.chain}${title} ` }
  check.visit(task, site, task.arguments ?? {})
}

/** `tasks.x.status`, if x is surely over before this task starts. */
function isKnownStatus(dag: Dag, task: DagTask, variable: string): boolean {
  const of = /^tasks\.(.+)\.status$/.exec(variable)?.[1]
  return of !== undefined && dag.ancestry.comesBefore(of, task.name)
}

/** An argument that is another task's output: that task must come before. */
function checkSources(
  dag: Dag,
  { name: task, arguments: args }: DagTask,
  known: { readonly title: string; readonly place: Place },
): void {
  const check = (source: string | undefined, what: string, inside: string) => {
    if (!source?.startsWith('{{tasks.')) return
    const from = source.split('.')[1] ?? ''
    if (dag.ancestry.comesBefore(from, task)) return
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
