import type { Json } from '../../spec/json.ts'
import type { Invocation, LifecycleHook } from '../../spec/workflow.ts'
import { addNodeToScope, addUnwrittenToScope } from '../aggregate.ts'
import { resolveInvocation } from '../arguments.ts'
import { evaluateCondition } from '../expression.ts'
import { expandedItems, type Items, isLoop, itemInvocation } from '../loops.ts'
import type { Scope } from '../scope.ts'
import { evaluated, skippedMessage } from '../when.ts'
import { type Host, isCompleted, isFulfilled, type Node } from './board.ts'
import { walkHooks } from './hooks.ts'

/** The steps or dag node that a step or task belongs to. */
export interface Owner {
  readonly host: Host
  readonly boundary: Node
  readonly kind: 'steps' | 'tasks'
  scopeOf(invocation: Invocation): Scope
  link(invocation: Invocation, node: Node): void
  erred(message: string): void
  /** Nothing new may begin any more. */
  isLost(): boolean
  /** It is over. */
  isPast(): boolean
  orderOf(invocation: Invocation): readonly number[]
}

/** How far a step or task is, after a look at all that it stands for. */
export interface Seen {
  readonly settled: boolean
  /** The node of the task itself (no loop), or of the group of its items (a DAG's loop). */
  readonly node?: Node | undefined
  readonly items: readonly Node[]
}

const nothing: Seen = { settled: true, items: [] }

/** Looks at one step or task and moves it as far as it can go. */
export function walkTask(owner: Owner, invocation: Invocation, baseName: string): Seen {
  const refusal = refusalOf(owner, invocation)
  if (refusal !== undefined) return refuse(owner, invocation, baseName, refusal)
  const scope = owner.scopeOf(invocation)
  const resolved = resolveInvocation(invocation, scope, owner.kind)
  if (!('invocation' in resolved)) return nothing
  const task = { owner, invocation, baseName, scope }
  if (isLoop(invocation)) return walkLoop(task, resolved.invocation)
  const place = { nodeName: baseName, group: undefined, index: 0 }
  const { node, settled } = walkItem(task, resolved.invocation, place)
  return { node, settled, items: [] }
}

/** True when the lifecycle hooks of a node of this task are over. */
function walkLifecycle(
  { owner, invocation, scope }: Task,
  node: Node,
  {
    hooks,
    name,
    order,
  }: {
    readonly hooks: Invocation['hooks']
    readonly name: string
    readonly order: readonly number[]
  },
): boolean {
  const { host, kind } = owner
  const { board, frame, inner } = host
  return walkHooks({
    board,
    node,
    hooks,
    order,
    closed: () => owner.isPast(),
    scope: () => {
      const own = scope.child()
      const { phase } = node
      const seen = { ...board.visible(node), ...(phase !== undefined && { phase }) }
      for (const known of [name, invocation.name]) {
        addNodeToScope(own, `${kind}.${known}`, seen)
        addUnwrittenToScope(own, `${kind}.${known}`, seen)
      }
      return own
    },
    arguments: (hook, own) => (hook.arguments === undefined ? {} : argumentsOf(owner, hook, own)),
    frame: {
      holder: inner,
      invokedBy: { kind: 'steps', name: '' },
      boundary: { node: owner.boundary, template: host.template },
      onExit: frame.onExit,
      depth: frame.depth + 1,
    },
    erred: (message) => {
      if (kind === 'steps') return owner.isPast() ? undefined : () => owner.erred(message)
      const mayMark = isCompleted(node) && node.phase !== 'Error'
      return mayMark ? () => board.mark(node, 'Error', message) : undefined
    },
  })
}

/** The same for the node that is the task's own. */
function walkOwnLifecycle(task: Task, node: Node): boolean {
  const { invocation, owner } = task
  const { hooks, name } = invocation
  return walkLifecycle(task, node, { hooks, name, order: owner.orderOf(invocation) })
}

/** Why a step cannot even be resolved: then none of its group begins. */
export function refusalOf(owner: Owner, invocation: Invocation): string | undefined {
  const scope = owner.scopeOf(invocation)
  const resolved = resolveInvocation(invocation, scope, owner.kind)
  if ('problem' in resolved) return resolved.problem
  if ('unresolved' in resolved) {
    const tags = resolved.unresolved.map((tag) => `{{${tag}}}`).join(', ')
    return `failed to resolve ${tags}: the step it refers to has no such output`
  }
  if (!isLoop(invocation)) return undefined
  const loop = expandedItems(resolved.invocation, scope)
  return 'problem' in loop ? loop.problem : undefined
}

interface Task {
  readonly owner: Owner
  readonly invocation: Invocation
  readonly baseName: string
  readonly scope: Scope
}

function refuse(owner: Owner, invocation: Invocation, baseName: string, message: string): Seen {
  owner.erred(message)
  if (owner.kind === 'steps') return nothing
  return concluded(owner, invocation, baseName, ['Error', message])
}

/** A task that does not run; its hooks may. */
export function concluded(
  owner: Owner,
  invocation: Invocation,
  baseName: string,
  [phase, message]: readonly ['Skipped' | 'Omitted' | 'Error', string],
): Seen {
  const node = skip(owner, { invocation, nodeName: baseName }, phase, message)
  const task = { owner, invocation, baseName, scope: owner.scopeOf(invocation) }
  return { ...nothing, node, settled: walkOwnLifecycle(task, node) }
}

/** A node for something that does not run. */
function skip(
  owner: Owner,
  place: {
    readonly invocation: Invocation
    readonly nodeName: string
    readonly group?: Node | undefined
  },
  phase: 'Skipped' | 'Omitted' | 'Error',
  message: string,
): Node {
  const { host, boundary } = owner
  const existing = host.board.named(place.nodeName)
  if (existing !== undefined) {
    if (!isFulfilled(existing)) host.board.mark(existing, phase, message)
    return existing
  }
  const node = host.board.add({
    nodeName: place.nodeName,
    type: 'Skipped',
    phase,
    message,
    use: place.invocation,
    templateScope: `${host.inner.kind}/${host.inner.name}`,
    boundary,
    flag: {},
  })
  linkInto(owner, place.invocation, place.group, node)
  return node
}

function linkInto(owner: Owner, invocation: Invocation, group: Node | undefined, node: Node): void {
  if (group === undefined) owner.link(invocation, node)
  else owner.host.board.link(group, node)
}

function walkLoop(task: Task, resolved: Invocation): Seen {
  const { owner, invocation, baseName } = task
  const loop = expandedItems(resolved, task.scope)
  if ('problem' in loop) return nothing
  if (loop.items.length === 0) {
    const how = ['Skipped', 'Skipped, empty params'] as const
    if (owner.kind === 'tasks') return concluded(owner, invocation, baseName, how)
    return { ...nothing, node: skip(owner, { invocation, nodeName: baseName }, ...how) }
  }
  const group = owner.kind === 'tasks' ? groupOf(task) : undefined
  const { nodes, settled, erred } = walkItems(task, resolved, group, loop.items)
  if (group !== undefined && !settled) walkOwnLifecycle(task, group)
  if (group === undefined || !settled) return { settled, node: group, items: nodes }
  return { settled: closeGroup(task, group, nodes, erred), node: group, items: nodes }
}

/** Item after item, as long as each finds a place. */
function walkItems(task: Task, resolved: Invocation, group: Node | undefined, items: Items) {
  const nodes: Node[] = []
  let settled = true
  for (let index = 0; index < items.length; index++) {
    const item = walkIndex(task, resolved, group, { index, value: items.at(index) ?? null })
    if (item.node !== undefined) nodes[index] = item.node
    if (!item.settled) settled = false
    if (item.erred) return { nodes, settled, erred: true }
    if (item.node === undefined && !item.settled) break
  }
  return { nodes, settled, erred: false }
}

function walkIndex(
  task: Task,
  resolved: Invocation,
  group: Node | undefined,
  item: { readonly index: number; readonly value: Json },
): SeenItem {
  const { owner, invocation, baseName, scope } = task
  const made = itemInvocation(resolved, item.value, item.index, scope)
  if ('problem' in made) {
    owner.erred(made.problem)
    return { settled: true, erred: true }
  }
  const nodeName = baseName + made.invocation.name.slice(invocation.name.length)
  return walkItem(task, made.invocation, { nodeName, group, index: item.index })
}

function groupOf({ owner, invocation, baseName }: Task): Node {
  const { host, boundary } = owner
  const existing = host.board.named(baseName)
  if (existing !== undefined) return existing
  const node = host.board.add({
    nodeName: baseName,
    type: 'TaskGroup',
    phase: 'Running',
    use: invocation,
    templateScope: `${host.inner.kind}/${host.inner.name}`,
    boundary,
    flag: {},
  })
  owner.link(invocation, node)
  return node
}

/** The last failed item in order of the list gives the group its phase. True once its exit handler is over too. */
function closeGroup(task: Task, group: Node, items: readonly Node[], erred: boolean): boolean {
  const { owner, invocation } = task
  const failed = items.findLast((item) => item?.phase === 'Failed' || item?.phase === 'Error')
  if (!isFulfilled(group)) {
    owner.host.board.mark(group, failed?.phase ?? (erred ? 'Error' : 'Succeeded'))
  }
  if (!walkOwnLifecycle(task, group)) return false
  const hook = exitHookOf(invocation)
  return (
    hook === undefined ||
    walkHook(task, hook, { node: group, order: task.owner.orderOf(task.invocation) }).settled
  )
}

interface SeenItem {
  readonly node?: Node | undefined
  readonly settled: boolean
  /** No further item may begin. */
  readonly erred?: boolean
}

interface ItemPlace {
  readonly nodeName: string
  readonly group: Node | undefined
  readonly index: number
}

function walkItem(task: Task, invocation: Invocation, at: ItemPlace): SeenItem {
  const { owner } = task
  const { nodeName, group } = at
  if (owner.host.board.named(nodeName) === undefined && owner.isLost()) return { settled: true }
  const place = { invocation: task.invocation, nodeName, group }
  const when = evaluated(invocation.when)
  if ('problem' in when) {
    const node = skip(owner, place, 'Error', when.problem)
    if (owner.kind === 'steps') owner.erred(when.problem)
    const settled = owner.kind === 'steps' || walkSkipped(task, node, group)
    return { node, settled, erred: owner.kind === 'steps' }
  }
  if (!when.run) {
    const node = skip(owner, place, 'Skipped', skippedMessage(when.expression))
    return { node, settled: owner.kind === 'steps' || walkSkipped(task, node, group) }
  }
  return walkCall(task, invocation, at)
}

/** A task that is skipped has hooks, an item of a loop has none of its own. */
function walkSkipped(task: Task, node: Node, group: Node | undefined): boolean {
  return group !== undefined || walkOwnLifecycle(task, node)
}

function walkCall(task: Task, invocation: Invocation, at: ItemPlace): SeenItem {
  const { owner } = task
  const { nodeName, group, index } = at
  const { board, frame, inner } = owner.host
  const order = [...owner.orderOf(task.invocation), index]
  const { node, error } = board.execute(board, {
    nodeName,
    use: invocation,
    holder: inner,
    args: invocation.arguments ?? {},
    invokedBy: { kind: owner.kind, name: invocation.name },
    hooks: group === undefined ? invocation.hooks : undefined,
    boundary: { node: owner.boundary, template: owner.host.template },
    onExit: frame.onExit,
    hooked: false,
    depth: frame.depth + 1,
    order,
    link: (made) => linkInto(owner, task.invocation, group, made),
  })
  if (error !== undefined && node !== undefined) noteError(owner, node, error)
  if (node === undefined) return { node, settled: false }
  const hooks = group === undefined ? invocation.hooks : undefined
  const over = walkLifecycle(task, node, { hooks, name: invocation.name, order })
  if (!over || !isFulfilled(node)) return { node, settled: false }
  const hook = exitHookOf(invocation)
  const exits = isCompleted(node) && board.visible(node).podIP === undefined
  if (hook === undefined || !exits) return { node, settled: true }
  return { node, ...walkHook(task, hook, { node, order }) }
}

function noteError(owner: Owner, node: Node, error: string): void {
  if (owner.kind === 'tasks') {
    owner.host.board.mark(node, 'Error', `task '${node.name}' errored: ${error}`)
  } else owner.erred(`step group deemed errored due to child ${node.name} error: ${error}`)
}

function exitHookOf({ hooks, onExit }: Invocation): LifecycleHook | undefined {
  return onExit ? { template: onExit } : hooks?.['exit']
}

/** The exit handler of a step, task, item or group that is completed. */
function walkHook(
  task: Task,
  hook: LifecycleHook,
  { node, order }: { readonly node: Node; readonly order: readonly number[] },
): { readonly settled: boolean; readonly erred?: boolean } {
  const { owner } = task
  const { board, frame, inner } = owner.host
  const nodeName = `${node.name}.onExit`
  const scope = owner.scopeOf(task.invocation).child()
  addNodeToScope(scope, `${owner.kind}.${task.invocation.name}`, board.visible(node))
  addUnwrittenToScope(scope, `${owner.kind}.${task.invocation.name}`, board.visible(node))
  const begun = board.named(nodeName) !== undefined
  const wanted = begun || (board.mayExecute(true) && isWanted(hook, scope))
  if (typeof wanted === 'string') owner.erred(wanted)
  if (wanted !== true) return { settled: true, erred: typeof wanted === 'string' }
  const args = argumentsOf(owner, hook, scope)
  if (typeof args === 'string') {
    owner.erred(args)
    return { settled: true, erred: true }
  }
  const { template, templateRef } = hook
  const outcome = board.execute(board, {
    nodeName,
    use: {
      ...(template !== undefined && { template }),
      ...(templateRef !== undefined && { templateRef }),
    },
    holder: inner,
    args,
    invokedBy: { kind: 'steps', name: '' },
    boundary: { node: owner.boundary, template: owner.host.template },
    onExit: true,
    hooked: true,
    depth: frame.depth + 1,
    order: [...order, Number.MAX_SAFE_INTEGER],
    link: (made) => board.link(node, made),
  })
  if (outcome.error !== undefined) owner.erred(outcome.error)
  return { settled: outcome.node !== undefined && isFulfilled(outcome.node) }
}

function isWanted({ expression }: LifecycleHook, scope: Scope): boolean | string {
  if (!expression) return true
  const result = evaluateCondition(expression, scope.environment())
  return 'problem' in result ? result.problem : result.value
}

function argumentsOf({ host, kind }: Owner, hook: LifecycleHook, scope: Scope) {
  const own = hook.arguments
  if (own === undefined) return host.board.spec.arguments ?? {}
  const resolved = resolveInvocation({ name: '', arguments: own }, scope, kind)
  if ('problem' in resolved) return resolved.problem
  return 'invocation' in resolved ? (resolved.invocation.arguments ?? {}) : own
}
