import type { Pod, Volume } from '../../spec/pod.ts'
import type { NodePhase, NodeStatus, NodeType, WorkflowTaskResult } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type {
  Arguments,
  Inputs,
  Outputs,
  Template,
  Workflow,
  WorkflowSpec,
} from '../../spec/workflow.ts'
import type { CacheWrite, PodStop } from '../decision.ts'
import { estimateOfNode } from '../estimate.ts'
import type { Hooks } from '../life-cycle-hooks.ts'
import type { MetricEffect } from '../metrics.ts'
import { displayName, nodeId, podName } from '../names.ts'
import { completed } from '../progress.ts'
import type { Scope } from '../scope.ts'
import type { Holder, Templates, TemplateUse } from '../templates.ts'
import type { World } from '../world.ts'
import { LockBook, type LockSnapshot } from './lock-book.ts'

/** A node while a pass works on it. */
export type Node = { -readonly [K in keyof Omit<NodeStatus, 'children'>]: NodeStatus[K] } & {
  children?: string[]
}

/** One use of a template: where it stands and what it is given. */
export interface Frame {
  readonly nodeName: string
  readonly use: TemplateUse
  readonly holder: Holder
  readonly args: Arguments
  readonly invokedBy?: { readonly kind: 'steps' | 'tasks'; readonly name: string }
  readonly boundary?: { readonly node: Node; readonly template: Template }
  /** Those of the step or task, if the node is its own. */
  readonly hooks?: Hooks | undefined
  readonly onExit: boolean
  readonly hooked: boolean
  readonly depth: number
  /** Its place in the tree, for when places are scarce. */
  readonly order: readonly number[]
  /** Whoever calls has seen that there is a place for it. */
  readonly placed?: boolean
  link(node: Node): void
}

/** A frame, or one attempt of it, that has its template ready to run. */
export interface Host {
  readonly board: Board
  readonly frame: Frame
  readonly nodeName: string
  readonly template: Template
  readonly scope: Scope
  readonly inner: Holder
  readonly flag: NodeStatus['nodeFlag']
  readonly deadlineAt?: number
  link(node: Node): void
}

/** `error`: the template could not be executed. Neither node nor error: it waits for a place. */
export interface Outcome {
  readonly node?: Node
  readonly error?: string
}

/** A lifecycle hook that should fire. */
export interface Due {
  readonly order: readonly number[]
  /** Where it needs a place. */
  readonly boundary: Frame['boundary'] | 'none'
  fire(): void
}

interface NewNode {
  readonly nodeName: string
  readonly type: NodeType
  readonly phase: NodePhase
  readonly message?: string
  readonly inputs?: Inputs | undefined
  readonly use?: TemplateUse
  readonly templateScope: string
  readonly boundary?: Node | undefined
  readonly flag?: NodeStatus['nodeFlag']
  readonly displayName?: string | undefined
}

interface Surroundings {
  readonly workflow: Workflow
  readonly spec: WorkflowSpec
  readonly templates: Templates
  readonly globals: Scope
  readonly pods: ReadonlyMap<string, Pod>
  readonly results: ReadonlyMap<string, WorkflowTaskResult>
  readonly world: World
  readonly now: number
  readonly locks: LockSnapshot | undefined
}

/** The table on which one recomputation lays out the workflow. Everything that is asked of it is found by looking at all nodes. */
export class Board {
  readonly name: string
  readonly spec: WorkflowSpec
  readonly templates: Templates
  readonly pods: ReadonlyMap<string, Pod>
  readonly results: ReadonlyMap<string, WorkflowTaskResult>
  readonly world: World
  readonly now: number
  readonly nowText: string
  readonly nodes: Record<string, Node>
  readonly born = new Set<string>()
  /** Running in this pass, though their pods have ended. */
  readonly glimpsed = new Set<string>()
  readonly create = new Map<string, Pod>()
  readonly stop: PodStop[] = []
  readonly metrics: MetricEffect[] = []
  /** Nodes that have been measured at their end. */
  readonly measured = new Set<string>()
  mismeasured: string | undefined
  /** When the workflow began, and ended. */
  began: string | undefined
  ended: string | undefined
  /** Undefined: nobody keeps locks here. */
  readonly book: LockBook | undefined
  /** What this pass puts into caches. */
  readonly kept: CacheWrite[] = []
  readonly wakes: number[] = []
  readonly workflow: Workflow
  readonly execute: (board: Board, frame: Frame) => Outcome
  globals: Scope
  outputs: Outputs | undefined
  deadline: number | undefined
  claims: readonly Volume[] | undefined
  /** One thing that needs a place may begin in this walk. */
  mayStart = false
  changed = false
  /** Lifecycle hooks that this walk has found to be due; they fire when nothing else moves. */
  readonly due: Due[] = []

  constructor(parts: Surroundings, execute: (board: Board, frame: Frame) => Outcome) {
    this.workflow = parts.workflow
    this.name = parts.workflow.metadata.name ?? ''
    this.spec = parts.spec
    this.templates = parts.templates
    this.globals = parts.globals
    this.pods = parts.pods
    this.results = parts.results
    this.world = parts.world
    this.now = parts.now
    this.nowText = formatTime(parts.now)
    this.nodes = structuredClone(parts.workflow.status?.nodes ?? {}) as Record<string, Node>
    for (const node of Object.values(this.nodes)) this.#complete(node)
    this.outputs = parts.workflow.status?.outputs
    this.claims = parts.workflow.status?.persistentVolumeClaims
    this.execute = execute
    this.book = parts.locks && new LockBook(parts.locks, `${this.namespace}/${this.name}`)
  }

  get namespace(): string {
    return this.workflow.metadata.namespace ?? 'default'
  }

  get shutdown(): 'Stop' | 'Terminate' | undefined {
    const { shutdown } = this.spec
    return shutdown === 'Stop' || shutdown === 'Terminate' ? shutdown : undefined
  }

  get late(): boolean {
    return this.deadline !== undefined && this.now > this.deadline
  }

  mayExecute(onExit: boolean): boolean {
    return this.shutdown === undefined || (this.shutdown === 'Stop' && onExit)
  }

  idOf(nodeName: string): string {
    return nodeId(this.name, nodeName)
  }

  /** The name under which a node takes locks. */
  holderOf(id: string): string {
    return `${this.namespace}/${this.name}/${id}`
  }

  named(nodeName: string): Node | undefined {
    return this.nodes[nodeId(this.name, nodeName)]
  }

  all(): readonly Node[] {
    return Object.values(this.nodes)
  }

  membersOf(boundary: Node): readonly Node[] {
    return this.all().filter(({ boundaryID }) => boundaryID === boundary.id)
  }

  put<K extends keyof Node>(node: Node, field: K, value: Node[K] | undefined): void {
    if (JSON.stringify(node[field]) === JSON.stringify(value)) return
    if (value === undefined) delete node[field]
    else node[field] = value
    this.changed = true
  }

  #complete(node: Node): void {
    if (node.phase !== 'Succeeded' || !isExecutable(node)) return
    this.put(node, 'progress', completed(node.progress))
  }

  /** Moves a node to a phase; a message of '' clears it, none leaves it. */
  mark(node: Node, phase: NodePhase, message?: string): void {
    if (message !== undefined) this.put(node, 'message', message === '' ? undefined : message)
    if (node.phase === phase) return
    this.put(node, 'phase', phase)
    this.#complete(node)
    if (!isEnded(node)) return
    if (node.finishedAt === undefined) this.put(node, 'finishedAt', this.nowText)
    this.put(node, 'synchronizationStatus', undefined)
    this.book?.giveBack(this.holderOf(node.id))
    this.put(node, 'daemoned', undefined)
    for (const member of this.membersOf(node)) if (member.daemoned === true) this.kill(member)
  }

  /** Ends a daemon, and with a retried one the attempt that runs. */
  kill(node: Node): void {
    const attempt = node.type === 'Retry' ? this.visible(node) : node
    for (const one of [attempt, node]) {
      if (isEnded(one)) continue
      if (one.type === 'Pod') this.stop.push({ name: this.#podOf(one), mode: 'deadline' })
      if (one === node && node !== attempt) this.put(node, 'outputs', attempt.outputs)
      this.mark(one, 'Succeeded', '')
    }
  }

  #podOf({ name, templateName, templateRef }: Node): string {
    return podName(this.name, name, templateName ?? templateRef?.template)
  }

  add(node: NewNode): Node {
    const { nodeName, type, phase, boundary, use } = node
    const made: Node = {
      id: nodeId(this.name, nodeName),
      name: nodeName,
      displayName: node.displayName ?? displayName(nodeName, boundary?.name),
      type,
      templateScope: node.templateScope,
      phase,
      startedAt: this.nowText,
    }
    if (use?.template) made.templateName = use.template
    if (use?.templateRef) made.templateRef = use.templateRef
    if (boundary) made.boundaryID = boundary.id
    if (node.flag) made.nodeFlag = node.flag
    const estimate = estimateOfNode(this.world.baseline, this.name, nodeName)
    if (estimate !== undefined) made.estimatedDuration = estimate
    if (node.message) made.message = node.message
    if (hasInputs(node.inputs)) made.inputs = node.inputs
    if (isExecutable(made)) made.progress = '0/1'
    if (phase === 'Error' || phase === 'Skipped' || phase === 'Omitted') {
      made.finishedAt = this.nowText
    }
    this.nodes[made.id] = made
    this.born.add(made.id)
    this.changed = true
    return made
  }

  link(parent: Node, child: Node): void {
    if (parent.children?.includes(child.id)) return
    parent.children = [...(parent.children ?? []), child.id]
    this.changed = true
  }

  /** The nodes at which the execution of a node leaves it. */
  outbound(id: string): readonly string[] {
    const node = this.nodes[id]
    const children = node?.children ?? []
    switch (node?.type) {
      case undefined:
        return []
      case 'Pod':
      case 'Container':
        return this.#leaves(node)
      case 'TaskGroup':
        return children.length === 0 ? [id] : children.flatMap((child) => this.outbound(child))
      case 'Retry':
        return this.#lastAttempt(id, children)
      case 'Steps':
      case 'DAG':
      case 'StepGroup':
        return this.#leaving(node)
      default:
        return [id]
    }
  }

  /** What was found in a cache has none. */
  #lastAttempt(id: string, children: readonly string[]): readonly string[] {
    const attempts = children.filter((child) => this.nodes[child]?.nodeFlag?.retried)
    return attempts.length === 0 ? [id] : attempts.slice(-1)
  }

  /** What others see of a node: of a retried one its last attempt. */
  visible(node: Node): Node {
    const attempts = (node.children ?? []).flatMap((id) => this.nodes[id] ?? [])
    const last = attempts.findLast(({ nodeFlag }) => nodeFlag?.hooked !== true)
    return node.type === 'Retry' ? (last ?? node) : node
  }

  #leaves(node: Node): readonly string[] {
    const set = node.type === 'Pod' ? node.id : node.boundaryID
    const members = (node.children ?? []).flatMap((id) => this.nodes[id] ?? [])
    const own = members.filter(({ type, boundaryID }) => type === 'Container' && boundaryID === set)
    return own.length === 0 ? [node.id] : own.flatMap((member) => this.#leaves(member))
  }

  /** A template that failed before its last nodes existed is left at itself. */
  #leaving(node: Node): readonly string[] {
    const outbound = (node.outboundNodes ?? []).flatMap((id) => this.outbound(id))
    return outbound.length === 0 ? [node.id] : outbound
  }

  /** True when a new node of this frame may begin now. */
  takePlace({ boundary, placed }: Frame, locked = false): boolean {
    if (placed === true) return true
    const template = boundary?.template
    const scarce = this.spec.parallelism ?? template?.parallelism ?? template?.failFast
    if (!locked && (scarce === undefined || scarce === false)) return true
    if (!this.mayStart || this.isFull(boundary)) return false
    this.mayStart = false
    return true
  }

  isFull(boundary: Frame['boundary']): boolean {
    const { parallelism } = this.spec
    const waits = ({ synchronizationStatus }: Node) => synchronizationStatus !== undefined
    const pods = this.all().filter((node) => node.type === 'Pod' && isActive(node) && !waits(node))
    if (parallelism !== undefined && pods.length >= parallelism) return true
    if (boundary === undefined) return false
    const { node, template } = boundary
    const counted = this.membersOf(node).filter(({ type }) => countedTypes.includes(type))
    if (template.failFast === true && counted.some(isUnsuccessful)) return true
    return (
      template.parallelism !== undefined && counted.filter(isActive).length >= template.parallelism
    )
  }

  /** Outputs of a node; those with a global name become the workflow's. */
  setOutputs(node: Node, outputs: Outputs | undefined): void {
    if (outputs === undefined) return
    this.put(node, 'outputs', outputs)
    for (const { globalName, name, value } of outputs.parameters ?? []) {
      if (globalName === undefined) continue
      const others = (this.outputs?.parameters ?? []).filter((other) => other.name !== globalName)
      const parameter = { name: globalName ?? name, ...(value !== undefined && { value }) }
      this.outputs = { ...this.outputs, parameters: [...others, parameter] }
      if (value !== undefined) {
        this.globals.set(`workflow.outputs.parameters.${globalName}`, value)
      }
    }
  }
}

const countedTypes: readonly NodeType[] = ['Pod', 'Steps', 'DAG']

export function isActive({ phase }: Pick<Node, 'phase'>): boolean {
  return phase === 'Pending' || phase === 'Running'
}

export function isUnsuccessful({ phase }: Pick<Node, 'phase'>): boolean {
  return phase === 'Failed' || phase === 'Error'
}

export function isCompleted({ phase }: Pick<Node, 'phase'>): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error'
}

/** Nothing will ever change it. */
export function isEnded(node: Pick<Node, 'phase'>): boolean {
  return isCompleted(node) || node.phase === 'Skipped' || node.phase === 'Omitted'
}

/** What waits for it need not wait any more: also a daemon that runs. */
export function isFulfilled(node: Pick<Node, 'phase' | 'daemoned'>): boolean {
  return isEnded(node) || (node.daemoned === true && node.phase !== 'Pending')
}

export function isExecutable({ type }: Pick<Node, 'type'>): boolean {
  return ['Pod', 'HTTP', 'Plugin', 'Container', 'Suspend'].includes(type)
}

/** Children of a boundary that hold a place in it. */
export function isCounted({ type }: Pick<Node, 'type'>): boolean {
  return countedTypes.includes(type)
}

function hasInputs(inputs: Inputs | undefined): inputs is Inputs {
  return (inputs?.parameters?.length ?? 0) > 0 || (inputs?.artifacts?.length ?? 0) > 0
}
