import type { NodeRecord } from './nodes.ts'

/** A daemon that runs: its pod, or the attempts of a retried one. */
export interface Daemon {
  /** Ends it for good, and well: what it served is over. */
  kill(): void
}

/** The daemons that run, by the steps or dag node that they serve. argo: killDaemonedChildren. */
export class Daemons {
  readonly #byBoundary = new Map<NodeRecord | undefined, Set<Daemon>>()

  add(boundary: NodeRecord | undefined, daemon: Daemon): void {
    const known = this.#byBoundary.get(boundary)
    if (known === undefined) this.#byBoundary.set(boundary, new Set([daemon]))
    else known.add(daemon)
  }

  remove(boundary: NodeRecord | undefined, daemon: Daemon): void {
    this.#byBoundary.get(boundary)?.delete(daemon)
  }

  /** Kills those that serve a node that is over, or nobody: the workflow itself. */
  killThoseOf(boundary: NodeRecord | undefined): void {
    const all = this.#byBoundary.get(boundary)
    if (all === undefined) return
    this.#byBoundary.delete(boundary)
    for (const daemon of all) daemon.kill()
  }
}

/** True for a node that ran as a daemon, whatever has become of it: no other pod has its address written down. */
export function wasDaemon(node: { readonly podIP?: string; readonly daemoned?: boolean }): boolean {
  return node.daemoned === true || node.podIP !== undefined
}
