import type { Condition, NodeStatus } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type { Workflow, WorkflowSpec } from '../../spec/workflow.ts'
import { nodeId, podName } from '../names.ts'
import { type Actor, labelActor } from './actor.ts'
import { type FieldSelector, parseFieldSelector } from './field-selector.ts'
import { leadingTo } from './leading-to.ts'
import { nodeFields, templateOf } from './node-fields.ts'
import type { Refusal } from './refusal.ts'
import { planRetryOf, type RetryPlan } from './retry-path.ts'
import { below, fromRoot, isOfExitHandler, type Tree, type TreeNode, treeOf } from './retry-tree.ts'
import { overrideParameters } from './submit-options.ts'

export interface RetryOptions {
  readonly now: number
  /** Nodes that `nodeFieldSelector` means run again though they succeeded. */
  readonly restartSuccessful?: boolean
  readonly nodeFieldSelector?: string
  /** `name=value` each. */
  readonly parameters?: readonly string[]
  readonly actor?: Actor
}

/** The workflow as it goes on, and what must be deleted before it is written. */
export interface Retried {
  readonly workflow: Workflow
  /** By name; one that is gone already is no mistake. */
  readonly podsToDelete: readonly string[]
  /** WorkflowTaskResults by name: their nodes will report again. */
  readonly resultsToDelete: readonly string[]
}

/**
 * Lets a workflow that has ended run again where it failed: failed leaves and all behind them are removed, what they
 * stand in runs again, what succeeded stays. argo: FormulateRetryWorkflow.
 */
export function retryWorkflow(workflow: Workflow, options: RetryOptions): Retried | Refusal {
  const refusal = whyNot(workflow, options)
  if (refusal !== undefined) return refusal
  const renewed = overrideParameters(renew(workflow, options.now), options.parameters)
  if ('refused' in renewed) return renewed
  const built = treeOf(workflow)
  if ('refused' in built) return built
  const { tree } = built
  const plan = planOf(workflow, tree, options)
  if ('refused' in plan) return plan
  if ((options.parameters ?? []).length > 0) emptyGroups(tree, plan)

  const { name = '' } = workflow.metadata
  const all = Object.values(workflow.status?.nodes ?? {})
  const gone = all.filter((node) => plan.remove.has(node.id) || isOfExitHandler(node, name))
  const pods = gone.filter(({ type }) => type === 'Pod')
  const status = { ...renewed.workflow.status, nodes: remaining(all, gone, plan, options.now) }
  return {
    workflow: labelActor({ ...renewed.workflow, status }, options.actor, 'Retry'),
    podsToDelete: pods.map((node) => podOf(name, node)),
    resultsToDelete: pods.map(({ id }) => id),
  }
}

function whyNot({ status }: Workflow, options: RetryOptions): Refusal | undefined {
  const phase = status?.phase ?? ''
  if (phase === 'Failed' || phase === 'Error') return undefined
  if (phase !== 'Succeeded') return { refused: `Cannot retry a workflow in phase ${phase}` }
  if (options.restartSuccessful && options.nodeFieldSelector) return undefined
  const what = 'To retry a succeeded workflow'
  return { refused: `${what}, set the options restartSuccessful and nodeFieldSelector` }
}

const completed = 'workflows.argoproj.io/completed'
const archiving = 'workflows.argoproj.io/workflow-archiving-status'

// argo: createNewRetryWorkflow. Its nodes are still those of the old one.
function renew(workflow: Workflow, now: number): Workflow {
  const { labels, ...metadata } = workflow.metadata
  const { [completed]: _completed, [archiving]: _archiving, ...kept } = labels ?? {}
  const { message: _message, finishedAt: _finished, ...status } = workflow.status ?? {}
  const stored = status.storedWorkflowTemplateSpec
  return {
    ...workflow,
    metadata: { ...metadata, labels: kept },
    spec: withoutShutdown(workflow.spec),
    status: {
      ...status,
      phase: '',
      startedAt: formatTime(now),
      conditions: notCompleted(status.conditions ?? []),
      ...('persistentVolumeClaims' in status && { persistentVolumeClaims: [] }),
      ...(stored !== undefined && { storedWorkflowTemplateSpec: unstopped(stored) }),
    },
  }
}

function unstopped({ shutdown: _, ...spec }: WorkflowSpec): WorkflowSpec {
  return spec
}

/** A deadline of 0 is how workflows were terminated once. */
export function withoutShutdown(spec: WorkflowSpec): WorkflowSpec {
  const { activeDeadlineSeconds, ...rest } = unstopped(spec)
  return activeDeadlineSeconds === undefined || activeDeadlineSeconds === 0
    ? rest
    : { ...rest, activeDeadlineSeconds }
}

function notCompleted(conditions: readonly Condition[]): readonly Condition[] {
  const others = conditions.filter(({ type }) => type !== 'Completed')
  return [...others, { type: 'Completed', status: 'False' }]
}

function planOf(workflow: Workflow, tree: Tree, options: RetryOptions): RetryPlan | Refusal {
  const chosen = chosenBy(options)
  if ('refused' in chosen) return chosen
  const wanted = (node: NodeStatus) => chosen.matches(nodeFields(node))
  const failures = failuresIn(workflow, tree, wanted)
  const plan: RetryPlan = { reset: new Set(), remove: new Set() }
  // From the root down: what goes with a node above it has no path of its own.
  for (const node of fromRoot(tree, workflow.metadata.name ?? '')) {
    if (plan.remove.has(node.status.id)) continue
    if (!wanted(node.status) && !failedForGood(node.status, failures)) continue
    if (isPast(node)) continue
    const refusal = planRetryOf(node, plan)
    if (refusal !== undefined) return refusal
  }
  return plan
}

/**
 * Within an attempt that another one has followed: it never runs again. Upstream resets it all the same, and a DAG around
 * it then waits for ever.
 */
function isPast(node: TreeNode): boolean {
  for (let at = node.parent; at?.parent !== undefined; at = at.parent) {
    if (at.status.nodeFlag?.retried !== true) continue
    const attempts = at.parent.children.filter(({ status }) => status.nodeFlag?.retried === true)
    if (attempts.at(-1) !== at) return true
  }
  return false
}

function chosenBy(options: RetryOptions): { readonly matches: FieldSelector } | Refusal {
  const { restartSuccessful, nodeFieldSelector } = options
  if (!restartSuccessful || !nodeFieldSelector) return { matches: () => false }
  return parseFieldSelector(nodeFieldSelector)
}

const executed: readonly NodeStatus['type'][] = ['Container', 'Pod', 'HTTP', 'Plugin']

/** What there is to know of what failed. */
interface Failures {
  /** The Retry node of each attempt. */
  readonly retries: ReadonlyMap<string, string>
  /** Something that succeeded, and is to stay, is below them. */
  readonly worthwhile: ReadonlySet<string>
}

function failuresIn(
  { status }: Workflow,
  tree: Tree,
  wanted: (node: NodeStatus) => boolean,
): Failures {
  const retries = new Map<string, string>()
  for (const { status: node } of tree.values()) {
    if (node.type !== 'Retry') continue
    for (const id of node.children ?? []) if (!retries.has(id)) retries.set(id, node.id)
  }
  const all = Object.values(status?.nodes ?? {})
  const worthwhile = leadingTo(all, (node) => node.phase === 'Succeeded' && !wanted(node))
  return { retries, worthwhile }
}

/** A failed leaf with nothing behind it that succeeded; a failed attempt counts with all attempts of its step. */
function failedForGood(node: NodeStatus, { retries, worthwhile }: Failures): boolean {
  if (node.phase !== 'Failed' && node.phase !== 'Error') return false
  if (isUnexecutedHook(node)) return true
  if (!executed.includes(node.type)) return false
  const top = node.nodeFlag?.retried === true ? retries.get(node.id) : node.id
  return top === undefined || !worthwhile.has(top)
}

/** A hook whose template could not be executed. Upstream leaves it: whatever is mended, the step fails again with it. */
function isUnexecutedHook({ type, phase, nodeFlag }: NodeStatus): boolean {
  return type === 'Skipped' && phase === 'Error' && nodeFlag?.hooked === true
}

/** With other parameters a loop may have other items. */
function emptyGroups(tree: Tree, { reset, remove }: RetryPlan): void {
  for (const id of reset) {
    const node = tree.get(id)
    const type = node?.status.type
    if (node === undefined || remove.has(id)) continue
    if (type !== 'TaskGroup' && type !== 'StepGroup') continue
    for (const { status } of below(node)) remove.add(status.id)
  }
}

function remaining(
  all: readonly NodeStatus[],
  gone: readonly NodeStatus[],
  plan: RetryPlan,
  now: number,
): Readonly<Record<string, NodeStatus>> {
  const absent = new Set(gone.map(({ id }) => id))
  const stays = (id: string) => !plan.remove.has(id)
  const nodes: Record<string, NodeStatus> = {}
  for (const node of all) {
    if (absent.has(node.id)) continue
    const kept = plan.reset.has(node.id) ? resetNode(node, now) : node
    nodes[node.id] = {
      ...kept,
      ...(kept.children && { children: kept.children.filter(stays) }),
      ...(kept.outboundNodes && { outboundNodes: kept.outboundNodes.filter(stays) }),
    }
  }
  return nodes
}

function resetNode(node: NodeStatus, now: number): NodeStatus {
  const { message: _, finishedAt: _finished, ...rest } = node
  // A skipped node that ran would never end.
  const phase = node.phase === 'Skipped' ? 'Skipped' : 'Running'
  const startedAt = formatTime(now)
  if (node.type !== 'Suspend' || node.outputs === undefined) return { ...rest, phase, startedAt }
  const parameters = node.outputs.parameters?.map(({ name }) => ({
    name,
    valueFrom: { supplied: {} },
  }))
  const outputs = { ...node.outputs, ...(parameters !== undefined && { parameters }) }
  return { ...rest, phase, startedAt, outputs }
}

/** The name of the node's pod, also where two node names have one hash. */
function podOf(workflowName: string, node: NodeStatus): string {
  let hashed = node.name
  for (let salt = 1; nodeId(workflowName, hashed) !== node.id && salt < 100; salt++) {
    hashed = `${node.name}#${salt}`
  }
  return podName(workflowName, hashed, templateOf(node))
}
