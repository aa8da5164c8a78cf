import type { Pod } from '../../spec/pod.ts'
import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'
import { NodeTree } from './tree.ts'
import { waitingFor, waitsForLock } from './waiting.ts'

/** Why something is not finished, or how it came to fail. */
export interface Reason {
  readonly kind: 'waiting' | 'failed' | 'skipped'
  /** Absent: the workflow itself. */
  readonly node: NodeStatus | undefined
  /** One sentence, its subject first. */
  readonly sentence: string
  /** The displayed names from the node up to the workflow. */
  readonly chain: readonly string[]
}

export interface Question {
  /** Only this node and what is below it: its id, its name or its displayed name. */
  readonly node?: string
  /** The pod of a Pod node, where it is known. */
  readonly podOf?: (node: NodeStatus) => Pod | undefined
}

/**
 * A reason for everything that is not finished, and for everything that failed by itself, the first failure first.
 * Empty: all is well, or `question.node` names nothing. A failure that only passes on another's is in the other's chain.
 */
export function why(workflow: Workflow, question: Question = {}): readonly Reason[] {
  const tree = new NodeTree(workflow)
  const asked = question.node === undefined ? undefined : tree.find(question.node)
  const nodes = asked ? asked.flatMap((node) => tree.below(node)) : tree.all()
  const own = asked ? [] : ofWorkflow(workflow, nodes)
  const holdsFailure = tree.holding(tree.all().filter(hasFailed))
  const holdsOpen = tree.holding(tree.all().filter(isOpen))
  const failed = nodes
    .filter((node) => hasFailed(node) && !holdsFailure.has(node.id))
    .toSorted(byEnd)
    .map((node) => reason('failed', node, tree, failure(node)))
  const waiting = nodes
    .filter((node) => isOpen(node) && !holdsOpen.has(node.id))
    .map((node) =>
      reason('waiting', node, tree, waitingFor(node, workflow, question.podOf?.(node))),
    )
  const skipped = (asked ?? [])
    .filter(({ phase }) => phase === 'Skipped' || phase === 'Omitted')
    .map((node) => reason('skipped', node, tree, `was not run: ${node.message ?? node.phase}`))
  return [...own, ...failed, ...waiting, ...skipped]
}

function ofWorkflow(
  { metadata, spec, status }: Workflow,
  nodes: readonly NodeStatus[],
): readonly Reason[] {
  const name = metadata.name ?? ''
  const say = (kind: Reason['kind'], words: string): Reason[] => [
    { kind, node: undefined, sentence: `${name} ${words}`, chain: [name] },
  ]
  const { phase = '', message } = status ?? {}
  if (phase === '') return say('waiting', 'has not been taken up by a controller yet')
  if (phase === 'Pending') return say('waiting', pending(message, status))
  if (phase === 'Running' && spec.suspend)
    return say('waiting', `is suspended: argosy resume ${name}`)
  const isBad = phase === 'Failed' || phase === 'Error'
  if (isBad && !nodes.some(hasFailed)) return say('failed', `failed: ${message ?? phase}`)
  return []
}

function pending(message: string | undefined, status: Workflow['status']): string {
  const { mutex, semaphore } = status?.synchronization ?? {}
  const lock = mutex?.waiting?.[0]?.mutex ?? semaphore?.waiting?.[0]?.semaphore
  if (lock !== undefined) return waitsForLock(lock, status?.synchronization)
  return message ? `is pending: ${message}` : 'is pending'
}

function reason(kind: Reason['kind'], node: NodeStatus, tree: NodeTree, words: string): Reason {
  const around = tree.around(node).filter(({ type }) => type !== 'StepGroup')
  const chain = [node, ...around].map(({ displayName }) => displayName)
  return { kind, node, sentence: `${node.displayName} ${words}`, chain }
}

function failure({ phase, message }: NodeStatus): string {
  return `${phase === 'Error' ? 'could not be run' : 'failed'}: ${message || 'no message'}`
}

function hasFailed({ phase }: NodeStatus): boolean {
  return phase === 'Failed' || phase === 'Error'
}

/** Daemons run on without holding anybody up. */
function isOpen({ phase, daemoned }: NodeStatus): boolean {
  return (phase === 'Running' || phase === 'Pending') && daemoned !== true
}

function byEnd(a: NodeStatus, b: NodeStatus): number {
  const [left, right] = [a.finishedAt ?? '~', b.finishedAt ?? '~']
  return left < right ? -1 : Number(left > right)
}
