import type { Json, PatchOp } from '../spec/json.ts'
import type { Pod } from '../spec/pod.ts'
import type { NodePhase, WorkflowTaskResult } from '../spec/status.ts'
import { formatTime } from '../spec/time.ts'
import type { Outputs, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import type { Archive } from './artifact-repository.ts'
import { Daemons } from './daemons.ts'
import type { PodStop } from './decision.ts'
import type { Dependent, DependentRef } from './dependents.ts'
import { GroupSums } from './group-sums.ts'
import { Heap } from './heap.ts'
import { HookQueue } from './hook-queue.ts'
import type { Body, Host } from './host.ts'
import { Limiter } from './limiter.ts'
import { RunLocks } from './locks/run-locks.ts'
import { RunCaches } from './memo/run-caches.ts'
import type { MetricEffect } from './metrics.ts'
import { nodeId } from './names.ts'
import { type NodeRecord, NodeTable } from './nodes.ts'
import { compareOrder } from './order.ts'
import { exportOutputs } from './run-outputs.ts'
import type { Scope } from './scope.ts'
import { seededBytes } from './seeded-bytes.ts'
import { StatusWriter } from './status-writer.ts'
import type { Templates } from './templates.ts'
import type { World } from './world.ts'

/** argo: TASK_RESULT_TIMEOUT_DURATION: whoever had to report the outputs may be gone for good. */
export const reportTimeoutMs = 600_000

/** A part of the run that may go on because something it waits for has changed. */
export interface Progress {
  queued: boolean
  progress(): void
}

/** A template with failFast one of whose children has failed. */
export interface Struck {
  /** Ends it, when nothing in it runs any more. */
  strike(): void
}

/** A Pod node that has not ended. */
export interface Leaf {
  readonly node: NodeRecord
  /** Looks at the pod and the step's report, as far as they are there. */
  observe(): void
  podGone(): void
  /** Ends the node from outside (deadline, shutdown); the pod is stopped. */
  end(message: string): void
  /** Ends a daemon that nobody needs any more; the pod is stopped. */
  kill(): void
}

/** An unfulfilled node that waits without a pod. */
export interface Suspended {
  readonly node: NodeRecord
  end(phase: 'Succeeded' | 'Failed', message?: string): void
}

interface Timer {
  readonly at: number
  readonly fire: () => void
}

/**
 * Everything a run knows. One instance lives as long as its owner keeps it; `load` makes an equal one from what is persisted.
 *
 * Invariants:
 * R1. A pass handles what changed: parts that may go on stand in `#queue`, nothing else is looked at.
 * R2. Parts never call into each other's progress directly (a chain of 100,000 tasks must not be 100,000 frames deep).
 * R3. Nodes, metadata and status change only through `nodes` and `status`, which know what must be written.
 */
export class RunState {
  readonly nodes = new NodeTable()
  readonly sums: GroupSums
  readonly status: StatusWriter
  readonly world: World
  /** The body for a template's type; undefined when it has none that the engine runs. */
  readonly makeBody: (host: Host) => Body | undefined
  workflow: Workflow
  /** The effective spec: templateRef merged, globals substituted outside of the templates. */
  spec: WorkflowSpec
  templates: Templates
  globals: Scope
  now = 0
  pass = 0
  nowText = ''
  deadline: number | undefined
  /** Where artifacts go that name no place; undefined: this machine's disk. */
  archive: Archive | undefined
  /** Bodies of Pod nodes that have not ended, by the name of their pod. */
  readonly leaves = new Map<string, Leaf>()
  /** Nodes that wait without a pod (for somebody to resume them, for a lock), by id. */
  readonly suspended = new Map<string, Suspended>()
  /** Pods that were there before their node was (a crash between two writes), and pods of this run by name. */
  readonly pods = new Map<string, Pod>()
  readonly results = new Map<string, WorkflowTaskResult>()
  readonly podLimit: Limiter
  readonly passLimit: Limiter
  readonly locks: RunLocks
  readonly caches: RunCaches
  /** Where everything waits for its turn that needs a place which is scarce. */
  readonly turns = new Limiter({ limits: false, isFull: () => false })
  readonly #openLimiters = new Set<Limiter>()
  readonly hooked = new HookQueue()
  readonly daemons = new Daemons()
  readonly create: Pod[] = []
  readonly stop: PodStop[] = []
  readonly release: string[] = []
  readonly ensure: Dependent[] = []
  readonly metrics: MetricEffect[] = []
  readonly remove: DependentRef[] = []
  readonly #struck = new Set<Struck>()
  readonly #queue: Progress[] = []
  readonly #timers = new Heap<Timer>((a, b) => a.at - b.at)
  #startsLeft = 0
  #nodesLeft = 0

  constructor(parts: {
    workflow: Workflow
    world: World
    spec: WorkflowSpec
    templates: Templates
    globals: Scope
    makeBody: (host: Host) => Body | undefined
  }) {
    this.workflow = parts.workflow
    this.world = parts.world
    this.makeBody = parts.makeBody
    this.spec = parts.spec
    this.templates = parts.templates
    this.globals = parts.globals
    const seed = parts.workflow.metadata.uid ?? ''
    this.globals.impure = { now: () => this.now, random: seededBytes(seed) }
    this.status = new StatusWriter(parts.workflow)
    this.sums = new GroupSums(this.nodes, this.name)
    const { parallelism } = parts.spec
    this.podLimit = new Limiter({
      limits: parallelism !== undefined,
      isFull: () => parallelism !== undefined && this.nodes.activePods >= parallelism,
    })
    this.locks = new RunLocks(this)
    this.caches = new RunCaches(parts.world)
    this.passLimit = new Limiter({ limits: false, isFull: () => this.#isSpent })
  }

  /** It had not begun when this run was loaded. */
  get isNew(): boolean {
    const { phase } = this.workflow.status ?? {}
    return phase === undefined || phase === '' || phase === 'Pending'
  }

  get name(): string {
    return this.workflow.metadata.name ?? ''
  }

  /**
   * The text whose hash goes into a node's id and its pod's name: the node's name, with a number behind it when another
   * node has that id already. Among 10,000 names two with the same 32 bits are likely; upstream then takes one node for
   * the other.
   */
  hashedName(nodeName: string): string {
    const known = this.nodes.named(nodeName)
    for (let salt = 0; ; salt++) {
      const candidate = salt === 0 ? nodeName : `${nodeName}#${salt}`
      const holder = this.nodes.get(nodeId(this.name, candidate))
      if (holder === undefined || holder === known) return candidate
    }
  }

  get namespace(): string {
    return this.workflow.metadata.namespace ?? 'default'
  }

  get shutdown(): 'Stop' | 'Terminate' | undefined {
    const { shutdown } = this.spec
    return shutdown === 'Stop' || shutdown === 'Terminate' ? shutdown : undefined
  }

  /** argo: ShutdownStrategy.ShouldExecute. */
  mayExecute(onExit: boolean): boolean {
    return this.shutdown === undefined || (this.shutdown === 'Stop' && onExit)
  }

  get pastDeadline(): boolean {
    return this.deadline !== undefined && this.now > this.deadline
  }

  beginPass(now: number, allowed: { readonly starts: number; readonly nodes: number }): void {
    this.pass += 1
    this.now = now
    this.nowText = formatTime(now)
    this.#startsLeft = allowed.starts
    this.#nodesLeft = allowed.nodes
  }

  get #isSpent(): boolean {
    return this.#startsLeft <= 0 || this.#nodesLeft <= 0
  }

  /** One leaf has been started in this pass. */
  countStart(): void {
    this.#startsLeft -= 1
  }

  /** One node has been made in this pass, or nothing has come of one that might have been. */
  countNode(): void {
    this.#nodesLeft -= 1
  }

  enqueue(part: Progress): void {
    if (part.queued) return
    part.queued = true
    this.#queue.push(part)
  }

  /**
   * Works until nothing can go on any more. What needs no scarce place goes first; then the places are given away one
   * at a time, in the order of the tree: so what happens does not depend on what came to wait first.
   */
  settle(): void {
    do this.#drain()
    while (this.hooked.look() || this.#admit() || this.#strike())
  }

  #admit(): boolean {
    const next = this.#firstInLine()
    next?.admit()
    return next !== undefined
  }

  /** Whether something new may begin below that limiter now. */
  hasPlace(limiter: Limiter | undefined): boolean {
    return ![this.podLimit, limiter, this.passLimit].some((one) => one?.isFull === true)
  }

  /** Asks `body` whether it is over once nothing else can go on. */
  whenQuiet(body: Struck): void {
    this.#struck.add(body)
  }

  #strike(): boolean {
    const [body] = this.#struck
    if (body === undefined) return false
    this.#struck.delete(body)
    body.strike()
    return true
  }

  /** Somebody who waits there may have a place now. */
  open(limiter: Limiter): void {
    this.#openLimiters.add(limiter)
  }

  #firstInLine(): Limiter | undefined {
    let first: Limiter | undefined
    for (const limiter of [this.passLimit, this.turns, this.podLimit, ...this.#openLimiters]) {
      const { next } = limiter
      if (next === undefined) this.#openLimiters.delete(limiter)
      else if (first?.next === undefined || compareOrder(next.order, first.next.order) < 0) {
        first = limiter
      }
    }
    return first
  }

  #drain(): void {
    // The queue grows while it is worked on; an index keeps it linear.
    for (let at = 0; at < this.#queue.length; at++) {
      const part = this.#queue[at]
      if (part === undefined) continue
      part.queued = false
      part.progress()
    }
    this.#queue.length = 0
  }

  timer(at: number, fire: () => void): void {
    this.#timers.push({ at, fire })
  }

  fireTimers(): void {
    const due: Timer[] = []
    for (let next = this.#timers.peek(); next !== undefined && next.at <= this.now; ) {
      due.push(next)
      this.#timers.pop()
      next = this.#timers.peek()
    }
    // What is set for this very moment while these fire is due in the next pass.
    for (const { fire } of due) fire()
  }

  get nextTimer(): number | undefined {
    const crowded = this.passLimit.isFull && this.hooked.isHungry
    if (this.passLimit.size > 0 || crowded) return this.now
    return this.#timers.peek()?.at
  }

  /** Moves a node to a phase; a message of '' clears it, none leaves it. */
  mark(node: NodeRecord, phase: NodePhase, message?: string): void {
    if (message !== undefined) this.nodes.set(node, 'message', message === '' ? undefined : message)
    const before = node.status.phase
    this.nodes.setPhase(node, phase, this.nowText)
    if (before === phase) return
    if (node.watch !== undefined) this.hooked.add(node.watch)
    if (node.ended) this.daemons.killThoseOf(node)
  }

  setOutputs(node: NodeRecord, outputs: Outputs | undefined): void {
    if (outputs === undefined) return
    this.nodes.set(node, 'outputs', outputs)
    exportOutputs(this, outputs)
  }

  /** What must be written to the Workflow object since the last call. */
  collect(): PatchOp[] {
    const ops: PatchOp[] = []
    this.#storeTemplates()
    this.status.collect(ops)
    this.nodes.collect(ops)
    return ops
  }

  #storeTemplates(): void {
    for (const { key, template } of this.templates.takeNewlyStored()) {
      this.status.setMember('storedTemplates', key, template as unknown as Json)
    }
  }
}
