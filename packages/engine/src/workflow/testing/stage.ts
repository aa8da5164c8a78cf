import type { Pod } from '../../spec/pod.ts'
import type { StepPlan, WorkflowTaskResult } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type { Outputs, Workflow, WorkflowTemplate } from '../../spec/workflow.ts'
import { advance, load, type Run } from '../advance.ts'
import type { Change, Decision } from '../decision.ts'
import { fnv1a32 } from '../names.ts'
import type { World } from '../world.ts'
import { applyOps } from './apply-ops.ts'
import type { Before } from './before.ts'
import { LockBench } from './lock-bench.ts'
import { PodShelf } from './pod-shelf.ts'

/** Where a crash strikes: before a pass, or after some of its pods were created and before its object was written. */
export type Crash = 'none' | 'before' | 'between'

/** What happens beside the pods' own moves, asked before every move. */
export interface Script {
  /** Which of the waiting pods moves next. */
  readonly pick: (count: number) => number
  /** Somebody's doing: an edit of the Workflow, a pod deleted. */
  readonly meddle?: (stage: Stage) => void
  readonly crash?: () => Crash
  readonly outcome: (nodeName: string) => Outcome
  /** Whether that pod, a daemon, dies at some time. */
  readonly mortal?: (podName: string) => boolean
  readonly templates?: readonly WorkflowTemplate[]
  /** Shared with other workflows. */
  readonly locks?: LockBench
  /** Starts the process anew in which this workflow lives with others. */
  readonly restart?: () => void
  readonly configMap?: World['configMap']
  /** Sees every pass, before it is written. */
  readonly watch?: (before: Before, decision: Decision, stage: Stage) => void
}

export interface Outcome {
  readonly exitCode: number
  /** The step does not write what it declares. */
  readonly silent?: boolean
}

/** 2026-01-01T00:00:00Z. */
const begin = 1_767_225_600_000

/** A cluster for one workflow under random histories: everything that happens is asked of the script. */
export class Stage {
  workflow: Workflow
  now = begin
  passes = 0
  done = false
  stuck = false
  readonly #shelf = new PodShelf((change) => this.#changes.push(change))
  readonly pods = this.#shelf.all
  readonly results = new Map<string, WorkflowTaskResult>()
  readonly created: readonly string[] = this.#shelf.created
  readonly deleted = new Set<string>()
  run: Run
  readonly #script: Script
  readonly #world: World
  readonly #locks: LockBench
  #changes: Change[] = []
  /** Pods of a decision that was lost: heard of after the next one, as without the crash. */
  readonly #late: Change[] = []
  #wakeAt: number | undefined

  constructor(workflow: Workflow, script: Script) {
    const creationTimestamp = formatTime(begin)
    const metadata = { uid: 'uid-1', namespace: 'default', creationTimestamp, ...workflow.metadata }
    this.workflow = { ...workflow, metadata }
    this.#script = script
    this.#locks = script.locks ?? new LockBench()
    this.#locks.join(this.workflow, (change) => this.#changes.push(change))
    this.#world = {
      locks: this.#locks.door,
      template: ({ name }) => script.templates?.find(({ metadata: { name: own } }) => own === name),
      configMap: script.configMap ?? (() => undefined),
    }
    this.run = this.load()
  }

  load(): Run {
    this.#changes = []
    if (this.#script.locks === undefined) this.#locks.reload(this.workflow)
    return load(this.before())
  }

  before(): Before {
    const pods = [...this.pods.values()]
    const results = [...this.results.values()]
    const locks = this.#locks.snapshot()
    return { workflow: this.workflow, pods, results, world: this.#world, now: this.now, locks }
  }

  get podNames(): readonly string[] {
    return [...this.pods.keys()].sort()
  }

  /** Plays until the workflow is done, or nothing can ever happen again. */
  play(maxPasses = 400): this {
    this.pass()
    while (!this.done && this.passes < maxPasses) {
      if (!this.#step()) {
        this.stuck = true
        return this
      }
      this.pass()
    }
    return this
  }

  /** The next thing that happens, and the pass that it leads to; false when there is none. */
  go(): boolean {
    if (this.done || !(this.passes === 0 || this.#step())) return false
    this.pass()
    return true
  }

  pass(): Decision {
    this.#crash(this.#script.crash?.() ?? 'none')
    const before = this.before()
    const decision = advance(this.run, this.#changes.splice(0), this.now)
    this.passes += 1
    this.#script.watch?.(before, decision, this)
    for (const pod of decision.create) this.#shelf.create(pod)
    for (const { name, mode } of decision.stop) this.#stop(name, mode)
    for (const name of decision.release) this.#shelf.release(name)
    if (decision.ops.length > 0) this.workflow = written(this.workflow, decision.ops)
    this.#locks.settle(this.workflow, decision)
    this.#changes.push(...this.#late.splice(0))
    this.#wakeAt = decision.wakeAt
    this.done = decision.done
    return decision
  }

  #crash(crash: Crash): void {
    if (crash === 'none') return
    if (crash === 'between') this.#lose()
    if (this.#script.restart === undefined) this.run = this.load()
    else this.#script.restart()
  }

  /** Some of what is decided happens, and is forgotten. */
  #lose(): void {
    const lost = advance(this.run, this.#changes.splice(0), this.now)
    // What takes locks is written first: the crash came before that.
    const begun = lost.locked === true ? [] : lost.create
    for (const pod of begun.filter((_, index) => index % 2 === 0)) this.#shelf.create(pod)
    for (const { metadata } of lost.create) {
      const pod = this.pods.get(metadata.name ?? '')
      if (pod !== undefined) this.#late.push({ kind: 'pod', pod })
    }
  }

  edit(change: (workflow: Workflow) => Workflow): void {
    this.workflow = change(this.workflow)
    this.#changes.push({ kind: 'workflow', workflow: this.workflow })
  }

  suspend(): void {
    this.edit((workflow) => ({ ...workflow, spec: { ...workflow.spec, suspend: true } }))
  }

  resume(): void {
    this.edit(({ spec: { suspend: _, ...spec }, ...workflow }) => ({ ...workflow, spec }))
  }

  removePod(name: string): void {
    this.deleted.add(name)
    this.#shelf.remove(name)
  }

  /** One thing happens: a pod moves on, or time passes. */
  #step(): boolean {
    if (this.#changes.length > 0 || (this.#wakeAt ?? Number.POSITIVE_INFINITY) <= this.now) {
      return true
    }
    const movable = [...this.pods.values()]
      .filter((pod) => isMovable(pod.status?.phase) && !this.#serves(pod))
      .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
    if (movable.length > 0) this.#happen(movable)
    // Somebody lets it go on before it stands still.
    else if (this.workflow.spec.suspend === true) this.resume()
    else if (this.#wakeAt === undefined) return false
    else this.now = this.#wakeAt
    return true
  }

  /** A daemon that is ready and does not die by itself. */
  #serves({ status, metadata, spec }: Pod): boolean {
    if (!isDaemon({ spec }) || status?.containerStatuses?.[0]?.ready !== true) return false
    return this.#script.mortal?.(metadata.name ?? '') !== true
  }

  #happen(movable: readonly Pod[]): void {
    this.#script.meddle?.(this)
    const moved = movable[this.#script.pick(movable.length)]
    if (moved !== undefined && this.pods.has(moved.metadata.name ?? '')) this.#move(moved)
  }

  #stop(name: string, mode: 'deadline' | 'delete'): void {
    const pod = this.pods.get(name)
    if (pod === undefined || !isMovable(pod.status?.phase)) return
    if (mode === 'delete') this.removePod(name)
    else this.#shelf.put(ended(pod, 143, this.now))
  }

  #move(pod: Pod): void {
    if (pod.status?.phase === 'Pending') {
      const begun = begunAt(pod, this.now)
      if (isQuick(pod)) this.#end(begun)
      else this.#shelf.put(begun)
      return
    }
    if (isDaemon(pod) && pod.status?.containerStatuses?.[0]?.ready !== true) {
      const containerStatuses = [{ name: 'main', ready: true }]
      this.#shelf.put({ ...pod, status: { ...pod.status, containerStatuses } })
      return
    }
    this.#end(pod)
  }

  #end(pod: Pod): void {
    this.now += 1000
    const name = pod.metadata.annotations?.['workflows.argoproj.io/node-name'] ?? ''
    const outcome = this.#script.outcome(name)
    this.#report(pod, name, outcome)
    this.#shelf.put(ended(pod, outcome.exitCode, this.now))
  }

  #report(pod: Pod, nodeName: string, { exitCode, silent }: Outcome): void {
    const annotations = pod.metadata.annotations ?? {}
    const text = annotations['workflows.argoproj.io/template']
    if (text === undefined) return
    const outputs = exitCode !== 0 || silent ? undefined : outputsOf(JSON.parse(text), nodeName)
    const result: WorkflowTaskResult = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'WorkflowTaskResult',
      metadata: {
        name: annotations['workflows.argoproj.io/node-id'] ?? '',
        labels: { 'workflows.argoproj.io/report-outputs-completed': 'true' },
      },
      ...(outputs !== undefined && { outputs }),
    }
    this.results.set(result.metadata.name ?? '', result)
    this.#changes.push({ kind: 'result', result })
  }
}

/** The spec is never written: it need not be copied. */
export function written(workflow: Workflow, ops: Decision['ops']): Workflow {
  const { metadata, status } = workflow
  const parts = { metadata, ...(status !== undefined && { status }) }
  return { ...workflow, ...applyOps(parts, ops) }
}

/** Daemons are known by their command. */
function isDaemon({ spec }: Pick<Pod, 'spec'>): boolean {
  return spec.containers[0]?.command?.[0] === 'serve'
}

/** Nobody sees these Running. */
function isQuick(pod: Pod): boolean {
  return !isDaemon(pod) && fnv1a32(pod.metadata.name ?? '') % 4 === 0
}

function begunAt(pod: Pod, now: number): Pod {
  const hash = fnv1a32(pod.metadata.name ?? '')
  const containerStatuses = isDaemon(pod)
    ? { containerStatuses: [{ name: 'main', ready: false }] }
    : running(pod, now)
  const podIP = `127.0.${hash % 200}.1`
  const status = {
    phase: 'Running' as const,
    podIP,
    startTime: formatTime(now),
    ...containerStatuses,
  }
  return { ...pod, spec: { ...pod.spec, nodeName: `host-${hash % 3}` }, status }
}

function isMovable(phase: string | undefined): boolean {
  return phase === 'Pending' || phase === 'Running'
}

/** Every declared parameter and the result are a digit that depends on the node's name alone. */
function outputsOf(plan: StepPlan, nodeName: string): Outputs {
  const value = String(fnv1a32(nodeName) % 10)
  const declared = plan.template.outputs?.parameters ?? []
  const parameters = declared.map(({ name, globalName }) => ({
    name,
    value,
    ...(globalName !== undefined && { globalName }),
  }))
  return {
    ...(parameters.length > 0 && { parameters }),
    ...(plan.includeResult && { result: value }),
  }
}

function ended(pod: Pod, exitCode: number, now: number): Pod {
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: pod.status?.startTime ?? formatTime(now),
    finishedAt: formatTime(now),
  }
  return {
    ...pod,
    status: {
      ...pod.status,
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: namesOf(pod).map((name, index) => ({
        name,
        // Of a container set the first fails.
        state: { terminated: index === 0 ? terminated : { ...terminated, ...succeeded } },
      })),
    },
  }
}

const succeeded = { exitCode: 0, reason: 'Completed' }

function namesOf({ spec }: Pod): readonly string[] {
  return spec.containers.map(({ name }) => name)
}

/** Of a plain pod nothing is said: the engine must do without. */
function running(pod: Pod, now: number) {
  const names = namesOf(pod)
  if (names.length === 1) return {}
  const state = { running: { startedAt: formatTime(now) } }
  return { containerStatuses: names.map((name) => ({ name, state })) }
}
