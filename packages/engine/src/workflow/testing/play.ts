import type { Pod } from '../../spec/pod.ts'
import type { NodeStatus, WorkflowTaskResult } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type { Outputs, Workflow, WorkflowTemplate } from '../../spec/workflow.ts'
import { advance, load, type Run } from '../advance.ts'
import type { Change, Decision } from '../decision.ts'
import type { CacheMap } from '../memo/cache-entry.ts'
import type { World } from '../world.ts'
import { applyOps } from './apply-ops.ts'
import type { Before } from './before.ts'
import { LockBench } from './lock-bench.ts'
import { PodShelf } from './pod-shelf.ts'

/** How a pod ends. */
export interface Outcome {
  readonly exitCode?: number
  readonly message?: string
  readonly outputs?: Outputs
  /** Exit codes of containers other than `main`. */
  readonly containers?: Readonly<Record<string, number>>
  /** The termination message of its containers. */
  readonly said?: string
  /** What the step's own program says of its node. */
  readonly verdict?: Pick<NodeStatus, 'phase' | 'message'>
  /** The pod never ends by itself. */
  readonly never?: boolean
  /** The pod never begins. */
  readonly stuck?: boolean
  /** Nobody sees the pod Running. */
  readonly quick?: boolean
}

export interface PlayOptions {
  readonly templates?: readonly WorkflowTemplate[]
  readonly configMaps?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The last workflow of its kind. */
  readonly baseline?: Workflow
  /** What becomes of the pod of a node. */
  readonly outcome?: (node: NodeStatus, pod: Pod) => Outcome
  /** Which of the waiting pods moves next: an index below `count`. */
  readonly pick?: (count: number) => number
  /** Forget the run and load it again before this pass. */
  readonly crash?: (pass: number) => boolean
  readonly maxPasses?: number
  /** Shared with other workflows. */
  readonly locks?: LockBench
  /** Caches of memoized outputs; what is kept is put in. */
  readonly caches?: Record<string, CacheMap>
  /** Sees every pass, before it is written. */
  readonly watch?: (before: Before, decision: Decision) => void
}

const begin = 1_767_225_600_000

/** A little cluster for one workflow: keeps its object and its pods, plays the pods, and moves time when nothing else moves. */
export class Play {
  workflow: Workflow
  now = begin
  passes = 0
  done = false
  readonly decisions: Decision[] = []
  readonly #shelf = new PodShelf((change) => this.#changes.push(change))
  readonly pods = this.#shelf.all
  readonly results = new Map<string, WorkflowTaskResult>()
  readonly created: readonly string[] = this.#shelf.created
  readonly #options: PlayOptions
  readonly #world: World
  readonly #locks: LockBench
  #run: Run
  #changes: Change[] = []
  #wakeAt: number | undefined

  constructor(workflow: Workflow, options: PlayOptions = {}) {
    const creationTimestamp = formatTime(begin)
    this.workflow = {
      ...workflow,
      metadata: { uid: 'uid-1', namespace: 'default', creationTimestamp, ...workflow.metadata },
    }
    this.#options = options
    this.#locks = options.locks ?? new LockBench()
    this.#locks.join(this.workflow, (change) => this.#changes.push(change))
    this.#world = {
      ...worldOf(options),
      locks: this.#locks.door,
      cache: (name) => options.caches?.[name],
    }
    this.#run = this.#load()
  }

  #load(): Run {
    return load(this.#before())
  }

  #before(): Before {
    return {
      workflow: this.workflow,
      pods: [...this.pods.values()],
      results: [...this.results.values()],
      world: this.#world,
      now: this.now,
      locks: this.#locks.snapshot(),
    }
  }

  /** One pass of the engine with what changed since the last one. */
  pass(): Decision {
    if (this.#options.crash?.(this.passes)) {
      this.#locks.reload(this.workflow)
      this.#run = this.#load()
    }
    const before = this.#before()
    const decision = advance(this.#run, this.#changes.splice(0), this.now)
    this.passes += 1
    this.#options.watch?.(before, decision)
    this.decisions.push(decision)
    for (const pod of decision.create) this.#shelf.create(pod)
    for (const { name, mode } of decision.stop) this.#stop(name, mode)
    for (const name of decision.release) this.#shelf.release(name)
    this.workflow = applyOps(this.workflow, decision.ops)
    this.#locks.settle(this.workflow, decision)
    this.#remember(decision)
    this.#wakeAt = decision.wakeAt
    this.done = decision.done
    return decision
  }

  #remember({ remember = [] }: Decision): void {
    const { caches = {} } = this.#options
    for (const { cache, key, text } of remember) {
      const labels = { 'workflows.argoproj.io/configmap-type': 'Cache' }
      caches[cache] = { labels, data: { ...caches[cache]?.data, [key]: text } }
    }
  }

  /** Plays until the workflow is done or nothing can ever happen again. */
  run(): this {
    const limit = this.#options.maxPasses ?? 10_000
    this.pass()
    while (!this.done && this.passes < limit && this.step()) this.pass()
    return this
  }

  /** One thing happens: a pod moves on, or time passes. False when nothing can happen. */
  step(): boolean {
    if (this.#wakeAt !== undefined && this.#wakeAt <= this.now) return true
    const movable = [...this.pods.values()].filter((pod) => this.#canMove(pod))
    if (movable.length > 0) {
      const at = this.#options.pick?.(movable.length) ?? 0
      this.#move(movable[at] as Pod)
      return true
    }
    if (this.#wakeAt === undefined) return this.#changes.length > 0
    this.now = this.#wakeAt
    return true
  }

  /** Nothing moves by itself but time. */
  get isQuiet(): boolean {
    if (this.#changes.length > 0 || (this.#wakeAt ?? Number.POSITIVE_INFINITY) <= this.now)
      return false
    return ![...this.pods.values()].some((pod) => this.#canMove(pod))
  }

  /** Somebody else writes the Workflow. */
  edit(change: (workflow: Workflow) => Workflow): void {
    this.workflow = change(this.workflow)
    this.#changes.push({ kind: 'workflow', workflow: this.workflow })
  }

  /** A pod's status as somebody wrote it. */
  tell(pod: Pod): void {
    this.#shelf.put(pod)
  }

  removePod(name: string): void {
    this.#shelf.remove(name)
  }

  node(displayName: string): NodeStatus {
    const found = this.nodes.find(
      (node) => node.displayName === displayName || node.name === displayName,
    )
    if (found === undefined) {
      const names = this.nodes.map((node) => node.displayName)
      throw new Error(`no node ${displayName} among ${names.join(', ')}`)
    }
    return found
  }

  get nodes(): readonly NodeStatus[] {
    return Object.values(this.workflow.status?.nodes ?? {})
  }

  #stop(name: string, mode: 'deadline' | 'delete'): void {
    const pod = this.pods.get(name)
    if (pod === undefined) return
    if (mode === 'delete') this.removePod(name)
    else this.#shelf.put(ended(pod, { exitCode: 143 }, this.now))
  }

  #canMove(pod: Pod): boolean {
    const { phase } = pod.status ?? {}
    if (phase === 'Pending') return this.#outcomeOf(pod).stuck !== true
    return phase === 'Running' && this.#outcomeOf(pod).never !== true
  }

  #outcomeOf(pod: Pod): Outcome {
    const id = pod.metadata.annotations?.['workflows.argoproj.io/node-id'] ?? ''
    const node = this.workflow.status?.nodes?.[id]
    return node === undefined ? {} : (this.#options.outcome?.(node, pod) ?? {})
  }

  #move(pod: Pod): void {
    if (pod.status?.phase === 'Pending') {
      const status = {
        phase: 'Running' as const,
        podIP: '127.0.0.9',
        startTime: formatTime(this.now),
      }
      const begun = { ...pod, status }
      if (this.#outcomeOf(pod).quick === true) this.#end(begun)
      else this.#shelf.put(begun)
      return
    }
    this.#end(pod)
  }

  #end(pod: Pod): void {
    const outcome = this.#outcomeOf(pod)
    this.now += 1000
    this.#report(pod, outcome)
    this.#shelf.put(ended(pod, outcome, this.now))
  }

  #report(pod: Pod, outcome: Outcome): void {
    const annotations = pod.metadata.annotations ?? {}
    if (annotations['workflows.argoproj.io/template'] === undefined) return
    const name = annotations['workflows.argoproj.io/node-id'] ?? ''
    const result: WorkflowTaskResult = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'WorkflowTaskResult',
      metadata: { name, labels: { 'workflows.argoproj.io/report-outputs-completed': 'true' } },
      ...(outcome.outputs !== undefined && { outputs: outcome.outputs }),
      ...(outcome.verdict as Partial<WorkflowTaskResult>),
    }
    this.results.set(name, result)
    this.#changes.push({ kind: 'result', result })
  }
}

function ended(pod: Pod, outcome: Outcome, now: number): Pod {
  const startedAt = pod.status?.startTime ?? formatTime(now)
  const containerStatuses = pod.spec.containers.map(({ name }) => {
    const exitCode = outcome.containers?.[name] ?? (name === 'main' ? (outcome.exitCode ?? 0) : 0)
    const reason = exitCode === 0 ? 'Completed' : 'Error'
    const message = outcome.said === undefined ? {} : { message: outcome.said }
    const times = { startedAt, finishedAt: formatTime(now) }
    return { name, state: { terminated: { exitCode, reason, ...message, ...times } } }
  })
  const failed = containerStatuses.some(({ state }) => state.terminated.exitCode !== 0)
  return {
    ...pod,
    status: {
      ...pod.status,
      phase: failed ? 'Failed' : 'Succeeded',
      ...(outcome.message !== undefined && { message: outcome.message }),
      containerStatuses,
    },
  }
}

function worldOf(options: PlayOptions): World {
  return {
    ...(options.baseline !== undefined && { baseline: options.baseline }),
    template: ({ name, clusterScope }) =>
      options.templates?.find(
        (template) =>
          template.metadata.name === name &&
          (template.kind === 'ClusterWorkflowTemplate') === clusterScope,
      ),
    configMap: (name) => {
      const data = options.configMaps?.[name]
      const labels = { 'workflows.argoproj.io/configmap-type': 'Parameter' }
      return data === undefined ? undefined : { data, labels }
    },
  }
}
