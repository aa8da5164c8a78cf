import type { NodePhase } from '../../spec/status.ts'
import type { ContinueOn, DagTask, Invocation } from '../../spec/workflow.ts'
import { addLoopToScope, addNodeToScope, addSkippedToScope, gaveNothing } from '../aggregate.ts'
import {
  compileDepends,
  type Depends,
  dagTargets,
  type TaskResults,
  walkOrder,
} from '../depends.ts'
import { templateOutputs } from '../outputs.ts'
import { Scope } from '../scope.ts'
import { mentionedTasks } from '../task-mentions.ts'
import {
  type Host,
  isActive,
  isCompleted,
  isCounted,
  isFulfilled,
  isUnsuccessful,
  type Node,
} from './board.ts'
import { addTyped } from './leaf.ts'
import { keep } from './memo.ts'
import { isReturning } from './returning.ts'
import { failFastMessage } from './steps.ts'
import { concluded, type Owner, type Seen, walkTask } from './task.ts'

/** A dag template as one walk sees it. */
interface Dag {
  readonly host: Host
  readonly node: Node
  readonly tasks: readonly DagTask[]
  readonly depends: ReadonlyMap<string, Depends>
  readonly targets: readonly string[]
  /** The tasks that were considered, by name. */
  readonly seen: Map<string, Seen>
}

/** The result is why it could not be executed. */
export function walkDag(host: Host): string | undefined {
  const node = host.board.named(host.nodeName) ?? addTyped(host, 'DAG', 'Running')
  const all = host.template.dag?.tasks ?? []
  const byName = new Map(all.map((task) => [task.name, task]))
  const depends = new Map<string, Depends>()
  for (const task of all) {
    const compiled = compileDepends(task, byName)
    if ('problem' in compiled) return compiled.problem
    depends.set(task.name, compiled)
  }
  const targets = dagTargets(host.template.dag ?? { tasks: [] }, depends)
  const tasks = walkOrder(targets, depends).flatMap((name) => byName.get(name) ?? [])
  const dag: Dag = { host, node, tasks, depends, targets, seen: new Map() }
  walkTasks(dag)
  return assess(dag)
}

/** First what can be seen without anything beginning, whatever the order; then, in the order of the list, what may begin. */
function walkTasks(dag: Dag): void {
  const { board } = dag.host
  const mayStart = board.mayStart
  settle(dag)
  board.mayStart = mayStart
  if (!mayStart) return
  for (const task of dag.tasks) walkOne(dag, task)
  const left = board.mayStart
  settle(dag)
  board.mayStart = left
}

function settle(dag: Dag): void {
  dag.host.board.mayStart = false
  for (let before = -1; before < settledIn(dag); ) {
    before = settledIn(dag)
    for (const task of dag.tasks) walkOne(dag, task)
  }
}

function settledIn({ seen }: Dag): number {
  return [...seen.values()].filter(({ settled }) => settled).length
}

function walkOne(dag: Dag, task: DagTask): void {
  const { host, depends, seen } = dag
  if (seen.get(task.name)?.settled) return
  const own = depends.get(task.name)
  if (own === undefined || !own.tasks.every((name) => seen.get(name)?.settled)) return
  const nodeName = `${host.nodeName}.${task.name}`
  const owner = ownerIn(dag)
  const existing = host.board.named(nodeName)
  if (existing === undefined && (isStruck(dag) || isHeld(dag, task))) return
  const begun = existing !== undefined && existing.phase !== 'Omitted'
  const end = begun ? undefined : whyNot(dag, task, own)
  if (end === undefined) seen.set(task.name, walkTask(owner, task, nodeName))
  else seen.set(task.name, concluded(owner, task, nodeName, end))
}

/** How a task ends that must not run, now that all that it depends on is over. */
function whyNot(
  dag: Dag,
  task: DagTask,
  own: Depends,
): readonly ['Omitted' | 'Error', string] | undefined {
  const verdict = own.evaluate((name) => resultsOf(dag.seen.get(name)))
  if (verdict === false) return ['Omitted', 'omitted: depends condition not met']
  if (verdict !== true) return ['Error', verdict.problem]
  const unreadable = unreadableBefore(dag, task.name)
  return unreadable === undefined ? undefined : ['Error', unreadable]
}

/** A daemon before it has died and is not back yet. */
function isHeld({ host, depends, seen }: Dag, task: DagTask): boolean {
  const before = [...(depends.get(task.name)?.tasks ?? []), ...mentionedTasks(task).names]
  return before.some((name) => {
    const node = seen.get(name)?.node
    return node !== undefined && isReturning(host.board, node)
  })
}

function resultsOf(seen: Seen | undefined): TaskResults {
  const phase = seen?.node?.phase
  const items = seen?.node?.type === 'TaskGroup' ? seen.items : []
  return {
    Succeeded: phase === 'Succeeded',
    Failed: phase === 'Failed',
    Errored: phase === 'Error',
    Skipped: phase === 'Skipped',
    Omitted: phase === 'Omitted',
    Daemoned: seen?.node?.daemoned === true && phase !== 'Pending',
    AnySucceeded: items.some((item) => item.phase === 'Succeeded'),
    AllFailed: items.length > 0 && items.every((item) => item.phase === 'Failed'),
  }
}

function ownerIn(dag: Dag): Owner {
  const { host, node } = dag
  return {
    host,
    boundary: node,
    kind: 'tasks',
    scopeOf: (task) => scopeOf(dag, task),
    link: (task, made) => link(dag, task, made),
    erred: () => undefined,
    isLost: () => false,
    isPast: () => isFulfilled(node),
    orderOf: (task) => [...host.frame.order, dag.tasks.findIndex(({ name }) => name === task.name)],
  }
}

function link({ host, node, depends, seen }: Dag, task: Invocation, made: Node): void {
  const needs = depends.get(task.name)?.tasks ?? []
  if (needs.length === 0) host.board.link(node, made)
  for (const need of needs) {
    for (const id of host.board.outbound(seen.get(need)?.node?.id ?? '')) {
      const parent = host.board.nodes[id]
      if (parent !== undefined) host.board.link(parent, made)
    }
  }
}

/** A task sees what came before it, directly or not. */
function scopeOf(dag: Dag, task: Invocation): Scope {
  const scope = new Scope(dag.host.scope)
  for (const name of ancestorsOf(dag, task)) publish(dag, name, scope)
  return scope
}

function ancestorsOf(dag: Dag, task: Pick<Invocation, 'name'>): ReadonlySet<string> {
  const ancestors = new Set(dag.depends.get(task.name)?.tasks)
  for (const name of ancestors) {
    for (const further of dag.depends.get(name)?.tasks ?? []) ancestors.add(further)
  }
  return ancestors
}

/** Why nothing can be resolved behind a loop whose results are no JSON. */
function unreadableBefore(dag: Dag, name: string): string | undefined {
  const problems = [...ancestorsOf(dag, { name })].map((name) => publish(dag, name, new Scope()))
  return problems.find((problem) => problem !== undefined)
}

function publish({ host, tasks, seen }: Dag, name: string, scope: Scope): string | undefined {
  const task = tasks.find((other) => other.name === name)
  const found = seen.get(name)
  const node = found?.node
  if (task === undefined || node === undefined) return undefined
  const prefix = `tasks.${name}`
  const problem =
    node.type === 'TaskGroup' ? addLoopToScope(scope, prefix, found?.items ?? []) : undefined
  addNodeToScope(scope, prefix, host.board.visible(node))
  if (gaveNothing(node)) {
    const resolved = host.board.templates.resolve(host.inner, task, name)
    if (!('problem' in resolved)) {
      addSkippedToScope(scope, prefix, resolved.template, { artifacts: false })
    }
  }
  return problem?.problem
}

/** Ends the DAG when it is over. */
function assess(dag: Dag): string | undefined {
  const { board, frame } = dag.host
  if (isStruck(dag)) return isRunning(dag) ? undefined : giveUp(dag)
  const views = [...dag.seen.values()]
  const open = views.some(({ settled }) => !settled)
  if (board.shutdown !== undefined && !frame.onExit && !open) return end(dag, 'Failed')
  if (open) return undefined
  const unreadable = dag.targets.map((name) => unreadableBefore(dag, name)).find((one) => one)
  if (unreadable !== undefined) return unreadable
  const phase = phaseOf(dag, branchPhases(dag))
  if (phase === 'Failed' || phase === 'Error') return end(dag, phase)
  return phase === 'Succeeded' ? succeed(dag) : undefined
}

/** Groups of loops whose items will not all begin end with those that did. */
function giveUp(dag: Dag): undefined {
  for (const { node, items } of dag.seen.values()) {
    if (node?.type !== 'TaskGroup' || isFulfilled(node)) continue
    if (items.length === 0) dag.host.board.mark(node, 'Failed', failFastMessage)
    else dag.host.board.mark(node, items.findLast(isUnsuccessful)?.phase ?? 'Succeeded')
  }
  return end(dag, 'Failed', failFastMessage)
}

function succeed(dag: Dag): string | undefined {
  const { host, node, tasks } = dag
  const { template, board } = host
  const { parameters = [], artifacts = [] } = template.outputs ?? {}
  if (parameters.length + artifacts.length === 0) {
    keep(host, node)
    return end(dag, 'Succeeded')
  }
  const scope = new Scope(host.scope)
  for (const { name } of tasks) {
    const problem = publish(dag, name, scope)
    if (problem !== undefined) return problem
  }
  const made = templateOutputs(template, scope)
  if ('problem' in made) return made.problem
  board.setOutputs(node, made.outputs)
  keep(host, node)
  return end(dag, 'Succeeded')
}

/** With failFast nothing new is looked at once a child has failed. */
function isStruck({ host, node }: Dag): boolean {
  if (host.template.failFast !== true) return false
  return host.board.membersOf(node).some((member) => isCounted(member) && isUnsuccessful(member))
}

function isRunning({ host, node }: Dag): boolean {
  const members = host.board.membersOf(node).filter(({ daemoned }) => daemoned !== true)
  return members.some((member) => member.type !== 'TaskGroup' && isActive(member))
}

/** The phase with which each node's branch goes on: completed nodes replace it, the others inherit it. */
function branchPhases({ host, node }: Dag): ReadonlyMap<string, NodePhase> | undefined {
  const { nodes } = host.board
  const found = new Map<string, NodePhase>()
  const visited = new Set<string>()
  const own = (node.children ?? []).filter((id) => nodes[id]?.boundaryID === node.id)
  const queue: (readonly [string, NodePhase])[] = own.map((id) => [id, 'Succeeded'])
  for (const [id, inherited] of queue) {
    const key = `${inherited} ${id}`
    if (visited.has(key)) continue
    visited.add(key)
    const at = nodes[id]
    if (at === undefined || !isFulfilled(at)) return undefined
    const phase = branchPhase(at, inherited)
    if (!isUnsuccessful({ phase: found.get(id) ?? 'Running' })) found.set(id, phase)
    const next = followers(nodes, at).filter((child) => isWithin(nodes, child, node))
    for (const child of next) queue.push([child, phase])
  }
  return found
}

/** What came after the DAG before it was retried is none of it. */
function isWithin(nodes: Readonly<Record<string, Node>>, id: string, dag: Node): boolean {
  const { boundaryID } = nodes[id] ?? {}
  return boundaryID !== undefined && (boundaryID === dag.id || isWithin(nodes, boundaryID, dag))
}

function branchPhase(node: Node, inherited: NodePhase): NodePhase {
  return isCompleted(node) ? (node.phase ?? inherited) : inherited
}

/** What comes after a node; of a Retry node what comes after its attempts. */
function followers(nodes: Readonly<Record<string, Node>>, node: Node): readonly string[] {
  const children = node.children ?? []
  if (node.type !== 'Retry') return children
  const isAttempt = (id: string) => nodes[id]?.nodeFlag?.retried
  return children.toReversed().flatMap((id) => (isAttempt(id) ? (nodes[id]?.children ?? []) : [id]))
}

/** The phase by the targets, those that may fail left out. */
function phaseOf(dag: Dag, branches: ReadonlyMap<string, NodePhase> | undefined): NodePhase {
  if (branches === undefined) return 'Running'
  const { host, targets, tasks } = dag
  const phases = targets.map((name): NodePhase => {
    const id = host.board.named(`${host.nodeName}.${name}`)?.id ?? ''
    const phase = branches.get(id)
    if (phase === undefined) return 'Running'
    const { continueOn } = tasks.find((task) => task.name === name) ?? {}
    return phase === 'Skipped' || phase === 'Omitted' || forgiven(phase, continueOn)
      ? 'Succeeded'
      : phase
  })
  const failed = phases.filter((phase) => phase === 'Failed' || phase === 'Error')
  if (host.template.dag?.failFast !== false) {
    if (failed[0] !== undefined) return failed[0]
    return phases.includes('Running') ? 'Running' : 'Succeeded'
  }
  return phases.includes('Running') ? 'Running' : (failed.at(-1) ?? 'Succeeded')
}

function forgiven(phase: NodePhase, continueOn: ContinueOn | undefined): boolean {
  if (phase === 'Failed') return continueOn?.failed === true
  return phase === 'Error' && continueOn?.error === true
}

function end({ host, node, targets }: Dag, phase: NodePhase, message?: string): undefined {
  const { board, nodeName } = host
  const outbound = targets.flatMap((name) =>
    board.outbound(board.named(`${nodeName}.${name}`)?.id ?? ''),
  )
  if (outbound.length > 0) board.put(node, 'outboundNodes', outbound)
  board.mark(node, phase, message)
}
