import type { DagTask } from '../spec/workflow.ts'
import {
  addLoopToScope,
  addNodeToScope,
  addSkippedToScope,
  gaveNothing,
  unreadableResult,
} from './aggregate.ts'
import { Ancestry } from './ancestry.ts'
import { assessDag } from './assess-dag.ts'
import { compileDepends, type Depends, dagTargets, type TaskResults, walkOrder } from './depends.ts'
import { type Body, type Boundary, type Host, nodeOf } from './host.ts'
import { isReturning, visibleStatus } from './last-attempt.ts'
import { remember } from './memo/run-caches.ts'
import type { NodeRecord } from './nodes.ts'
import { outboundOf } from './outbound.ts'
import { templateOutputs } from './outputs.ts'
import type { Progress } from './run-state.ts'
import { Scope } from './scope.ts'
import { Task } from './task.ts'
import { mentionedTasks } from './task-mentions.ts'
import type { TaskError, TaskOwner } from './task-owner.ts'
import { failFastMessage, templateLimiter } from './template-limit.ts'

/** What the DAG knows of one task. */
interface Vertex {
  readonly task: DagTask
  readonly index: number
  readonly depends: Depends
  readonly dependents: Vertex[]
  /** Dependencies that are not settled yet; the task is looked at when it reaches 0. */
  left: number
  started: boolean
  run: Task | undefined
  /** It, or what comes before it, is a loop one of whose results is no JSON: nothing behind it can be resolved. */
  unreadable: string | undefined
}

/**
 * A dag template. argo: executeDAG, but a task is looked at when the last of its dependencies has settled, and the
 * phase of the whole is assessed when nothing in it runs any more.
 */
export class DagBody implements Body, TaskOwner, Progress {
  readonly host: Host
  readonly kind = 'tasks'
  queued = false
  readonly #vertices = new Map<string, Vertex>()
  readonly #ancestry = new Ancestry({
    needs: (name) => this.#needsOf(name),
    dependents: (name) => this.#vertices.get(name)?.dependents.map(({ task }) => task.name) ?? [],
  })
  #targets: readonly string[] = []
  #boundary: Boundary | undefined
  #ready: Vertex[] = []
  #open = 0

  constructor(host: Host) {
    this.host = host
  }

  get boundary(): Boundary {
    if (this.#boundary === undefined) throw new Error(`${this.host.nodeName} has no node yet`)
    return this.#boundary
  }

  get #node(): NodeRecord {
    return this.boundary.record
  }

  start(existing: NodeRecord | undefined): void {
    const record = existing ?? nodeOf(this.host, 'DAG')
    const limiter = templateLimiter(this.host.run, this.host.template, record, this)
    const { template, failedHosts } = this.host
    this.#boundary = { record, template, limiter, failedHosts }
    if (existing === undefined) this.host.created(record)
    const problem = this.#wire()
    if (problem !== undefined) {
      this.host.failed(problem)
      return
    }
    this.host.run.enqueue(this)
  }

  /** Builds the graph; only what the targets need is ever run. */
  #wire(): string | undefined {
    const { dag } = this.host.template
    if (dag === undefined) return undefined
    const byName = new Map(dag.tasks.map((task) => [task.name, task]))
    const depends = new Map<string, Depends>()
    for (const task of dag.tasks) {
      const compiled = compileDepends(task, byName)
      if ('problem' in compiled) return compiled.problem
      depends.set(task.name, compiled)
    }
    this.#targets = dagTargets(dag, depends)
    this.#addVertices(byName, depends)
    return undefined
  }

  #addVertices(tasks: ReadonlyMap<string, DagTask>, depends: ReadonlyMap<string, Depends>): void {
    for (const [index, name] of walkOrder(this.#targets, depends).entries()) {
      const task = tasks.get(name)
      const own = depends.get(name)
      if (own === undefined || task === undefined) continue
      const left = own.tasks.length
      this.#vertices.set(task.name, {
        task,
        index,
        depends: own,
        dependents: [],
        left,
        started: false,
        run: undefined,
        unreadable: undefined,
      })
    }
    for (const vertex of this.#vertices.values()) {
      for (const name of vertex.depends.tasks) this.#vertices.get(name)?.dependents.push(vertex)
      if (vertex.left === 0) this.#ready.push(vertex)
    }
  }

  progress(): void {
    if (this.#node.fulfilled) return
    const held: Vertex[] = []
    // Starting a task may settle others at once: they join the list while it is worked on.
    for (let at = 0; at < this.#ready.length; at++) {
      const vertex = this.#ready[at]
      if (vertex === undefined || !this.#mayGoOn(vertex)) continue
      if (this.#isHeld(vertex)) held.push(vertex)
      else this.#consider(vertex)
    }
    this.#ready = held
    if (this.#isStruck) this.host.run.whenQuiet(this)
    else this.#assess()
  }

  /** All dependencies of a task are settled: start it, or omit it. */
  #consider(vertex: Vertex): void {
    if (vertex.started) return
    vertex.started = true
    const { task, depends } = vertex
    const nodeName = `${this.host.nodeName}.${task.name}`
    const order = [...this.host.spec.order, vertex.index]
    const run = new Task(this, task, nodeName, order)
    vertex.run = run
    this.#open += 1
    const hasNode = this.#hasNode(nodeName)
    const verdict = hasNode || depends.evaluate((name) => this.#resultsOf(name))
    const unreadable = this.#unreadableBefore(vertex)
    if (verdict === false) run.conclude('Omitted', 'omitted: depends condition not met')
    else if (verdict !== true) run.conclude('Error', verdict.problem)
    else if (unreadable !== undefined && !hasNode) run.conclude('Error', unreadable)
    else run.start()
  }

  // argo: buildLocalScopeFromTask reads the results of all loops before a task, whatever the task asks for.
  #unreadableBefore(vertex: Vertex): string | undefined {
    for (const name of vertex.depends.tasks) {
      vertex.unreadable ??= this.#vertices.get(name)?.unreadable
    }
    return vertex.unreadable
  }

  // argo: executeDAG reads them for every target once more, for its hooks.
  get #unreadable(): string | undefined {
    const before = this.#targets.flatMap((name) => this.#needsOf(name))
    return before.map((name) => this.#vertices.get(name)?.unreadable).find((one) => one)
  }

  // argo: evaluateDependsLogic does not ask again once the task has a node, unless it was never to run.
  #hasNode(nodeName: string): boolean {
    const node = this.host.run.nodes.named(nodeName)
    return node !== undefined && node.status.phase !== 'Omitted'
  }

  #resultsOf(name: string): TaskResults {
    const run = this.#vertices.get(name)?.run
    const status = run?.node?.status
    const phase = status?.phase
    const items = status?.type === 'TaskGroup' ? (run?.items ?? []) : []
    return {
      Succeeded: phase === 'Succeeded',
      Failed: phase === 'Failed',
      Errored: phase === 'Error',
      Skipped: phase === 'Skipped',
      Omitted: phase === 'Omitted',
      Daemoned: status?.daemoned === true && phase !== 'Pending',
      AnySucceeded: items.some((item) => item?.status.phase === 'Succeeded'),
      AllFailed: items.length > 0 && items.every((item) => item?.status.phase === 'Failed'),
    }
  }

  taskErred(_error: TaskError): void {}

  get isLost(): boolean {
    return false
  }

  get isPast(): boolean {
    return this.#node.fulfilled
  }

  taskSettled(task: Task): void {
    this.#open -= 1
    const vertex = this.#vertices.get(task.invocation.name)
    if (vertex !== undefined && task.isLoop) {
      vertex.unreadable ??= unreadableResult(task.nodes.map((node) => node.status))
    }
    for (const dependent of vertex?.dependents ?? []) {
      dependent.left -= 1
      if (dependent.left === 0) this.#ready.push(dependent)
    }
    this.host.run.enqueue(this)
  }

  /** The task may see its ancestors' outputs; only those are looked up that its text mentions. */
  scopeOf(task: Task): Scope {
    const scope = new Scope(this.host.scope)
    const { names, anybody } = mentionedTasks(task.invocation)
    const { name: own } = task.invocation
    const known = new Set(names.filter((name) => this.#vertices.has(name)))
    const seen = anybody ? this.#ancestry.before(own) : this.#ancestry.among(known, own)
    for (const name of seen) this.#publish(name, scope)
    return scope
  }

  #needsOf(name: string): readonly string[] {
    return this.#vertices.get(name)?.depends.tasks ?? []
  }

  #publish(name: string, scope: Scope): string | undefined {
    const vertex = this.#vertices.get(name)
    const node = vertex?.run?.node
    if (vertex === undefined || node === undefined) return undefined
    const prefix = `tasks.${name}`
    let problem: string | undefined
    if (node.status.type === 'TaskGroup') {
      const children = (vertex.run?.items ?? []).map((item) => item.status)
      problem = addLoopToScope(scope, prefix, children)?.problem
    }
    addNodeToScope(scope, prefix, visibleStatus(this.host.run.nodes, node))
    if (gaveNothing(node.status)) this.#publishSkipped(vertex.task, prefix, scope)
    return problem
  }

  #publishSkipped(task: DagTask, prefix: string, scope: Scope): void {
    const { run, inner } = this.host
    const resolved = run.templates.resolve(inner, task, task.name)
    if ('problem' in resolved) return
    addSkippedToScope(scope, prefix, resolved.template, { artifacts: false })
  }

  linkNode(task: Task, node: NodeRecord): void {
    const { nodes } = this.host.run
    const needs = this.#needsOf(task.invocation.name)
    if (needs.length === 0) nodes.link(this.#node, node.id)
    for (const name of needs) {
      const before = this.#vertices.get(name)?.run?.node
      if (before === undefined) continue
      for (const parent of outboundOf(nodes, before.id)) nodes.link(parent, node.id)
    }
  }

  /** A daemon before it has died and is not back yet: until it is, nobody knows its address. */
  #isHeld({ task, depends }: Vertex): boolean {
    const { nodes } = this.host.run
    if (nodes.named(`${this.host.nodeName}.${task.name}`) !== undefined) return false
    return [...depends.tasks, ...mentionedTasks(task).names].some((name) => {
      const run = this.#vertices.get(name)?.run
      return run?.node !== undefined && isReturning(nodes, run.node)
    })
  }

  taskMoved(): void {
    this.host.run.enqueue(this)
  }

  // argo: checkParallelism: nothing new is looked at once a child has failed.
  #mayGoOn({ task }: Vertex): boolean {
    const { run, nodeName } = this.host
    return !this.#isStruck || run.nodes.named(`${nodeName}.${task.name}`) !== undefined
  }

  get #isStruck(): boolean {
    return this.host.template.failFast === true && this.#node.unsuccessful > 0
  }

  strike(): void {
    this.host.run.locks.giveUp(this.#node, failFastMessage)
    if (this.#node.ended || this.#node.running > 0) return
    for (const { run } of this.#vertices.values()) run?.giveUp(failFastMessage)
    this.#end('Failed', failFastMessage)
  }

  #assess(): void {
    const { run, spec } = this.host
    if (run.shutdown !== undefined && !spec.onExit && this.#open === 0) {
      this.#end('Failed')
      return
    }
    if (this.#open > 0 || this.#ready.length > 0) return
    const unreadable = this.#unreadable
    if (unreadable !== undefined) {
      this.host.failed(unreadable)
      return
    }
    const phase = assessDag({
      nodes: run.nodes,
      dag: this.#node,
      targets: this.#targets.map((name) => ({
        id: run.nodes.named(`${this.host.nodeName}.${name}`)?.id ?? '',
        continueOn: this.#vertices.get(name)?.task.continueOn,
      })),
      failFast: this.host.template.dag?.failFast ?? true,
    })
    if (phase === 'Failed' || phase === 'Error') this.#end(phase)
    else if (phase === 'Succeeded') this.#succeed()
  }

  #succeed(): void {
    const { run, template } = this.host
    if (needsOutputs(template.outputs)) {
      const scope = new Scope(this.host.scope)
      for (const name of this.#vertices.keys()) {
        const problem = this.#publish(name, scope)
        if (problem !== undefined) {
          this.host.failed(problem)
          return
        }
      }
      const made = templateOutputs(template, scope)
      if ('problem' in made) {
        this.host.failed(made.problem)
        return
      }
      run.setOutputs(this.#node, made.outputs)
    }
    // argo: a group of nodes succeeds also when its outputs cannot be kept.
    remember(this.host, this.#node)
    this.#end('Succeeded')
  }

  // argo: updateOutboundNodesForTargetTasks.
  #end(phase: 'Succeeded' | 'Failed' | 'Error', message?: string): void {
    const { run, nodeName } = this.host
    const outbound = this.#targets.flatMap((name) => {
      const target = run.nodes.named(`${nodeName}.${name}`)
      return target === undefined ? [] : outboundOf(run.nodes, target.id)
    })
    if (outbound.length > 0) {
      const ids = outbound.map((node) => node.id)
      run.nodes.set(this.#node, 'outboundNodes', ids)
    }
    run.mark(this.#node, phase, message)
    this.host.done(this.#node)
  }
}

function needsOutputs(outputs: Host['template']['outputs']): boolean {
  return (outputs?.parameters?.length ?? 0) > 0 || (outputs?.artifacts?.length ?? 0) > 0
}
