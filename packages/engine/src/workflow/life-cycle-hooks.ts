import type { Arguments, LifecycleHook } from '../spec/workflow.ts'
import { Call, type Caller } from './call.ts'
import { wasDaemon } from './daemons.ts'
import { evaluateCondition } from './expression.ts'
import type { Settled, Watch } from './hook-queue.ts'
import type { CallSpec, TemplateUse } from './host.ts'
import { visibleStatus } from './last-attempt.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import type { RunState } from './run-state.ts'
import type { Scope } from './scope.ts'

export type Hooks = Readonly<Record<string, LifecycleHook>>

/** A hook that should fire, with everything that it gets in its place. */
interface DueHook {
  readonly name: string
  readonly hook: LifecycleHook
  readonly args: Arguments
}

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
  /** What was wrong when it was told, and in which phase. */
  #told: string | undefined

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

  settle(): Settled {
    const { node, place, run } = this.#site
    // Nobody waits for the hooks of what has ended without them.
    if (this.#over || place.boundary?.record.ended) return 'nothing'
    const phase = node.status.phase
    const begun = this.#takeUp()
    this.#reportUnexecuted()
    // What is wrong has just given the node another phase: the hooks may ask for that one.
    if (begun || node.status.phase !== phase) {
      run.hooked.add(this)
      return 'moved'
    }
    if (this.#waiting().next().done !== true) return 'due'
    const open = [...this.#calls.values()].some((call) => !call.fulfilled)
    if (open || !node.fulfilled || this.#then === undefined) return 'nothing'
    this.#over = true
    this.#then()
    return 'moved'
  }

  fire(): boolean {
    this.hungry = false
    const { run, place } = this.#site
    let moved = false
    for (const waiting of this.#waiting()) {
      if ('problem' in waiting) {
        this.#tell(waiting.problem)
        return true
      }
      if (!run.hasPlace(place.boundary?.limiter)) {
        this.hungry = true
        continue
      }
      this.#call(waiting)
      this.#reportUnexecuted()
      moved = true
    }
    // Also when nothing is due any more, because another hook has just ended what they stand in.
    const goesOn = moved || !this.hungry
    if (goesOn) run.hooked.add(this)
    return goesOn
  }

  /** What has fired goes on after a restart. */
  #takeUp(): boolean {
    const { run } = this.#site
    let begun = false
    for (const [name, hook] of this.#unfired()) {
      if (run.nodes.named(this.#nameOf(name)) === undefined) continue
      const args = this.#site.arguments(hook, this.#site.scope())
      if (typeof args === 'string') this.#site.erred(args)
      else this.#call({ name, hook, args })
      begun = begun || typeof args !== 'string'
    }
    return begun
  }

  *#unfired() {
    for (const one of lifecycleHooks(this.#site.hooks)) if (!this.#calls.has(one[0])) yield one
  }

  #nameOf(hook: string): string {
    return `${this.#site.node.status.name}.hooks.${hook}`
  }

  /** What should fire now. Behind what is wrong nothing does. */
  *#waiting(): Generator<DueHook | { readonly problem: string }> {
    for (const [name, hook] of this.#unfired()) {
      const due = this.#isDue(hook)
      if (due === false) continue
      const args = due === true ? this.#site.arguments(hook, this.#site.scope()) : due
      if (typeof args !== 'string') {
        yield { name, hook, args }
        continue
      }
      if (this.#told !== this.#telling(args)) yield { problem: args }
      return
    }
  }

  #isDue(hook: LifecycleHook): boolean | string {
    const { run, node, closed } = this.#site
    // A daemon is settled once it is ready: what becomes of it then is a matter of what it serves.
    const served = node.ended && wasDaemon(visibleStatus(run.nodes, node))
    if (closed || served) return false
    const result = evaluateCondition(hook.expression ?? '', this.#site.scope().environment())
    return 'problem' in result ? result.problem : result.value
  }

  #tell(problem: string): void {
    this.#told = this.#telling(problem)
    this.#site.erred(problem)
    this.#site.run.hooked.add(this)
  }

  // Of a task nothing is said before it is over: then it has another phase.
  #telling(problem: string): string {
    return `${this.#site.node.status.phase} ${problem}`
  }

  #call({ name, hook, args }: DueHook): void {
    const { run, node, place } = this.#site
    const spec: CallSpec = {
      ...place,
      nodeName: this.#nameOf(name),
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
