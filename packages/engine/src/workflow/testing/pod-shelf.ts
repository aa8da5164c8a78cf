import type { Pod } from '../../spec/pod.ts'
import type { Change } from '../decision.ts'

/** The pods of one workflow as a cluster keeps them; `tell` hears what becomes of them. */
export class PodShelf {
  readonly all = new Map<string, Pod>()
  /** The names of all that were ever made, in order. */
  readonly created: string[] = []
  readonly #tell: (change: Change) => void

  constructor(tell: (change: Change) => void) {
    this.#tell = tell
  }

  /** One that is there stays as it is. */
  create(pod: Pod): void {
    const name = pod.metadata.name ?? ''
    if (this.all.has(name)) return
    this.created.push(name)
    this.put({ ...pod, status: { phase: 'Pending' } })
  }

  put(pod: Pod): void {
    this.all.set(pod.metadata.name ?? '', pod)
    this.#tell({ kind: 'pod', pod })
  }

  /** The label is the controller's own writing: nobody tells it. */
  release(name: string): void {
    const pod = this.all.get(name)
    if (pod === undefined) return
    const labels = { ...pod.metadata.labels, 'workflows.argoproj.io/completed': 'true' }
    this.all.set(name, { ...pod, metadata: { ...pod.metadata, labels } })
  }

  remove(name: string): void {
    this.all.delete(name)
    this.#tell({ kind: 'podGone', name })
  }
}
