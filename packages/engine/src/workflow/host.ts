import type { NodePhase, NodeStatus, NodeType } from '../spec/status.ts'
import type { MemoizationStatus, Memoize } from '../spec/synchronization.ts'
import type { Arguments, Inputs, LifecycleHook, Template, TemplateRef } from '../spec/workflow.ts'
import { displayNameOf } from './display-name.ts'
import { estimateOfNode } from './estimate.ts'
import type { Limiter } from './limiter.ts'
import { displayName, nodeId } from './names.ts'
import { isExecutable, type MutableNode, type NodeRecord } from './nodes.ts'
import type { Order } from './order.ts'
import type { RunState } from './run-state.ts'
import type { Scope } from './scope.ts'
import type { Holder } from './templates.ts'

/** Which template is meant: by name, in another object, or written on the spot. */
export interface TemplateUse {
  readonly template?: string
  readonly templateRef?: TemplateRef
  readonly inline?: Template
}

/** The steps or dag node that a call stands in, and what it limits. */
export interface Boundary {
  readonly record: NodeRecord
  readonly template: Template
  readonly limiter: Limiter
  /** Where attempts of it have failed, when others are to keep off. */
  readonly failedHosts?: Host['failedHosts']
}

/** One use of a template: where it stands and what it is given. */
export interface CallSpec {
  readonly nodeName: string
  readonly use: TemplateUse
  readonly holder: Holder
  readonly args: Arguments
  readonly invokedBy?: { readonly kind: 'steps' | 'tasks'; readonly name: string }
  readonly boundary?: Boundary
  readonly onExit: boolean
  readonly hooked?: boolean
  /** Whoever calls has seen that there is a place for it. */
  readonly placed?: boolean
  /** Runs when the node is completed; whoever made the call waits for it. */
  readonly exitHook?: LifecycleHook
  /** Fire while the node lives. */
  readonly hooks?: Readonly<Record<string, LifecycleHook>>
  readonly order: Order
  readonly depth: number
  /** Wires a node that has just been created to its parents. */
  link(node: NodeRecord): void
}

/** What runs a body: a call, or one attempt of a call that is retried. */
export interface Host {
  readonly run: RunState
  readonly spec: CallSpec
  readonly nodeName: string
  /** Arguments and variables are substituted; what depends on siblings is not. */
  readonly template: Template
  readonly scope: Scope
  /** Where names inside the template are looked up. */
  readonly inner: Holder
  readonly templateScope: string
  readonly flag: NodeStatus['nodeFlag']
  /** No attempt may run longer than this (retryStrategy.backoff.maxDuration). */
  readonly deadlineAt?: number
  /** Machines on which this one must not run: earlier attempts have failed there. */
  readonly failedHosts?: (() => readonly string[]) | undefined
  created(node: NodeRecord): void
  /** The node is fulfilled. */
  done(node: NodeRecord): void
  /** The template could not be executed: an error of ours or of the manifest, not of the user's program. */
  failed(message: string): void
}

/** The running inside of a node: pod, suspend, steps, dag. */
export interface Body {
  start(existing: NodeRecord | undefined): void
}

interface NewNode {
  readonly nodeName: string
  readonly type: NodeType
  readonly phase: NodePhase
  readonly message?: string
  readonly inputs?: Inputs
  readonly use?: TemplateUse
  readonly templateScope: string
  readonly boundary?: NodeRecord | undefined
  readonly flag?: NodeStatus['nodeFlag']
  readonly onExit: boolean
  readonly displayName?: string | undefined
  readonly memoizationStatus?: MemoizationStatus
}

/** argo: initializeNode. A node that starts fulfilled has ended when it started. */
export function createNode(run: RunState, node: NewNode): NodeRecord {
  const { nodeName, type, phase, boundary } = node
  const estimatedDuration = estimateOfNode(run.world.baseline, run.name, nodeName)
  const status: MutableNode = {
    id: nodeId(run.name, run.hashedName(nodeName)),
    name: nodeName,
    displayName: node.displayName ?? displayName(nodeName, boundary?.status.name),
    type,
    ...templateNames(node.use),
    templateScope: node.templateScope,
    phase,
    ...(boundary !== undefined && { boundaryID: boundary.id }),
    startedAt: run.nowText,
    ...(estimatedDuration !== undefined && { estimatedDuration }),
    ...(node.flag !== undefined && { nodeFlag: node.flag }),
    ...(node.message !== undefined && node.message !== '' && { message: node.message }),
    ...(node.inputs !== undefined && hasInputs(node.inputs) && { inputs: node.inputs }),
    ...(node.memoizationStatus !== undefined && { memoizationStatus: node.memoizationStatus }),
    ...(isExecutable(type) && { progress: '0/1' }),
    ...(phase === 'Error' || phase === 'Skipped' || phase === 'Omitted'
      ? { finishedAt: run.nowText }
      : {}),
    children: [],
  }
  run.countNode()
  const record = run.nodes.create(status, boundary)
  record.onExit = node.onExit
  return record
}

function templateNames(use: TemplateUse | undefined): Partial<NodeStatus> {
  if (use === undefined) return {}
  return {
    ...(use.template !== undefined && use.template !== '' && { templateName: use.template }),
    ...(use.templateRef !== undefined && { templateRef: use.templateRef }),
  }
}

function hasInputs(inputs: Inputs): boolean {
  return (inputs.parameters?.length ?? 0) > 0 || (inputs.artifacts?.length ?? 0) > 0
}

/** The node of a host's own body, wired where the host stands. */
export function nodeOf(host: Host, type: NodeType, phase: NodePhase = 'Running'): NodeRecord {
  const { run, template, spec } = host
  return createNode(run, {
    nodeName: host.nodeName,
    type,
    phase,
    use: spec.use,
    ...(template.inputs !== undefined && { inputs: template.inputs }),
    ...(template.memoize !== undefined && { memoizationStatus: missOf(template.memoize) }),
    templateScope: host.templateScope,
    boundary: spec.boundary?.record,
    flag: host.flag,
    onExit: spec.onExit,
    displayName: displayNameOf(template),
  })
}

const podKinds = ['container', 'containerSet', 'script', 'resource', 'data'] as const

export function isPodTemplate(template: Template): boolean {
  return podKinds.some((kind) => template[kind] !== undefined)
}

/** Nothing was found in the cache. */
function missOf({ key = '', cache }: Memoize): MemoizationStatus {
  return { hit: false, key, cacheName: cache?.configMap?.name ?? '' }
}
