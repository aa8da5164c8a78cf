import { fold, numberIn, runFacts, type Workflow } from '@argosy/engine'
import { summaryOf } from './archive.ts'

/** A run as the tables of an archive have it, but for its key. */
export interface ArchiveRecord {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly phase: string
  readonly template: string
  /** Of the controller that it belongs to; '': of the one without an id. */
  readonly instance: string
  /** By which it is ordered: its start, or when it was made if it never started. */
  readonly orderedBy: number
  /** In milliseconds; 0: none. A duration is -1 then. */
  readonly created: number
  readonly started: number
  readonly finished: number
  readonly duration: number
  /** Folded. */
  readonly message: string
  readonly said: string
  readonly summary: string
  readonly labels: readonly ArchivePair[]
  readonly params: readonly ArchivePair[]
}

/** A label or a parameter. */
export interface ArchivePair {
  readonly name: string
  readonly value: string
  /** Undefined where it is the value itself. */
  readonly folded: string | undefined
  readonly number: number | undefined
}

export function archiveRecord(workflow: Workflow): ArchiveRecord {
  // What is archived has ended: its duration does not depend on the time.
  const facts = runFacts(workflow, 0)
  const { created = 0, started = 0, finished = 0, duration = -1 } = facts.times
  const { uid, namespace, name, phase, template, message } = facts
  return {
    ...{ uid, namespace, name, phase, template, message, said: facts.any },
    ...{ created, started, finished, duration: finished === 0 ? -1 : duration },
    orderedBy: started || created,
    instance: workflow.metadata.labels?.['workflows.argoproj.io/controller-instanceid'] ?? '',
    summary: JSON.stringify(summaryOf(workflow)),
    labels: pairsOf(facts.label),
    params: pairsOf(facts.param),
  }
}

function pairsOf(texts: Readonly<Record<string, string>>): readonly ArchivePair[] {
  return Object.entries(texts).map(([name, value]) => {
    const folded = fold(value)
    return { name, value, folded: folded === value ? undefined : folded, number: numberIn(value) }
  })
}
