import type { Pod } from '../../spec/pod.ts'
import type { Condition, WorkflowPhase, WorkflowStatus } from '../../spec/status.ts'
import { parseTime } from '../../spec/time.ts'
import type { Arguments, LifecycleHook, Workflow, WorkflowSpec } from '../../spec/workflow.ts'
import type { CacheWrite, PodStop } from '../decision.ts'
import { claimsOf, claimsToRemove } from '../dependents.ts'
import { estimateOfRun } from '../estimate.ts'
import { setFailures, setWorkflowDuration, setWorkflowStatus } from '../globals.ts'
import type { MetricEffect } from '../metrics.ts'
import { podName } from '../names.ts'
import { compareOrder } from '../order.ts'
import { ownMetadata } from '../own-metadata.ts'
import type { TemplateUse } from '../templates.ts'
import { timeoutOf } from '../timed-out.ts'
import { type Board, isActive, isCompleted, isEnded, isFulfilled, type Node } from './board.ts'
import { walkFrozen } from './frozen.ts'
import { walkHooks } from './hooks.ts'
import { askFor } from './lock-gate.ts'
import { measureEnd, measureRunning } from './measuring.ts'
import { durationsOf, progressOf, spent, sumUpGroups } from './sums.ts'
import { synchronizationOf } from './synchronization.ts'
import { execute } from './tree.ts'

/** What one pass leads to. */
export interface Recomputed {
  readonly remember: readonly CacheWrite[]
  readonly metrics: readonly MetricEffect[]
  readonly workflow: Workflow
  readonly create: readonly Pod[]
  readonly stop: readonly PodStop[]
  readonly wakeAt: number | undefined
}

type Status = { -readonly [K in keyof WorkflowStatus]: WorkflowStatus[K] }

const completedLabel = 'workflows.argoproj.io/completed'
const phaseLabel = 'workflows.argoproj.io/phase'

/** One recomputation under way: the workflow as a whole, from its beginning to its exit handler. */
export class Pass {
  readonly #board: Board
  readonly #status: Status
  readonly #labels: Record<string, string>
  readonly #annotations: Record<string, string>
  /** It waits for its own locks. */
  #postponed = false

  constructor(board: Board, own: Readonly<Record<string, string>>) {
    const { metadata, status } = board.workflow
    this.#board = board
    this.#status = { ...status }
    this.#labels = { ...metadata.labels, ...own }
    this.#annotations = { ...metadata.annotations }
  }

  run(): void {
    const board = this.#board
    if (!this.#hasBegun && !this.#describe()) return
    // The oracle's world has no repositories.
    this.#status.artifactRepositoryRef ??= { default: true }
    if (!this.#begin() || !this.#claim()) return
    this.#status.artifactGCStatus ??= { notSpecified: true }
    const { activeDeadlineSeconds } = board.spec
    board.began = this.#status.startedAt
    if (board.spec.metrics !== undefined) measureRunning(board, board.spec.metrics)
    const startedAt = parseTime(this.#status.startedAt ?? '') ?? board.now
    if (activeDeadlineSeconds !== undefined)
      board.deadline = startedAt + activeDeadlineSeconds * 1000
    if (this.#frozen) walkFrozen(board)
    else this.#settle()
  }

  /** What can go on without taking a place goes first; then one thing at a time begins, in the order of the tree. */
  #settle(): void {
    const board = this.#board
    for (;;) {
      board.mayStart = false
      if (this.#walk() || this.#fire()) continue
      board.mayStart = true
      if (!this.#walk()) return
    }
  }

  get #frozen(): boolean {
    const { suspend, shutdown } = this.#board.spec
    return suspend === true && shutdown !== 'Terminate'
  }

  /** What is due fires in the order of the tree, as long as there are places; true when something did. */
  #fire(): boolean {
    const board = this.#board
    const due = board.due.toSorted((a, b) => compareOrder(a.order, b.order))
    let fired = false
    for (const hook of due) {
      if (hook.boundary !== 'none' && board.isFull(hook.boundary)) continue
      hook.fire()
      fired = true
    }
    return fired
  }

  #letGo(phase: WorkflowPhase): void {
    const board = this.#board
    const gone = claimsToRemove(board.spec, phase, board.claims ?? [])
    if (gone.length > 0) board.claims = undefined
  }

  /** Claims volumes once; false when they cannot be claimed. */
  #claim(): boolean {
    const board = this.#board
    const claims = claimsOf(board.workflow, board.spec)
    if ('problem' in claims) {
      this.finish('Error', `pvc create error: ${claims.problem}`)
      return false
    }
    if (claims.volumes.length !== (board.claims?.length ?? 0)) board.claims = claims.volumes
    return true
  }

  /** One walk over everything; true when something moved. */
  #walk(): boolean {
    const board = this.#board
    board.changed = false
    board.wakes.length = 0
    board.due.length = 0
    if (isFinal(this.#status.phase)) return false
    const { spec, name } = board
    const entry = this.#execute(name, { template: spec.entrypoint ?? '' }, spec.arguments)
    const error = entry.error ?? timeoutOf(entry.node)
    if (error !== undefined) {
      this.finish('Error', `error in entry template execution: ${error}`)
      return false
    }
    if (entry.node === undefined) return board.changed
    const hooked = this.#walkHooks(entry.node)
    if (!hooked || !isFulfilled(entry.node)) return board.changed
    if (!isEnded(entry.node)) board.kill(entry.node)
    const exit = this.#walkExit(entry.node)
    if (exit === 'waiting' || isFinal(this.#status.phase)) return board.changed
    this.#conclude(entry.node, exit)
    return false
  }

  #execute(nodeName: string, use: TemplateUse, args: Arguments | undefined, onExit = false) {
    const board = this.#board
    return execute(board, {
      nodeName,
      use,
      holder: board.templates.local,
      args: args ?? {},
      onExit,
      hooked: onExit,
      depth: 0,
      order: [onExit ? 1 : 0],
      link: () => undefined,
    })
  }

  /** True when the workflow's own lifecycle hooks are over. */
  #walkHooks(root: Node): boolean {
    const board = this.#board
    return walkHooks({
      board,
      node: root,
      hooks: board.spec.hooks,
      order: [0],
      closed: () => board.named(`${board.name}.onExit`) !== undefined,
      scope: () => {
        setWorkflowStatus(board.globals, phaseOf(root))
        setFailures(board.globals, board.name, board.all().filter(isFailure))
        return board.globals
      },
      arguments: (hook) => hook.arguments ?? {},
      frame: { holder: board.templates.local, onExit: false, depth: 0 },
      erred: (message) =>
        isCompleted(root) && root.phase !== 'Error'
          ? () => board.mark(root, 'Error', message)
          : undefined,
    })
  }

  get #hasBegun(): boolean {
    return (this.#status.phase ?? '') !== '' && this.#status.phase !== 'Pending'
  }

  /** False when it must not begin, or not yet. */
  #begin(): boolean {
    if (this.#hasBegun) return true
    this.#labels[completedLabel] ??= 'false'
    if (!this.#unlock()) return false
    const board = this.#board
    const estimate = estimateOfRun(board.world.baseline)
    if (estimate !== undefined) this.#status.estimatedDuration = estimate
    this.#labels[phaseLabel] = 'Running'
    this.#annotations['workflows.argoproj.io/pod-name-format'] = 'v2'
    this.#status.phase = 'Running'
    this.#status.startedAt = board.nowText
    delete this.#status.message
    setWorkflowStatus(board.globals, 'Running')
    return true
  }

  /** True once the workflow has its own locks. */
  #unlock(): boolean {
    const board = this.#board
    const { synchronization } = board.spec
    if (synchronization === undefined) return true
    const holder = `${board.namespace}/${board.name}`
    const answer = askFor(board, synchronization, { holder, order: [] })
    if (answer === 'granted') return true
    if ('problem' in answer) {
      this.finish('Failed', `Failed to acquire the synchronization lock. ${answer.problem}`)
    } else if (board.shutdown === 'Terminate') {
      this.finish('Failed', "Stopped with strategy 'Terminate'")
    } else {
      this.#postponed = true
      this.#status.phase = 'Pending'
      this.#status.message = answer.message
      this.#labels[phaseLabel] = 'Pending'
    }
    return false
  }

  /** False when what it says of itself cannot be. */
  #describe(): boolean {
    const board = this.#board
    const made = ownMetadata(board.spec, board.globals)
    if ('problem' in made) {
      this.finish('Error', made.problem)
      return false
    }
    Object.assign(this.#labels, made.labels)
    Object.assign(this.#annotations, made.annotations)
    for (const [name, value] of Object.entries(made.labels)) {
      board.globals.set(`workflow.labels.${name}`, value)
    }
    return true
  }

  #walkExit(root: Node): Node | 'waiting' | undefined {
    const board = this.#board
    const hook = exitHookOf(board.spec)
    if (hook === undefined) return undefined
    const nodeName = `${board.name}.onExit`
    if (board.named(nodeName) === undefined && !board.mayExecute(true)) return undefined
    setWorkflowStatus(board.globals, phaseOf(root))
    setFailures(board.globals, board.name, board.all().filter(isFailure))
    const exit = this.#execute(nodeName, hook, hook.arguments, true)
    const error = exit.error ?? timeoutOf(exit.node)
    if (error !== undefined) this.finish('Error', `error in exit template execution : ${error}`)
    return exit.node !== undefined && isFulfilled(exit.node) ? exit.node : 'waiting'
  }

  #conclude(root: Node, exit: Node | undefined): void {
    const board = this.#board
    this.#close(root, exit)
    board.ended = board.nowText
    const { metrics } = board.spec
    if (metrics === undefined) return
    setWorkflowStatus(board.globals, this.#status.phase ?? '')
    setWorkflowDuration(board.globals, board.now - (parseTime(board.began ?? '') ?? board.now))
    measureEnd(board, metrics, root)
  }

  #close(root: Node, exit: Node | undefined): void {
    const phase = phaseOf(root)
    const { shutdown } = this.#board
    if (phase === 'Succeeded' && exit !== undefined && isFailure(exit)) {
      this.finish(phaseOf(exit), exit.message ?? '')
    } else if (phase === 'Succeeded') this.finish(phase, '')
    else if (shutdown !== undefined) this.finish(phase, `Stopped with strategy '${shutdown}'`)
    else this.finish(phase, root.message ?? '')
  }

  finish(phase: WorkflowPhase, message: string): void {
    const board = this.#board
    const status = this.#status
    for (const node of board.all().filter(({ daemoned }) => daemoned)) board.kill(node)
    for (const node of board.all()) {
      if (['Pod', 'HTTP', 'Plugin'].includes(node.type) && isActive(node)) this.#cutOff(node)
    }
    const root = board.named(board.name)
    if (phase === 'Error' && root?.phase === 'Running') {
      board.mark(root, 'Error', 'Workflow operation error')
    }
    this.#letGo(phase)
    status.phase = phase
    status.startedAt ??= board.nowText
    status.finishedAt = board.nowText
    if (message === '') delete status.message
    else status.message = message
    this.#labels[phaseLabel] = phase
    this.#labels[completedLabel] = 'true'
    const said = status.conditions?.some(({ type }) => type === 'PodRunning')
    if (said) this.#upsert({ type: 'PodRunning', status: 'False' })
    this.#upsert({ type: 'Completed', status: 'True' })
    status.resourcesDuration = durationsOf(board.all())
  }

  #cutOff(pod: Node): void {
    const board = this.#board
    board.stop.push({ name: podName(board.name, pod.name, templateOf(pod)), mode: 'deadline' })
    for (const member of board.membersOf(pod)) {
      if (!isFulfilled(member)) board.mark(member, 'Failed', 'workflow ended')
    }
    board.mark(pod, 'Failed', 'workflow ended')
  }

  #upsert(condition: Condition): void {
    const others = (this.#status.conditions ?? []).filter(({ type }) => type !== condition.type)
    this.#status.conditions = [...others, condition]
  }

  result(stored: WorkflowSpec | undefined): Recomputed {
    const board = this.#board
    const status = this.#status
    if (board.mismeasured !== undefined) {
      this.#upsert({ type: 'MetricsError', status: 'True', message: board.mismeasured })
    }
    const storing = board.templates.takeNewlyStored().map(({ key, template }) => [key, template])
    if (storing.length > 0) {
      status.storedTemplates = { ...status.storedTemplates, ...Object.fromEntries(storing) }
    }
    if (stored !== undefined) status.storedWorkflowTemplateSpec = stored
    if (board.outputs !== undefined) status.outputs = board.outputs
    status.nodes = board.nodes
    this.#sayLocks()
    if (board.claims !== undefined) status.persistentVolumeClaims = board.claims
    else delete status.persistentVolumeClaims
    const over = isFinal(status.phase)
    if (this.#postponed) status.progress = progressOf(board.all())
    else this.#sumUp(over)
    const metadata = {
      ...board.workflow.metadata,
      labels: this.#labels,
      annotations: this.#annotations,
    }
    return {
      workflow: { ...board.workflow, metadata, status },
      create: [...board.create.values()],
      stop: board.stop,
      remember: board.kept,
      metrics: board.metrics,
      wakeAt: over ? undefined : this.#wakeAt(),
    }
  }

  #sumUp(over: boolean): void {
    const board = this.#board
    const nodes = board.all()
    this.#status.progress = progressOf(nodes)
    sumUpGroups(board, over)
    if (over) return
    Object.assign(this.#status, spent(nodes))
    const running = nodes.some(({ type, phase }) => type === 'Pod' && phase === 'Running')
    this.#upsert({ type: 'PodRunning', status: running ? 'True' : 'False' })
  }

  #sayLocks(): void {
    const status = this.#status
    const said = isFinal(status.phase) ? undefined : synchronizationOf(this.#board)
    if (said !== undefined) status.synchronization = said
    else delete status.synchronization
  }

  #wakeAt(): number | undefined {
    const { deadline, now, wakes } = this.#board
    const due = deadline !== undefined && now <= deadline ? [deadline + 1] : []
    const all = [...wakes, ...due]
    return all.length === 0 ? undefined : Math.min(...all)
  }
}

function exitHookOf({ onExit, hooks, arguments: args }: WorkflowSpec): LifecycleHook | undefined {
  const hook = onExit ? { template: onExit } : hooks?.['exit']
  if (hook === undefined) return undefined
  return { ...(args !== undefined && { arguments: args }), ...hook }
}

function phaseOf({ phase }: Node): WorkflowPhase {
  return phase === 'Skipped' || phase === 'Omitted' ? 'Succeeded' : (phase ?? '')
}

function isFailure({ phase }: Pick<Node, 'phase'>): boolean {
  return phase === 'Failed' || phase === 'Error'
}

function isFinal(phase: WorkflowPhase | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error'
}

function templateOf({ templateName, templateRef }: Node): string | undefined {
  return templateName ?? templateRef?.template
}
