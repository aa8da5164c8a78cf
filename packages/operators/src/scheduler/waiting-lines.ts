import type { Pod } from '@argosy/engine'
import { podRequests } from '@argosy/kube/placement'
import { claimsOf } from './choose-node.ts'
import { asksForCompany } from './pod-affinity.ts'

/** Pods that ask for the same, in the order of their coming. */
interface Line {
  readonly sort: string
  readonly pods: Map<string, number>
}

/**
 * Pods without a node. What the first of a line cannot have, those behind it cannot have either: a waiting pod costs
 * nothing, whatever their number.
 */
export class WaitingLines {
  readonly #lines = new Map<string, Line>()
  readonly #lineOf = new Map<string, Line>()
  #arrivals = 0

  /** Does nothing for one that waits already, unless it asks for something else by now: then it comes last. */
  add(key: string, pod: Pod): void {
    const sort = sortOf(pod)
    if (this.#lineOf.get(key)?.sort === sort) return
    this.delete(key)
    const line = this.#lines.get(sort) ?? { sort, pods: new Map<string, number>() }
    this.#lines.set(sort, line)
    line.pods.set(key, this.#arrivals++)
    this.#lineOf.set(key, line)
  }

  delete(key: string): void {
    const line = this.#lineOf.get(key)
    if (!line) return
    this.#lineOf.delete(key)
    line.pods.delete(key)
    if (line.pods.size === 0) this.#lines.delete(line.sort)
  }

  /**
   * Shows the pods to `take`, who came first first. It takes the pod (and deletes it here), or says whether the others
   * of its line are worth a look: `skip` that one, or `close` the line.
   */
  each(take: (key: string) => 'taken' | 'skip' | 'close'): void {
    const heads = [...this.#lines.values()].map(({ pods }) => {
      const rest = pods.entries()
      return { rest, next: rest.next() }
    })
    for (;;) {
      const open = heads.filter(({ next }) => !next.done)
      const first = open.reduce<(typeof open)[number] | undefined>(
        (best, one) => (best && arrivalOf(best) < arrivalOf(one) ? best : one),
        undefined,
      )
      if (!first || first.next.done) return
      const answer = take(first.next.value[0])
      if (answer === 'close') heads.splice(heads.indexOf(first), 1)
      else first.next = first.rest.next()
    }
  }
}

function arrivalOf({ next }: { readonly next: IteratorResult<[string, number], unknown> }): number {
  return next.done ? Number.POSITIVE_INFINITY : next.value[1]
}

/** All of a pod that its place depends on. */
function sortOf(pod: Pod): string {
  const { nodeSelector, affinity, tolerations, topologySpreadConstraints: spread } = pod.spec
  const requests = podRequests(pod)
  const { namespace, labels } = pod.metadata
  const claims = claimsOf(pod.spec)
  const isPlain = !nodeSelector && !affinity && !tolerations && !spread && claims.length === 0
  if (isPlain && Object.keys(requests).length === 0) return ''
  const who = asksForCompany(pod) || spread ? [namespace, labels] : []
  const files = claims.length > 0 ? [namespace, claims] : []
  return JSON.stringify([nodeSelector, affinity, tolerations, spread, requests, ...who, ...files])
}
