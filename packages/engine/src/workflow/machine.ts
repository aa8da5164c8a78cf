import type { Pod } from '../spec/pod.ts'
import type { NodeStatus, WorkflowTaskResult } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import { begin, refusalOf } from './begin.ts'
import { bodyFor } from './body-for.ts'
import type { Change, Decision } from './decision.ts'
import { budgetOf, claimsOf } from './dependents.ts'
import { effectiveSpec, templateLabelOf } from './effective-spec.ts'
import { freeze, isFrozen } from './freeze.ts'
import { globalScope } from './globals.ts'
import { isSame } from './group-sums.ts'
import { guardArtifacts } from './guard-artifacts.ts'
import { hasEnded, isReleased } from './pod-ended.ts'
import { formatProgress } from './progress.ts'
import { publishRunning } from './publish.ts'
import { reasonToEnd, shutdownMessage } from './reason-to-end.ts'
import { Root } from './root.ts'
import { RunState } from './run-state.ts'
import { Scope } from './scope.ts'
import { Templates } from './templates.ts'
import { typedSpec, typedWorkflow, typedWorld } from './typed.ts'
import { withGlobals } from './with-globals.ts'
import type { World } from './world.ts'

/**
 * What one pass begins at the most. Leaves: a fan-out of 50,000 has its first steps running at once. Nodes of any kind:
 * a loop of a million items, of which none has a pod yet, must not hold up everything else in the process.
 */
const perPass = { starts: 1000, nodes: 3000 }

interface Input {
  readonly workflow: Workflow
  readonly pods: readonly Pod[]
  readonly results: readonly WorkflowTaskResult[]
  readonly world: World
}

/** A run behind `advance`: its state, its root, and the order of things in a pass. */
export class Machine {
  readonly #world: World
  #run: RunState
  #root: Root
  #problem: Obstacle | undefined
  #started = false
  #unmade: string | undefined

  constructor(input: Input) {
    this.#world = input.world
    ;[this.#run, this.#problem] = stateOf(input)
    this.#root = new Root(this.#run)
  }

  get workflow(): Workflow {
    return this.#run.workflow
  }

  get size(): number {
    return this.#run.nodes.size
  }

  advance(changes: readonly Change[], now: number): Decision {
    const edited = changes.findLast((change) => change.kind === 'workflow')
    if (edited?.kind === 'workflow') this.#reload(edited.workflow)
    const run = this.#run
    run.beginPass(now, perPass)
    for (const change of changes) this.#take(change)
    if (!this.#ended) this.#pass()
    return this.#decision()
  }

  get #ended(): boolean {
    return this.#run.status.label('workflows.argoproj.io/completed') === 'true'
  }

  #pass(): void {
    const run = this.#run
    if (!this.#started && !this.#start()) {
      if (this.#ended) this.#summarize()
      else run.status.set('progress', formatProgress(run.sums.whole))
      return
    }
    this.#stopWhatMustEnd()
    run.fireTimers()
    run.settle()
    this.#summarize()
  }

  /** False when the workflow ended before it began, or has to wait before it may. */
  #start(): boolean {
    this.#started = true
    const run = this.#run
    const problem = this.#problem
    if (problem !== undefined) {
      this.#root.finish(problem.phase, refusalBefore(run, problem) ?? problem.message)
      return false
    }
    const beginning = begin(run)
    if (typeof beginning === 'object') {
      this.#root.finish(beginning.phase ?? 'Failed', beginning.refused)
      return false
    }
    if (beginning === 'waiting') {
      this.#started = false
      return false
    }
    guardArtifacts(run)
    const unclaimed = this.#unmade ?? claimVolumes(run)
    if (unclaimed !== undefined) {
      this.#root.finish('Error', `pvc create error: ${unclaimed}`)
      return false
    }
    publishRunning(run)
    const { activeDeadlineSeconds } = run.spec
    const startedAt = parseTime(run.status.get('startedAt') ?? '') ?? run.now
    if (activeDeadlineSeconds !== undefined) run.deadline = startedAt + activeDeadlineSeconds * 1000
    if (isFrozen(run)) freeze(run)
    else this.#root.start()
    return true
  }

  // argo: applyExecutionControl and failNodesWithoutCreatedPodsAfterDeadlineOrShutdown.
  #stopWhatMustEnd(): void {
    const run = this.#run
    if (!run.pastDeadline && run.shutdown === undefined) return
    for (const leaf of [...run.leaves.values()]) {
      const message = reasonToEnd(
        run,
        leaf.node,
        shutdownMessage(leaf.node.status.type, run.shutdown),
      )
      if (message !== undefined) leaf.end(message)
    }
    for (const { node, end } of [...run.suspended.values()]) {
      const message = reasonToEnd(run, node, `Stopped with strategy '${run.shutdown}'`)
      if (message !== undefined) end('Failed', message)
    }
  }

  #summarize(): void {
    const { nodes, status, sums } = this.#run
    if (!this.#ended) sums.settle()
    status.set('progress', formatProgress(sums.whole))
    if (this.#ended) return
    const { durations } = sums.whole
    if (durations !== undefined && !isSame(durations, status.get('resourcesDuration'))) {
      status.set('resourcesDuration', durations)
    }
    const running = nodes.runningPods > 0 ? 'True' : 'False'
    status.setCondition({ type: 'PodRunning', status: running })
  }

  #take(change: Change): void {
    switch (change.kind) {
      case 'pod':
        takePod(this.#run, change.pod)
        return
      case 'podGone':
        this.#run.pods.delete(change.name)
        this.#run.leaves.get(change.name)?.podGone()
        return
      case 'result':
        takeResult(this.#run, change.result)
        return
      case 'locks':
        this.#run.locks.hear(change.granted, change.limits === true)
        return
      case 'unmade':
        this.#unmade = change.message
        return
      case 'workflow':
      case 'world':
        return
    }
  }

  /** Somebody else wrote the Workflow: believe the object, keep what is known of its pods. */
  #reload(workflow: Workflow): void {
    const { pods, results } = this.#run
    const input = { workflow, pods: [...pods.values()], results: [...results.values()] }
    ;[this.#run, this.#problem] = stateOf({ ...input, world: this.#world })
    this.#root = new Root(this.#run)
    this.#started = false
  }

  #decision(): Decision {
    const run = this.#run
    const done = this.#ended
    const unlock = run.locks.settle()
    const remember = run.caches.take()
    return {
      ops: run.collect(),
      create: run.create.splice(0),
      stop: run.stop.splice(0),
      release: run.release.splice(0),
      ...(unlock.length > 0 && { unlock }),
      ...(run.metrics.length > 0 && { metrics: run.metrics.splice(0) }),
      ...(run.locks.takeTaken() && { locked: true }),
      ...(run.ensure.length > 0 && { ensure: run.ensure.splice(0) }),
      ...(run.remove.length > 0 && { remove: run.remove.splice(0) }),
      ...(remember.length > 0 && { remember }),
      wakeAt: done ? undefined : this.#wakeAt(),
      done,
    }
  }

  #wakeAt(): number | undefined {
    const { deadline, nextTimer, now } = this.#run
    // A deadline is past only after its millisecond.
    const due = deadline !== undefined && now <= deadline ? deadline + 1 : undefined
    if (due === undefined || nextTimer === undefined) return due ?? nextTimer
    return Math.min(due, nextTimer)
  }
}

/** Why there is no run to speak of. argo: setExecWorkflow. */
interface Obstacle {
  readonly phase: 'Failed' | 'Error'
  readonly message: string
  /** A field holds what it cannot. */
  readonly unreadable?: boolean
}

/** What is wrong with a workflow that is new is said before what is wrong with its parameters. */
function refusalBefore(run: RunState, { phase, unreadable = false }: Obstacle): string | undefined {
  return phase === 'Failed' && !unreadable && run.isNew ? refusalOf(run) : undefined
}

function stateOf(input: Input): [RunState, Obstacle | undefined] {
  const { world } = input
  const workflow = typedWorkflow(input.workflow)
  const effective = effectiveSpec(workflow, world)
  const merged = 'problem' in effective ? workflow.spec : effective.spec
  const labels = 'problem' in effective ? {} : templateLabelOf(workflow)
  const globals = globalScope(workflow, merged, world)
  const scope = 'problem' in globals ? new Scope() : globals.scope
  const spec = withGlobals(merged, scope)
  const templates = new Templates({ workflow, spec, world })
  const run = new RunState({
    workflow,
    world: typedWorld(world),
    spec,
    templates,
    globals: scope,
    makeBody: bodyFor,
  })
  for (const [name, value] of Object.entries(labels)) run.status.setLabel(name, value)
  if ('stored' in effective && effective.stored !== undefined) {
    run.status.set('storedWorkflowTemplateSpec', effective.stored)
  }
  adoptNodes(run, workflow.status?.nodes ?? {})
  for (const result of input.results) run.results.set(result.metadata.name ?? '', result)
  for (const pod of input.pods) takePod(run, pod)
  return [run, misreadIn(input.workflow) ?? obstacleOf(effective, globals)]
}

function misreadIn({ spec }: Workflow): Obstacle | undefined {
  const { problem } = typedSpec(spec)
  if (problem === undefined) return undefined
  return { phase: 'Failed', message: `invalid spec: ${problem}`, unreadable: true }
}

function obstacleOf(
  effective: ReturnType<typeof effectiveSpec>,
  globals: ReturnType<typeof globalScope>,
): Obstacle | undefined {
  if ('problem' in effective) return { phase: 'Error', message: effective.problem }
  if (!('problem' in globals)) return undefined
  return { phase: 'Failed', message: `failed to set global parameters: ${globals.problem}` }
}

/** Makes what the workflow's pods need beside them. The result is why it cannot be. */
function claimVolumes(run: RunState): string | undefined {
  const { spec, status, workflow } = run
  if (status.get('phase') !== 'Running') return undefined
  if (run.isNew) {
    const budget = budgetOf(workflow, spec)
    if (budget !== undefined) run.ensure.push(budget)
  }
  const wanted = spec.volumeClaimTemplates?.length ?? 0
  if (wanted === (status.get('persistentVolumeClaims')?.length ?? 0)) return undefined
  const claims = claimsOf(workflow, spec)
  if ('problem' in claims) return claims.problem
  run.ensure.push(...claims.objects)
  status.set('persistentVolumeClaims', claims.volumes)
  return undefined
}

/** A boundary is adopted before its members, so that it counts them. */
function adoptNodes(run: RunState, nodes: Readonly<Record<string, NodeStatus>>): void {
  const adopt = (status: NodeStatus): void => {
    if (run.nodes.get(status.id) !== undefined) return
    const boundary = status.boundaryID === undefined ? undefined : nodes[status.boundaryID]
    if (boundary !== undefined) adopt(boundary)
    run.nodes.adopt(status)
  }
  for (const status of Object.values(nodes)) adopt(status)
}

function takePod(run: RunState, pod: Pod): void {
  const name = pod.metadata.name ?? ''
  const id = pod.metadata.annotations?.['workflows.argoproj.io/node-id'] ?? ''
  if (run.nodes.get(id)?.ended) {
    // Its node ended before it did, or the label was lost with a crash.
    if (hasEnded(pod) && !isReleased(pod)) run.release.push(name)
    return
  }
  run.pods.set(name, pod)
  run.leaves.get(name)?.observe()
}

function takeResult(run: RunState, result: WorkflowTaskResult): void {
  const id = result.metadata.name ?? ''
  const node = run.nodes.get(id)
  if (node?.ended) return
  run.results.set(id, result)
  if (node?.podName !== undefined) run.leaves.get(node.podName)?.observe()
}
