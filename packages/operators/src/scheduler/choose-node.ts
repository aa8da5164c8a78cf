import type { Pod } from '@argosy/engine'

/** A node, as far as the choice goes. */
export interface Candidate {
  readonly name: string
  readonly isReady: boolean
  readonly isCordoned: boolean
  readonly labels: Readonly<Record<string, string>>
  /** Pods that are there, and how many may be. */
  readonly pods: number
  readonly room: number
}

export type Placement = { readonly node: string } | { readonly message: string }

/**
 * The node with the fewest pods of those that can take one more. Of a pod's wishes only the host's name counts: the
 * machines are told nothing of pools and zones, and what a pod asks for is weighed by the node itself.
 */
export function chooseNode(pod: Pod, candidates: readonly Candidate[]): Placement {
  let best: Candidate | undefined
  for (const one of candidates) {
    if (objection(pod, one) === undefined && (!best || one.pods < best.pods)) best = one
  }
  return best ? { node: best.name } : { message: whyNot(pod, candidates) }
}

const hostLabel = 'kubernetes.io/hostname'

/** Whether a pod wants one machine and no other. */
export function isChoosy({ spec }: Pod): boolean {
  return selectorOf(spec)?.[hostLabel] !== undefined
}

function selectorOf(spec: Pod['spec']): Readonly<Record<string, string>> | undefined {
  return spec['nodeSelector'] as Readonly<Record<string, string>> | undefined
}

/** kube-scheduler's words. */
function objection({ spec }: Pod, one: Candidate): string | undefined {
  const host = selectorOf(spec)?.[hostLabel]
  if (host !== undefined && one.labels[hostLabel] !== host)
    return "node(s) didn't match Pod's node affinity/selector"
  if (!one.isReady) return 'node(s) had untolerated taint {node.kubernetes.io/unreachable: }'
  if (one.isCordoned) return 'node(s) were unschedulable'
  return one.pods >= one.room ? 'Too many pods' : undefined
}

function whyNot(pod: Pod, candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return 'no nodes available to schedule pods'
  const counts = new Map<string, number>()
  for (const one of candidates) {
    const why = objection(pod, one) ?? ''
    counts.set(why, (counts.get(why) ?? 0) + 1)
  }
  const reasons = [...counts].map(([why, count]) => `${count} ${why}`).sort()
  return `0/${candidates.length} nodes are available: ${reasons.join(', ')}.`
}
