import type { NodeStatus } from '../../spec/status.ts'
import { formatTime } from '../../spec/time.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { nodeId } from '../names.ts'
import { type Actor, creatorLabels, labelCreator } from './actor.ts'
import { leadingTo } from './leading-to.ts'
import type { Refusal } from './refusal.ts'
import { withoutShutdown } from './retry-workflow.ts'
import { overrideParameters } from './submit-options.ts'

export interface ResubmitOptions {
  readonly now: number
  /** What succeeded is taken over and not run again. */
  readonly memoized?: boolean
  /** Five random characters: a memoized workflow must know its name before it is created. */
  readonly suffix?: string
  /** `name=value` each. */
  readonly parameters?: readonly string[]
  readonly creator?: Actor
}

const left = new Set([
  ...creatorLabels,
  'workflows.argoproj.io/phase',
  'workflows.argoproj.io/completed',
  'workflows.argoproj.io/workflow-archiving-status',
])
const previous = 'workflows.argoproj.io/resubmitted-from-workflow'

/** A new workflow of the same spec, to be created. argo: FormulateResubmitWorkflow. */
export function resubmitWorkflow(
  workflow: Workflow,
  options: ResubmitOptions,
): { readonly workflow: Workflow } | Refusal {
  const { memoized = false, suffix = '' } = options
  const { phase } = workflow.status ?? {}
  if (memoized && phase !== 'Failed' && phase !== 'Error') {
    return { refused: 'workflow must be Failed/Error to resubmit in memoized mode' }
  }
  const { apiVersion, kind, metadata } = workflow
  const { namespace, ownerReferences, annotations, name: oldName = '' } = metadata
  const generateName = metadata.generateName || `${oldName}-`
  const labels = Object.entries(metadata.labels ?? {}).filter(([name]) => !left.has(name))
  const fresh: Workflow = {
    apiVersion,
    kind,
    metadata: {
      generateName,
      ...(memoized && { name: generateName + suffix }),
      ...(namespace !== undefined && { namespace }),
      labels: { ...Object.fromEntries(labels), [previous]: oldName },
      ...(annotations !== undefined && { annotations }),
      ...(ownerReferences !== undefined && { ownerReferences }),
    },
    spec: withoutShutdown(workflow.spec),
  }
  const given = overrideParameters(labelCreator(fresh, options.creator), options.parameters)
  if ('refused' in given || !memoized) return given
  return { workflow: withNodes(given.workflow, workflow, options.now) }
}

function withNodes(fresh: Workflow, old: Workflow, now: number): Workflow {
  const names: Names = { old: old.metadata.name ?? '', fresh: fresh.metadata.name ?? '' }
  const before = old.status?.nodes ?? {}
  const all = Object.values(before)
  const useful = leadingTo(all, ({ phase }) => phase === 'Succeeded')
  const nodes: Record<string, NodeStatus> = {}
  for (const node of all) {
    if (node.name.startsWith(`${names.old}.onExit`)) continue
    if (node.type === 'Skipped' && !useful.has(node.id)) continue
    const taken = takenOver(node, before, names, formatTime(now))
    nodes[taken.id] = taken
  }
  const { storedTemplates } = old.status ?? {}
  return {
    ...fresh,
    status: {
      nodes,
      ...(storedTemplates !== undefined && { storedTemplates }),
      conditions: [{ type: 'Completed', status: 'False' }],
      phase: '',
    },
  }
}

interface Names {
  readonly old: string
  readonly fresh: string
}

type Nodes = Readonly<Record<string, NodeStatus>>

function takenOver(node: NodeStatus, before: Nodes, names: Names, now: string): NodeStatus {
  const { message: _, startedAt: _started, finishedAt: _finished, ...rest } = node
  const rename = (id: string) => nodeId(names.fresh, renamed(before[id]?.name ?? '', names))
  const name = renamed(node.name, names)
  const failed = node.phase === 'Failed' || node.phase === 'Error'
  const moved = {
    ...rest,
    name,
    id: nodeId(names.fresh, name),
    ...(node.boundaryID && { boundaryID: rename(node.boundaryID) }),
    ...(node.children && { children: node.children.map(rename) }),
    ...(node.outboundNodes && { outboundNodes: node.outboundNodes.map(rename) }),
    ...(!(failed && node.type === 'Pod') && { startedAt: now, finishedAt: now }),
  }
  if (!failed && node.type === 'Pod') {
    return { ...moved, phase: 'Skipped', type: 'Skipped', message: `original pod: ${node.id}` }
  }
  return { ...moved, phase: 'Pending' }
}

function renamed(name: string, { old, fresh }: Names): string {
  return name.startsWith(old) ? fresh + name.slice(old.length) : name
}
