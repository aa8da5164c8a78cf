import type { Arguments, LifecycleHook } from '../spec/workflow.ts'
import { addNodeToScope, addUnwrittenToScope } from './aggregate.ts'
import { resolveInvocation } from './arguments.ts'
import type { Call } from './call.ts'
import { visibleStatus } from './last-attempt.ts'
import { type HookSite, type Hooks, LifecycleHooks, lifecycleHooks } from './life-cycle-hooks.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import type { Scope } from './scope.ts'
import type { Task } from './task.ts'

/** A node of a task, and the hooks that hang on it. */
export interface HookedNode {
  readonly hooks: Hooks | undefined
  readonly order: Order
  /** Under which the hooks know it: an item of a loop has a name of its own. */
  readonly name: string
}

export function hookedNode({ spec, order }: Call): HookedNode {
  return { hooks: spec.hooks, order, name: spec.invokedBy?.name ?? '' }
}

/** The lifecycle hooks of one task: they hang on its own node, or on those of its items. */
export class TaskHooks {
  readonly #task: Task
  /** Most tasks have none. */
  #watched: Map<NodeRecord, LifecycleHooks> | undefined

  constructor(task: Task) {
    this.#task = task
  }

  has(node: NodeRecord): boolean {
    return this.#watched?.has(node) === true
  }

  /** Lets the hooks of a node fire, if it has any. */
  watch(node: NodeRecord, at: HookedNode): LifecycleHooks | undefined {
    const before = this.#watched?.get(node)
    if (before !== undefined || lifecycleHooks(at.hooks).length === 0) return before
    const watch = new LifecycleHooks(taskHookSite(this.#task, node, at))
    this.#watched ??= new Map()
    this.#watched.set(node, watch)
    return watch
  }

  /** `then` once a node that is over has no hook any more that runs. */
  after(node: NodeRecord | undefined, at: HookedNode, then: () => void): void {
    const watch = node === undefined ? undefined : this.watch(node, at)
    if (watch === undefined) then()
    else watch.whenOver(then)
  }
}

/** Where the lifecycle hooks of a step, a task or an item of a step's loop hang. */
function taskHookSite(task: Task, node: NodeRecord, at: HookedNode): HookSite {
  const { host, boundary, kind } = task.owner
  const { run } = host
  return {
    run,
    node,
    hooks: at.hooks ?? {},
    order: at.order,
    get closed() {
      return task.owner.isPast
    },
    scope: () => hookScope(task, node, at.name),
    arguments: (hook, scope) => hookArguments(hook, scope, kind),
    place: {
      holder: host.inner,
      invokedBy: { kind: 'steps', name: '' },
      boundary,
      onExit: host.spec.onExit,
      depth: host.spec.depth + 1,
    },
    erred: (message) => task.hookErred(node, message),
  }
}

/** What the step itself may refer to, and the step as it is now: of a retried one the last attempt’s outputs. */
function hookScope(task: Task, node: NodeRecord, itemName: string): Scope {
  const { host, kind } = task.owner
  const scope = task.scope().child()
  const { phase } = node.status
  const status = { ...visibleStatus(host.run.nodes, node), ...(phase !== undefined && { phase }) }
  for (const name of new Set([itemName, task.invocation.name])) {
    addNodeToScope(scope, `${kind}.${name}`, status)
    addUnwrittenToScope(scope, `${kind}.${name}`, status)
  }
  return scope
}

function hookArguments(
  hook: LifecycleHook,
  scope: Scope,
  kind: 'steps' | 'tasks',
): Arguments | string {
  const own = hook.arguments
  if (own === undefined) return {}
  const resolved = resolveInvocation({ name: '', arguments: own }, scope, kind)
  if ('problem' in resolved) return resolved.problem
  return 'invocation' in resolved ? (resolved.invocation.arguments ?? {}) : own
}
