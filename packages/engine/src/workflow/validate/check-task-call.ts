import type { DagTask } from '../../spec/workflow.ts'
import { parseDepends } from '../depends-parse.ts'
import { taskResults } from '../depends-results.ts'
import { placeWithin } from './check.ts'
import type { Dag } from './dag.ts'
import { dependenciesOf, resultsIn } from './dependencies.ts'
import { addOutputs, isLoop } from './node-scope.ts'
import { complain } from './template-check.ts'

/** How a task names those before it, and the template that it calls. */
export function checkTaskCall(dag: Dag, index: number): void {
  const task = dag.tasks[index]
  if (!task) return
  const inside = `.dag.tasks[${index}]`
  const title = `${dag.title}.tasks.${task.name}`
  checkStyle(dag, task, { inside, title })
  const site = {
    base: dag.base,
    place: placeWithin(dag.place, inside),
    chain: `${dag.chain}${title} `,
  }
  const template = dag.check.visit(task, site, 'fake')
  const producer = { family: 'tasks', name: task.name, template, isAncestor: false } as const
  addOutputs({ ...producer, isLoop: isLoop(task) }, dag.scope, dag.check)
  checkDepends(dag, task, { inside, title })
}

interface At {
  readonly inside: string
  readonly title: string
}

function checkStyle(dag: Dag, task: DagTask, { inside, title }: At): void {
  const hasDependencies = (task.dependencies?.length ?? 0) > 0
  if ((dag.usesDepends || hasDependencies) && /^[0-9]/.test(task.name ?? '')) {
    const rule = "name cannot begin with a digit when using either 'depends' or 'dependencies'"
    complain(dag, `${inside}.name`, `${title} ${rule}`)
  }
  if (!dag.usesDepends) return
  if (hasDependencies) {
    const rule = "cannot use both 'depends' and 'dependencies' in the same DAG template"
    complain(dag, `${inside}.dependencies`, `${dag.title} ${rule}`)
  }
  if (task.continueOn) {
    const rule =
      "cannot use 'continueOn' when using 'depends'. Instead use 'dep-task.Failed'/'dep-task.Errored'"
    complain(dag, `${inside}.continueOn`, `${dag.title} ${rule}`)
  }
}

function checkDepends(dag: Dag, task: DagTask, { inside, title }: At): void {
  for (const { task: name, result } of resultsIn(task.depends ?? '')) {
    if ((taskResults as readonly string[]).includes(result)) continue
    complain(
      dag,
      `${inside}.depends`,
      `${title} task result '${result}' for task '${name}' is invalid`,
    )
  }
  for (const { name, needsItems, inside: at } of dependenciesOf(task)) {
    const before = dag.byName.get(name)
    if (!before || !needsItems || isLoop(before) || before.withSequence) continue
    const rule =
      'uses an items-based condition such as .AnySucceeded or .AllFailed but does not contain any items'
    // argo: the message names the task depended on in both places.
    complain(dag, inside + at, `${dag.title}.tasks.${name} dependency '${name}' ${rule}`)
  }
  // Upstream finds a malformed expression when the task is due.
  if (dag.check.mode !== 'lint' || !task.depends) return
  const parsed = parseDepends(task.depends, dag.byName)
  if ('problem' in parsed) complain(dag, `${inside}.depends`, `${title} ${parsed.problem}`)
}
