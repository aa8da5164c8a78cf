import { addLoopToScope, addNodeToScope, addSkippedToScope, gaveNothing } from './aggregate.ts'
import { wasDaemon } from './daemons.ts'
import { type Body, type Boundary, createNode, type Host, nodeOf } from './host.ts'
import { isReturning, visibleStatus } from './last-attempt.ts'
import { remember } from './memo/run-caches.ts'
import type { NodeRecord } from './nodes.ts'
import { outboundOf } from './outbound.ts'
import { templateOutputs } from './outputs.ts'
import type { Progress } from './run-state.ts'
import type { Scope } from './scope.ts'
import { Task } from './task.ts'
import type { TaskError, TaskOwner } from './task-owner.ts'
import { failFastMessage, templateLimiter } from './template-limit.ts'
import { hasTimedOut, timeoutMessage } from './timed-out.ts'

/** A steps template: groups one after the other, the steps of a group side by side. argo: executeSteps. */
export class StepsBody implements Body, TaskOwner, Progress {
  readonly host: Host
  readonly kind = 'steps'
  queued = false
  #boundary: Boundary | undefined
  #scope: Scope
  #group = -1
  #groupNode: NodeRecord | undefined
  #tasks: Task[] = []
  /** Of groups that are closed: the tasks that are daemons. */
  readonly #daemons: Task[] = []
  #left = 0

  constructor(host: Host) {
    this.host = host
    this.#scope = host.scope.child()
  }

  get boundary(): Boundary {
    if (this.#boundary === undefined) throw new Error(`${this.host.nodeName} has no node yet`)
    return this.#boundary
  }

  get #node(): NodeRecord {
    return this.boundary.record
  }

  get #groups() {
    return this.host.template.steps ?? []
  }

  start(existing: NodeRecord | undefined): void {
    const record = existing ?? nodeOf(this.host, 'Steps')
    const limiter = templateLimiter(this.host.run, this.host.template, record, this)
    const { template, failedHosts } = this.host
    this.#boundary = { record, template, limiter, failedHosts }
    if (existing === undefined) this.host.created(record)
    this.host.run.enqueue(this)
  }

  scopeOf(): Scope {
    return this.#scope
  }

  linkNode(_task: Task, node: NodeRecord): void {
    if (this.#groupNode !== undefined) this.host.run.nodes.link(this.#groupNode, node.id)
  }

  taskSettled(): void {
    this.#left -= 1
    this.host.run.enqueue(this)
  }

  progress(): void {
    if (this.#node.fulfilled) return
    if (this.#left > 0) {
      if (this.#isStruck) this.host.run.whenQuiet(this)
      return
    }
    if (this.#groupNode !== undefined && !this.#closeGroup(this.#groupNode)) return
    if (this.#daemonsServe()) this.#openGroup()
  }

  // argo: executeStepGroup looks at a group again while something after it runs. What runs may end first.
  #daemonsServe(): boolean {
    const { run } = this.host
    if (run.nodes.named(this.#nextGroupName) !== undefined) return true
    const dead = failedChild(this.#daemons)
    if (dead !== undefined) {
      this.#end('Failed', `child '${dead.id}' failed`)
      return false
    }
    const returning = this.#daemons.some((task) =>
      task.nodes.some((node) => isReturning(run.nodes, node)),
    )
    if (returning) return false
    for (const task of this.#daemons) this.#publish(task)
    return true
  }

  get #nextGroupName(): string {
    return `${this.host.nodeName}[${this.#group + 1}]`
  }

  taskMoved(): void {
    this.host.run.enqueue(this)
  }

  get #isStruck(): boolean {
    return this.host.template.failFast === true && this.#node.unsuccessful > 0
  }

  // argo: checkParallelism, for a template with failFast whose child has failed; but what runs in it ends first.
  strike(): void {
    this.host.run.locks.giveUp(this.#node, failFastMessage)
    if (this.#node.fulfilled || this.#node.running > 0 || this.#left === 0) return
    if (this.#groupNode !== undefined) {
      this.host.run.mark(this.#groupNode, 'Failed', failFastMessage)
    }
    this.#end('Failed', failFastMessage)
  }

  #openGroup(): void {
    this.#group += 1
    const steps = this.#groups[this.#group]
    if (steps === undefined) {
      this.#succeed()
      return
    }
    const groupName = `${this.host.nodeName}[${this.#group}]`
    const existing = this.host.run.nodes.named(groupName)
    const node = existing ?? this.#createGroup(groupName)
    this.#groupNode = node
    this.#tasks = steps.map(
      (step, index) =>
        new Task(this, step, `${groupName}.${step.name}`, [
          ...this.host.spec.order,
          this.#group,
          index,
        ]),
    )
    this.#left = this.#tasks.length
    const resolved = this.#tasks.map((task) => task.resolve())
    for (const start of resolved) start()
    this.host.run.enqueue(this)
  }

  #createGroup(nodeName: string): NodeRecord {
    const { run, spec, inner } = this.host
    const node = createNode(run, {
      nodeName,
      type: 'StepGroup',
      phase: 'Running',
      templateScope: `${inner.kind}/${inner.name}`,
      boundary: this.#node,
      onExit: spec.onExit,
      flag: {},
    })
    for (const parent of this.#parentsOfGroup()) run.nodes.link(parent, node.id)
    return node
  }

  #parentsOfGroup(): readonly NodeRecord[] {
    const previous = this.#groupNode
    if (previous === undefined) return [this.#node]
    if (previous.status.children.length === 0) return [previous]
    return previous.status.children.flatMap((id) => outboundOf(this.host.run.nodes, id))
  }

  /** Gives the finished group its phase; false when the whole template has ended with it. */
  #closeGroup(group: NodeRecord): boolean {
    const { run } = this.host
    if (group.status.phase === 'Error') {
      this.#end('Failed', group.status.message)
      return false
    }
    // In a group that has passed only a daemon can have failed since.
    const message = group.status.phase === 'Succeeded' ? undefined : whyLost(this.#tasks)
    if (message !== undefined) {
      run.mark(group, 'Failed', message)
      this.#end('Failed', message)
      return false
    }
    run.mark(group, 'Succeeded')
    for (const task of this.#tasks) {
      const error = this.#publish(task)
      if (error !== undefined) {
        this.host.failed(error)
        return false
      }
      const served = (node: NodeRecord) =>
        wasDaemon(node.status) || wasDaemon(visibleStatus(run.nodes, node))
      if (task.nodes.some(served)) this.#daemons.push(task)
    }
    this.#tasks = []
    return true
  }

  get isLost(): boolean {
    return this.#groupNode?.status.phase === 'Error'
  }

  get isPast(): boolean {
    return this.#groupNode?.fulfilled === true
  }

  /** The group is lost; what runs in it already may end first. */
  taskErred(error: TaskError): void {
    if (this.#groupNode === undefined || this.#groupNode.fulfilled) return
    const message =
      error.kind === 'invocation'
        ? error.message
        : `step group deemed errored due to child ${error.nodeName} error: ${error.message}`
    this.host.run.mark(this.#groupNode, 'Error', message)
    for (const task of this.#tasks) task.abandon()
  }

  /** Lets later groups see what a step has given. */
  #publish(task: Task): string | undefined {
    const prefix = `steps.${task.invocation.name}`
    if (task.isLoop && task.items.length > 0) {
      const children = task.items.map((item) => item.status)
      const result = addLoopToScope(this.#scope, prefix, children)
      if (this.#groupNode !== undefined) {
        addNodeToScope(this.#scope, prefix, this.#groupNode.status)
      }
      return result?.problem
    }
    const { node } = task
    if (node === undefined) return undefined
    addNodeToScope(this.#scope, prefix, visibleStatus(this.host.run.nodes, node))
    if (gaveNothing(node.status)) this.#publishSkipped(task, prefix)
    return undefined
  }

  #publishSkipped(task: Task, prefix: string): void {
    const { run, inner } = this.host
    const resolved = run.templates.resolve(inner, task.invocation, task.invocation.name)
    if ('problem' in resolved) return
    addSkippedToScope(this.#scope, prefix, resolved.template, { artifacts: true })
  }

  #succeed(): void {
    const made = templateOutputs(this.host.template, this.#scope)
    if ('problem' in made) {
      this.#leave()
      this.host.failed(made.problem)
      return
    }
    this.host.run.setOutputs(this.#node, made.outputs)
    // argo: a group of nodes succeeds also when its outputs cannot be kept.
    remember(this.host, this.#node)
    this.#end('Succeeded')
  }

  #end(phase: 'Succeeded' | 'Failed', message?: string): void {
    this.#leave()
    this.host.run.mark(this.#node, phase, message)
    this.host.done(this.#node)
  }

  // argo: updateOutboundNodes, from the last group that has begun.
  #leave(): void {
    const { run } = this.host
    const last = this.#groupNode
    const outbound = last?.status.children.flatMap((id) => outboundOf(run.nodes, id)) ?? []
    if (outbound.length > 0) {
      const ids = outbound.map((node) => node.id)
      run.nodes.set(this.#node, 'outboundNodes', ids)
    }
  }
}

function whyLost(tasks: readonly Task[]): string | undefined {
  if (tasks.some(({ nodes }) => nodes.some((node) => hasTimedOut(node.status)))) {
    return timeoutMessage
  }
  const failed = failedChild(tasks)
  return failed && `child '${failed.id}' failed`
}

/** The first whose failure its step does not forgive. */
function failedChild(tasks: readonly Task[]): NodeRecord | undefined {
  for (const task of tasks) {
    const { continueOn } = task.invocation
    const failed = task.nodes.find(
      (node) =>
        node.failedOrError &&
        !(node.status.phase === 'Failed' ? continueOn?.failed : continueOn?.error),
    )
    if (failed !== undefined) return failed
  }
  return undefined
}
