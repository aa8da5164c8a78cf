import type { Invocation, LifecycleHook } from '../spec/workflow.ts'
import { addNodeToScope, addUnwrittenToScope } from './aggregate.ts'
import { resolveInvocation } from './arguments.ts'
import { Call, type Caller } from './call.ts'
import { evaluateCondition } from './expression.ts'
import type { Boundary, Host } from './host.ts'
import { visibleStatus } from './last-attempt.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import type { Scope } from './scope.ts'

/** The step or task whose exit handler runs. */
export interface HookOwner {
  readonly owner: {
    readonly host: Host
    readonly boundary: Boundary
    readonly kind: 'steps' | 'tasks'
  }
  readonly invocation: Invocation
  /** What the step itself may refer to. */
  scope(): Scope
  /** The handler is written wrongly: it will never run. */
  hookRefused(message: string): void
  hookFailed(message: string): void
}

/** The exit handler of a step or task. argo: runOnExitNode. */
export class ExitHook implements Caller {
  readonly #task: HookOwner
  readonly #hook: LifecycleHook
  readonly #node: NodeRecord
  readonly #order: Order
  readonly #finished: () => void

  constructor(
    task: HookOwner,
    hook: LifecycleHook,
    of: { readonly node: NodeRecord; readonly order: Order },
    finished: () => void,
  ) {
    this.#task = task
    this.#hook = hook
    this.#node = of.node
    this.#order = of.order
    this.#finished = finished
  }

  start(): void {
    const { host, boundary } = this.#task.owner
    const { run } = host
    const scope = this.#scope()
    const nodeName = `${this.#node.status.name}.onExit`
    const begun = run.nodes.named(nodeName) !== undefined
    const wanted = begun || (run.mayExecute(true) && this.#wanted(scope))
    if (wanted !== true) {
      if (typeof wanted === 'string') this.#task.hookRefused(wanted)
      this.#finished()
      return
    }
    const args = this.#arguments(scope)
    if (typeof args === 'string') {
      this.#task.hookRefused(args)
      this.#finished()
      return
    }
    const { template, templateRef } = this.#hook
    const call = new Call(
      run,
      {
        nodeName,
        use: {
          ...(template !== undefined && { template }),
          ...(templateRef !== undefined && { templateRef }),
        },
        holder: host.inner,
        args,
        invokedBy: { kind: 'steps', name: '' },
        boundary,
        onExit: true,
        hooked: true,
        order: [...this.#order, Number.MAX_SAFE_INTEGER],
        depth: host.spec.depth + 1,
        link: (node) => run.nodes.link(this.#node, node.id),
      },
      this,
    )
    call.start()
  }

  callChanged(call: Call): void {
    if (!call.fulfilled || call.over) return
    call.over = true
    if (call.error !== undefined) this.#task.hookFailed(call.error)
    this.#finished()
  }

  #scope(): Scope {
    const { owner, invocation } = this.#task
    const scope = this.#task.scope().child()
    const status = visibleStatus(owner.host.run.nodes, this.#node)
    addNodeToScope(scope, `${owner.kind}.${invocation.name}`, status)
    addUnwrittenToScope(scope, `${owner.kind}.${invocation.name}`, status)
    return scope
  }

  #wanted(scope: Scope): boolean | string {
    const { expression } = this.#hook
    if (!expression) return true
    const result = evaluateCondition(expression, scope.environment())
    return 'problem' in result ? result.problem : result.value
  }

  // argo: GetExitHook gives a hook without arguments those of the workflow.
  #arguments(scope: Scope) {
    const { owner } = this.#task
    const own = this.#hook.arguments
    if (own === undefined) return owner.host.run.spec.arguments ?? {}
    const resolved = resolveInvocation({ name: '', arguments: own }, scope, owner.kind)
    if ('problem' in resolved) return resolved.problem
    return 'invocation' in resolved ? (resolved.invocation.arguments ?? {}) : own
  }
}

/** The exit handler that a step or task names, if it does. */
export function exitHookOf({ hooks, onExit }: Invocation): LifecycleHook | undefined {
  return onExit ? { template: onExit } : hooks?.['exit']
}
