import type { Pod } from '../../spec/pod.ts'
import type { NodeStatus } from '../../spec/status.ts'
import type { SynchronizationStatus } from '../../spec/synchronization.ts'
import { formatTime, parseTime } from '../../spec/time.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { suspendMs } from '../suspend-body.ts'

/** What a node that is not finished waits for, in one sentence without its subject. */
export function waitingFor(node: NodeStatus, workflow: Workflow, pod: Pod | undefined): string {
  const lock = node.synchronizationStatus?.waiting
  if (lock !== undefined) return waitsForLock(lock, workflow.status?.synchronization)
  switch (node.type) {
    case 'Suspend':
      return suspended(node, workflow)
    case 'Retry':
      return node.message ? `waits before it tries again: ${node.message}` : 'is about to try again'
    case 'HTTP':
      return `waits for the answer to its request${since(node)}`
    case 'Plugin':
      return `waits for its plugin${since(node)}`
    case 'Pod':
    case 'Container':
      return podWaits(node, pod)
    default:
      return groupWaits(node, workflow)
  }
}

/** Upstream's holders are `namespace/workflow` or `namespace/workflow/node`. */
export function waitsForLock(lock: string, status: SynchronizationStatus | undefined): string {
  const holders = [
    ...(status?.mutex?.waiting ?? []).flatMap(({ mutex, holder }) =>
      isSame(mutex, lock) ? (holder ?? []) : [],
    ),
    ...(status?.semaphore?.waiting ?? []).flatMap((one) =>
      isSame(one.semaphore, lock) ? (one.holders ?? []) : [],
    ),
  ]
  const by =
    holders.length > 0
      ? `, which ${holders.join(' and ')} ${holders.length > 1 ? 'hold' : 'holds'}`
      : ''
  return `waits for the lock ${lock}${by}`
}

function isSame(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)
}

function suspended(node: NodeStatus, workflow: Workflow): string {
  const until = resumesAt(node, workflow)
  if (until !== undefined) return `waits until ${until}`
  const name = workflow.metadata.name ?? 'RUN'
  const selector = `--node-field-selector displayName=${node.displayName}`
  const wanted = (node.outputs?.parameters ?? []).filter(
    ({ value, valueFrom }) => value === undefined && valueFrom?.supplied,
  )
  if (wanted.length === 0) return `waits for approval: argosy resume ${name} ${selector}`
  const set = wanted.map((parameter) => `--output-parameter ${parameter.name}=…`).join(' ')
  return `waits for somebody to say ${wanted.map((one) => one.name).join(', ')}: argosy node set ${name} ${selector} ${set}`
}

function resumesAt(node: NodeStatus, { spec, status }: Workflow): string | undefined {
  const templates = [...(spec.templates ?? []), ...Object.values(status?.storedTemplates ?? {})]
  const template = templates.find(({ name }) => name === node.templateName)
  const ms = suspendMs(template?.suspend?.duration)
  const started = parseTime(node.startedAt ?? '')
  if (typeof ms !== 'number' || started === undefined) return undefined
  return formatTime(started + ms)
}

function podWaits(node: NodeStatus, pod: Pod | undefined): string {
  const held = pod && podProblem(pod)
  if (held) return held
  if (node.phase === 'Running') return `is running${since(node)}`
  return node.message ? `is not started yet: ${node.message}` : 'is not started yet'
}

/** What keeps a pod from running, as the kubelet and the scheduler say it. */
function podProblem({ status }: Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') {
    return `has no place to run: ${scheduled.message ?? scheduled.reason ?? 'unschedulable'}`
  }
  for (const { name, state } of [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]) {
    const { reason, message } = state?.waiting ?? {}
    if (reason === undefined || harmless.has(reason)) continue
    return `cannot start its container ${name}: ${[reason, message].filter(Boolean).join(': ')}`
  }
  return undefined
}

const harmless: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing'])

function groupWaits(node: NodeStatus, { spec }: Workflow): string {
  if (node.message) return `is not finished: ${node.message}`
  const limit = spec.parallelism === undefined ? '' : ` (spec.parallelism is ${spec.parallelism})`
  return `waits for a free place to start its next step${limit}`
}

function since({ startedAt }: NodeStatus): string {
  return startedAt ? ` since ${startedAt}` : ''
}
