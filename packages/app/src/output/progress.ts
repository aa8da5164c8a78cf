import type { NodePhase, NodeStatus, Workflow, WorkflowPhase } from '@argosy/engine'
import { isOver } from './phase.ts'

/** A node that has changed its phase since the last look, or says something else of why it waits. */
export interface NodeChange {
  readonly node: NodeStatus
  readonly before: NodePhase | undefined
}

interface Seen {
  node: NodeStatus
  readonly from: number
  to: number | undefined
}

/**
 * What we have seen of one workflow, look by look. Times in a Workflow have whole seconds; what a person is shown comes
 * from here where we saw a node start, and from the Workflow where we did not (after a restart).
 */
export class Progress {
  readonly name: string
  workflow: Workflow
  #phase: WorkflowPhase = ''
  readonly #seen = new Map<string, Seen>()
  readonly #from: number
  #to: number | undefined

  constructor(name: string, workflow: Workflow, now: number) {
    this.name = name
    this.workflow = workflow
    this.#from = seenStart(workflow.status, now)
  }

  /** Takes in a newer Workflow. Nodes that are the same object as before cost a comparison. */
  update(workflow: Workflow, now: number): readonly NodeChange[] {
    this.workflow = workflow
    this.#phase = workflow.status?.phase ?? ''
    if (isOver(this.#phase)) this.#to ??= now
    const changes: NodeChange[] = []
    for (const node of Object.values(workflow.status?.nodes ?? {})) {
      const seen = this.#seen.get(node.id)
      if (seen?.node === node) continue
      const before = seen?.node
      this.#note(node, seen, now)
      if (node.phase !== before?.phase || hasNewReason(node, before)) {
        changes.push({ node, before: before?.phase })
      }
    }
    return changes
  }

  get phase(): WorkflowPhase {
    return this.#phase
  }

  get done(): boolean {
    return isOver(this.#phase)
  }

  elapsed(now: number): number {
    return (this.#to ?? now) - this.#from
  }

  /** How long a node has run, or ran; undefined when it never did. */
  elapsedOf(node: NodeStatus, now: number): number | undefined {
    if (node.phase === 'Pending' || node.phase === 'Omitted' || node.phase === 'Skipped') return
    const seen = this.#seen.get(node.id)
    const from = seen?.from ?? startOf(node, now)
    const to = seen?.to ?? Date.parse(node.finishedAt ?? '')
    return Math.max((Number.isNaN(to) ? now : to) - from, 0)
  }

  #note(node: NodeStatus, seen: Seen | undefined, now: number): void {
    const over = node.finishedAt !== undefined || isOver(node.phase)
    if (!seen) this.#seen.set(node.id, first(node, over, now))
    else {
      seen.node = node
      // A step may be taken up again after it ended: by hand, or by a retry.
      seen.to = over ? (seen.to ?? now) : undefined
    }
  }
}

function hasNewReason(node: NodeStatus, before: NodeStatus | undefined): boolean {
  return node.phase === 'Pending' && node.message !== undefined && node.message !== before?.message
}

function first(node: NodeStatus, over: boolean, now: number): Seen {
  if (!over) return { node, from: seenStart(node, now), to: undefined }
  return { node, from: startOf(node, now), to: Date.parse(node.finishedAt ?? '') || now }
}

/** A start of this very second was just now. */
function seenStart(thing: { readonly startedAt?: string } | undefined, now: number): number {
  const from = startOf(thing, now)
  return now - from < 1500 ? now : from
}

function startOf(thing: { readonly startedAt?: string } | undefined, now: number): number {
  return Date.parse(thing?.startedAt ?? '') || now
}
