import type { Json } from '../spec/json.ts'
import type { Invocation, LifecycleHook } from '../spec/workflow.ts'
import { neverResolved, resolveInvocation } from './arguments.ts'
import { Call, type Caller } from './call.ts'
import { wasDaemon } from './daemons.ts'
import { ExitHook, exitHookOf, type HookOwner } from './exit-hook.ts'
import type { CallSpec } from './host.ts'
import { visibleStatus } from './last-attempt.ts'
import { expandedItems, type Items, isLoop, itemInvocation } from './loops.ts'
import type { NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import type { Scope } from './scope.ts'
import { type HookedNode, hookedNode, TaskHooks } from './task-hooks.ts'
import { type SkippedPhase, taskNode } from './task-node.ts'
import type { TaskError, TaskOwner } from './task-owner.ts'
import { evaluated, skippedMessage } from './when.ts'

/**
 * One step or DAG task: resolved once its turn has come, expanded when it is a loop, then one call per item.
 * Items start as there is room for them, so a loop of 50,000 with parallelism 4 never holds more than it runs.
 */
export class Task implements Caller, HookOwner {
  readonly owner: TaskOwner
  readonly invocation: Invocation
  readonly baseName: string
  readonly order: Order
  /** The node of the task itself (no loop), or of the group of its items (a DAG's loop). */
  node: NodeRecord | undefined
  /** Nodes of the items, in order of their index. */
  readonly items: NodeRecord[] = []
  #error: TaskError | undefined
  settled = false
  readonly #groupItems: boolean
  #expanded:
    | { readonly invocation: Invocation; readonly items: Items; readonly scope: Scope }
    | undefined
  #next = 0
  #open = 0
  #blocked: Call | undefined
  /** The next item waits for the next pass. */
  #paused = false
  #hooks = 0
  #closed = false
  readonly #lifecycle = new TaskHooks(this)

  constructor(owner: TaskOwner, invocation: Invocation, baseName: string, order: Order) {
    this.owner = owner
    this.invocation = invocation
    this.baseName = baseName
    this.order = order
    this.#groupItems = owner.kind === 'tasks'
  }

  get #run() {
    return this.owner.host.run
  }

  get isLoop(): boolean {
    return isLoop(this.invocation)
  }

  /** Those of a step: its own, or those of its items. */
  get nodes(): readonly NodeRecord[] {
    if (this.isLoop) return this.items.filter((item) => item !== undefined)
    return this.node === undefined ? [] : [this.node]
  }

  get erred(): boolean {
    return this.#error !== undefined
  }

  #err(error: TaskError): void {
    this.#error ??= error
    this.owner.taskErred(error)
  }

  scope(): Scope {
    return this.owner.scopeOf(this)
  }

  start(): void {
    this.resolve()()
  }

  /** The hooks of a node that is the task's own, and not that of an item. */
  get #own(): HookedNode {
    return { hooks: this.invocation.hooks, order: this.order, name: this.invocation.name }
  }

  /**
   * Works out what the task is to do, and gives back what does it. argo: executeStepGroup resolves and expands all
   * steps of a group before the first of them begins.
   */
  resolve(): () => void {
    const scope = this.scope()
    const resolved = resolveInvocation(this.invocation, scope, this.owner.kind)
    if ('problem' in resolved) return this.#refuse(resolved.problem)
    if ('unresolved' in resolved) return this.#refuse(neverResolved(resolved.unresolved))
    const { invocation } = resolved
    if (!this.isLoop) return () => this.#startOne(invocation)
    const loop = expandedItems(invocation, scope)
    if ('problem' in loop) return this.#refuse(loop.problem)
    return () => this.#startLoop(invocation, loop.items, scope)
  }

  #startLoop(invocation: Invocation, items: Items, scope: Scope): void {
    if (items.length === 0) {
      this.#skip(this.baseName, 'Skipped', 'Skipped, empty params')
      return
    }
    this.#expanded = { invocation, items, scope }
    if (this.#groupItems) this.#openGroup()
    this.#pump()
  }

  /** Ends the task without running it: omitted, or wrong before it began. */
  conclude(phase: 'Omitted' | 'Error', message: string): void {
    this.#skip(this.baseName, phase, message)
  }

  #refuse(message: string): () => void {
    this.#err({ kind: 'invocation', message })
    return () => {
      if (this.owner.kind === 'tasks') this.#skip(this.baseName, 'Error', message)
      else this.#settle()
    }
  }

  #skip(nodeName: string, phase: SkippedPhase, message: string): void {
    this.node = this.#skipped(nodeName, phase, message)
    // argo: a step that is skipped has no hooks, a task that is has them.
    if (this.#groupItems) this.#lifecycle.after(this.node, this.#own, () => this.#settle())
    else this.#settle()
  }

  #skipped(nodeName: string, phase: SkippedPhase, message: string): NodeRecord {
    const { run } = this.owner.host
    const existing = run.nodes.named(nodeName)
    if (existing !== undefined) {
      if (!existing.fulfilled) run.mark(existing, phase, message)
      return existing
    }
    const node = taskNode(this.owner, this.invocation, {
      nodeName,
      type: 'Skipped',
      phase,
      message,
    })
    this.#link(node)
    return node
  }

  #openGroup(): void {
    const { host } = this.owner
    const existing = host.run.nodes.named(this.baseName)
    const group = { nodeName: this.baseName, type: 'TaskGroup', phase: 'Running' } as const
    this.node = existing ?? taskNode(this.owner, this.invocation, group)
    this.node.onExit = host.spec.onExit
    if (existing === undefined) this.owner.linkNode(this, this.node)
    this.#lifecycle.watch(this.node, this.#own)
  }

  #link(node: NodeRecord): void {
    if (this.#groupItems && this.node !== undefined && this.node !== node) {
      this.#run.nodes.link(this.node, node.id)
    } else this.owner.linkNode(this, node)
  }

  #startOne(invocation: Invocation): void {
    this.#open += 1
    const call = this.#callFor(invocation, this.baseName, 0)
    if (call !== undefined) this.#startCall(call)
    else if (this.#groupItems) this.#lifecycle.after(this.node, this.#own, () => this.#itemDone())
    else this.#itemDone()
  }

  #startCall(call: Call): void {
    this.#blocked = call
    call.start()
    if (call.node === undefined) return
    this.#blocked = undefined
    this.#lifecycle.watch(call.node, hookedNode(call))
  }

  /** Does not wait any longer for a place: there will be none. */
  abandon(): void {
    if (this.#blocked === undefined) return
    this.#blocked.drop()
    this.#blocked = undefined
    this.#itemDone()
  }

  /** Starts items until one has to wait for a place. */
  #pump(): void {
    const expanded = this.#expanded
    if (expanded === undefined) return
    // Of a group that is lost what has begun is taken up again; nothing else begins (see #callFor).
    const { items, scope } = expanded
    const mayGoOn = () => this.#blocked === undefined && !this.#paused && !this.erred
    while (mayGoOn() && this.#next < items.length) {
      const index = this.#next++
      this.#startItem(expanded.invocation, items.at(index) ?? null, index, scope)
    }
    this.#check()
  }

  /** Comes back to an item when there is time for more; after a shutdown thousands that fail are enough. */
  #pauseAt(index: number): void {
    const { run, spec } = this.owner.host
    if (!run.mayExecute(spec.onExit)) {
      const message = `workflow shutdown with strategy: ${run.shutdown}`
      this.#err({ kind: 'invocation', message })
      return
    }
    this.#paused = true
    this.#next = index
    const retry = () => {
      this.#paused = false
      if (!this.owner.boundary.record.fulfilled) this.#pump()
    }
    this.#run.passLimit.wait({ order: [...this.order, index], retry })
  }

  #startItem(loop: Invocation, item: Json, index: number, scope: Scope): void {
    const made = itemInvocation(loop, item, index, scope)
    if ('problem' in made) {
      this.#err({ kind: 'invocation', message: made.problem })
      return
    }
    const { invocation } = made
    const nodeName = this.#nameOf(invocation)
    const isNew = this.#run.nodes.named(nodeName) === undefined
    if (isNew && this.#run.passLimit.isFull) {
      this.#pauseAt(index)
      return
    }
    this.#open += 1
    const call = this.#callFor(invocation, nodeName, index)
    if (call === undefined) {
      if (this.owner.isLost && isNew) this.#run.countNode()
      this.#open -= 1
      return
    }
    this.#startCall(call)
  }

  #nameOf(invocation: Invocation): string {
    return this.baseName + invocation.name.slice(this.invocation.name.length)
  }

  /** Undefined when `when` says no (there is a node that says so), or when nothing may begin any more. */
  #callFor(invocation: Invocation, nodeName: string, index: number): Call | undefined {
    if (this.owner.isLost && this.#run.nodes.named(nodeName) === undefined) return undefined
    const when = evaluated(invocation.when)
    if ('problem' in when) {
      this.#note(this.#skipped(nodeName, 'Error', when.problem), index)
      if (this.owner.kind === 'steps') this.#err({ kind: 'invocation', message: when.problem })
      return undefined
    }
    if (!when.run) {
      this.#note(this.#skipped(nodeName, 'Skipped', skippedMessage(when.expression)), index)
      return undefined
    }
    return new Call(this.#run, this.#callSpec(invocation, nodeName, index), this)
  }

  #callSpec(invocation: Invocation, nodeName: string, index: number): CallSpec {
    const { host, boundary, kind } = this.owner
    const exitHook = exitHookOf(invocation)
    // argo: a DAG's loop has its hooks as a whole, a step's loop for each item.
    const hooked = invocation.hooks !== undefined && !(this.#groupItems && this.isLoop)
    return {
      ...(exitHook !== undefined && { exitHook }),
      ...(hooked && { hooks: invocation.hooks }),
      nodeName,
      use: invocation,
      holder: host.inner,
      args: invocation.arguments ?? {},
      invokedBy: { kind, name: invocation.name },
      boundary,
      onExit: host.spec.onExit,
      order: [...this.order, index],
      depth: host.spec.depth + 1,
      link: (node) => this.#link(node),
    }
  }

  #note(node: NodeRecord, index: number): void {
    if (this.#expanded === undefined) this.node = node
    else this.items[index] = node
  }

  callChanged(call: Call): void {
    const { node } = call
    if (node !== undefined) {
      this.#note(node, call.order.at(-1) ?? 0)
      this.#lifecycle.watch(node, hookedNode(call))
    }
    if (call === this.#blocked && node !== undefined) {
      this.#blocked = undefined
      this.#run.enqueue(this.#pumping)
    }
    if (!call.fulfilled) return
    if (call.over) this.owner.taskMoved()
    else {
      call.over = true
      this.#callEnded(call)
    }
  }

  readonly #pumping = { queued: false, progress: () => this.#pump() }

  #callEnded(call: Call): void {
    if (call.error !== undefined) {
      this.owner.taskErred({ kind: 'call', nodeName: call.nodeName, message: call.error })
      if (this.owner.kind === 'tasks' && call.node !== undefined) {
        this.#run.mark(call.node, 'Error', `task '${call.nodeName}' errored: ${call.error}`)
      }
    }
    this.#lifecycle.after(call.node, hookedNode(call), () => this.#callOver(call))
  }

  #callOver({ node, spec, order }: Call): void {
    const { exitHook } = spec
    // A daemon that has died is a matter of what it served.
    const exits = node?.completed && !wasDaemon(visibleStatus(this.#run.nodes, node))
    if (exits && exitHook !== undefined) this.#runHook(exitHook, node, order)
    this.#itemDone()
  }

  #runHook(hook: LifecycleHook, node: NodeRecord, order: Order): void {
    this.#hooks += 1
    new ExitHook(this, hook, { node, order }, () => {
      this.#hooks -= 1
      this.#run.enqueue(this.#checking)
    }).start()
  }

  readonly #checking = { queued: false, progress: () => this.#check() }

  /** Of a task it is only said once the node is over: until then its pod runs, and would say otherwise. */
  hookErred(node: NodeRecord, message: string): void {
    if (this.owner.kind === 'steps') this.#err({ kind: 'invocation', message })
    else if (node.completed && node.status.phase !== 'Error') this.#run.mark(node, 'Error', message)
  }

  hookRefused(message: string): void {
    this.#err({ kind: 'invocation', message })
  }

  hookFailed(message: string): void {
    this.owner.taskErred({ kind: 'invocation', message })
  }

  #itemDone(): void {
    this.#open -= 1
    this.#run.enqueue(this.#checking)
  }

  #check(): void {
    if (this.settled || this.#open > 0 || this.#hooks > 0) return
    const waiting = this.#expanded !== undefined && this.#next < this.#expanded.items.length
    if (waiting && !this.erred && !this.owner.isLost) return
    if (this.#closeGroup()) return
    this.#settle()
  }

  /**
   * Ends the group of a loop none of whose items will begin any more. argo: completableTaskGroupPhase; where none has
   * begun it leaves the group as it is, and a DAG around it waits for ever.
   */
  giveUp(message: string): void {
    const { node, items } = this
    if (node?.status.type !== 'TaskGroup' || node.ended) return
    if (items.length === 0) this.#run.mark(node, 'Failed', message)
    else this.#run.mark(node, this.#failed?.status.phase ?? 'Succeeded')
  }

  // argo: the last failed item in order of the list gives the group its phase.
  get #failed(): NodeRecord | undefined {
    return this.items.findLast((item) => item?.failedOrError)
  }

  /** Ends the group of a loop; true when its own exit handler has to run first. */
  #closeGroup(): boolean {
    if (!this.#groupItems || this.#expanded === undefined || this.node === undefined) return false
    if (this.#closed) return false
    this.#closed = true
    const phase = this.#failed?.status.phase ?? (!this.erred ? 'Succeeded' : 'Error')
    if (!this.node.fulfilled) this.#run.mark(this.node, phase)
    const { node, order } = this
    const hook = exitHookOf(this.invocation)
    if (hook === undefined && !this.#lifecycle.has(node)) return false
    this.#hooks += 1
    this.#lifecycle.after(node, this.#own, () => {
      this.#hooks -= 1
      if (hook === undefined) this.#settle()
      else this.#runHook(hook, node, order)
    })
    return true
  }

  #settle(): void {
    if (this.settled) return
    this.settled = true
    this.#expanded = undefined
    this.owner.taskSettled(this)
  }
}
