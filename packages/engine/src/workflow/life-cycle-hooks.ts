import type { Arguments, LifecycleHook } from '../spec/workflow.ts'
import { Call, type Caller } from './call.ts'
import { wasDaemon } from './daemons.ts'
import { evaluateCondition } from './expression.ts'
import type { Looked, Watch } from './hook-queue.ts'
import type { CallSpec, TemplateUse } from './host.ts'
import { visibleStatus } from './last-attempt.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import type { RunState } from './run-state.ts'
import type { Scope } from './scope.ts'

export type Hooks = Readonly<Record<string, LifecycleHook>>

/** Where lifecycle hooks hang: a step, a task or the workflow. */
export interface HookSite {
  readonly run: RunState
  readonly node: NodeRecord
  readonly hooks: Hooks
  /** That of the node. */
  readonly order: Order
  /** What has not fired by now never will. */
  readonly closed: boolean
  /** What expressions and arguments may refer to. */
  scope(): Scope
  /** The hook's own arguments, with everything in its place; a text says what is wrong with them. */
  arguments(hook: LifecycleHook, scope: Scope): Arguments | string
  /** How the hook's template is called, beyond its name and arguments. */
  readonly place: Pick<CallSpec, 'holder' | 'invokedBy' | 'boundary' | 'onExit' | 'depth'>
  /** An expression or its arguments are wrong, or its template cannot be executed. Told again as long as it is so. */
  erred(message: string): void
}

/**
 * The hooks of one node beside its exit handler. Each fires once, when its expression is true; what has fired runs to
 * its end, and whoever waits for the node waits for it too. argo: executeTmplLifeCycleHook, executeWfLifeCycleHook.
 */
export class LifecycleHooks implements Watch, Caller {
  readonly order: Order
  hungry = false
  readonly #site: HookSite
  readonly #calls = new Map<string, Call>()
  #then: (() => void) | undefined
  #over = false

  constructor(site: HookSite) {
    this.#site = site
    this.order = [...site.order, Number.MAX_SAFE_INTEGER]
    site.node.watch = this
    site.run.hooked.add(this)
  }

  /** Calls `then` once, when the node and all of its hooks are over. */
  whenOver(then: () => void): void {
    this.#then = then
    this.#site.run.hooked.add(this)
  }

  get isSettled(): boolean {
    return this.#site.node.ended
  }

  look(): Looked {
    this.hungry = false
    const { node, place } = this.#site
    // Nobody waits for the hooks of what has ended without them.
    if (this.#over || place.boundary?.record.ended) return 'nothing'
    const phase = node.status.phase
    const fired = this.#fireDue()
    const open = [...this.#calls.values()].some((call) => !call.fulfilled)
    // What is wrong has just given the node another phase: the hooks may ask for that one.
    if (node.status.phase !== phase) return 'fired'
    if (open || this.hungry || !node.fulfilled || this.#then === undefined) {
      return fired ? 'fired' : 'nothing'
    }
    this.#over = true
    this.#then()
    return 'over'
  }

  #fireDue(): boolean {
    const site = this.#site
    let fired = false
    for (const [name, hook] of lifecycleHooks(site.hooks)) {
      if (this.#calls.has(name)) continue
      const nodeName = `${site.node.status.name}.hooks.${name}`
      const begun = site.run.nodes.named(nodeName) !== undefined
      const due = begun ? true : this.#isDue(hook)
      if (typeof due === 'string') {
        site.erred(due)
        break
      }
      if (due) fired = this.#fire(name, hook, nodeName) || fired
    }
    this.#reportUnexecuted()
    return fired
  }

  #isDue(hook: LifecycleHook): boolean | string {
    const { run, node, closed } = this.#site
    // A daemon is settled once it is ready: what becomes of it then is a matter of what it serves.
    const served = node.ended && wasDaemon(visibleStatus(run.nodes, node))
    if (closed || served) return false
    const result = evaluateCondition(hook.expression ?? '', this.#site.scope().environment())
    return 'problem' in result ? result.problem : result.value
  }

  #fire(name: string, hook: LifecycleHook, nodeName: string): boolean {
    const { run, node, place } = this.#site
    const args = this.#site.arguments(hook, this.#site.scope())
    if (typeof args === 'string') {
      this.#site.erred(args)
      return false
    }
    const begun = run.nodes.named(nodeName) !== undefined
    if (!begun && !run.hasPlace(place.boundary?.limiter)) {
      this.hungry = true
      return false
    }
    const spec: CallSpec = {
      ...place,
      nodeName,
      use: useOf(hook),
      args,
      hooked: true,
      placed: true,
      order: this.order,
      link: (made) => run.nodes.link(node, made.id),
    }
    const call = new Call(run, spec, this)
    this.#calls.set(name, call)
    call.start()
    return true
  }

  callChanged(call: Call): void {
    if (call.fulfilled) this.#site.run.hooked.add(this)
  }

  // Known by its node, so that it is known after a restart too.
  #reportUnexecuted(): void {
    for (const { node } of this.#calls.values()) {
      const status = node?.status
      if (status?.type === 'Skipped' && status.phase === 'Error') {
        this.#site.erred(status.message ?? '')
      }
    }
  }
}

/** All hooks but the exit handler, which runs by other rules. */
export function lifecycleHooks(hooks: Hooks | undefined): readonly [string, LifecycleHook][] {
  return Object.entries(hooks ?? {}).filter(([name]) => name !== 'exit')
}

function useOf({ template, templateRef }: LifecycleHook): TemplateUse {
  return {
    ...(template !== undefined && { template }),
    ...(templateRef !== undefined && { templateRef }),
  }
}
