import type { NodeStatus, Workflow } from '@argosy/engine'
import { nodePhase } from '../format/phase.ts'
import { templateOf } from './pods.ts'

/** Something that does not go on by itself, or not for some time. */
export interface Waiting {
  /** The step, where it is one. */
  readonly node?: NodeStatus
  readonly words: string
  /** Somebody has to say something. */
  readonly isAsked: boolean
}

/** What begins within this time is not worth a word. */
const patienceMs = 5000

/** What a run that is not over waits for, beside the work of its steps; what somebody can answer comes first. */
export function waitingFor(run: Workflow, now: number): readonly Waiting[] {
  const nodes = Object.values(run.status?.nodes ?? {})
  const found = nodes.flatMap((node) => waitingNode(run, node, now))
  const asked = found.filter(({ isAsked }) => isAsked)
  return [...ofRun(run, now), ...asked, ...found.filter((one) => !asked.includes(one))]
}

function ofRun({ spec, status, ...run }: Workflow, now: number): readonly Waiting[] {
  if (spec.suspend === true) {
    return [{ words: 'Suspended: nothing new begins until it is resumed.', isAsked: false }]
  }
  if ((status?.phase || 'Pending') !== 'Pending') return []
  if (status?.message) return [{ words: status.message, isAsked: false }]
  const since = run.metadata.creationTimestamp
  if (status?.phase || !isOld(since, now)) return []
  return [{ words: 'No controller has begun with it yet. Is one running?', isAsked: false }]
}

function waitingNode(run: Workflow, node: NodeStatus, now: number): readonly Waiting[] {
  const phase = nodePhase(node)
  if (node.type === 'Suspend' && phase === 'Running') {
    const duration = templateOf(run, node)?.suspend?.duration
    if (duration) return [{ node, words: `goes on by itself after ${duration}`, isAsked: false }]
    return [{ node, words: questionOf(node) ?? 'waits for somebody to resume it', isAsked: true }]
  }
  const lock = node.synchronizationStatus?.waiting
  if (lock && (phase === 'Pending' || phase === 'Running')) {
    return [{ node, words: `waits for the lock ${lock}`, isAsked: false }]
  }
  if (phase !== 'Pending' || !node.message || !isOld(node.startedAt, now)) return []
  return [{ node, words: node.message, isAsked: false }]
}

/** What somebody is asked, where the template says so. */
function questionOf({ inputs }: NodeStatus): string | undefined {
  return inputs?.parameters?.find(({ description }) => description)?.description
}

function isOld(at: string | null | undefined, now: number): boolean {
  return now - Date.parse(at ?? '') > patienceMs
}
