import type { Pod } from '@argosy/engine'
import { objectKey } from '@argosy/kube'
import { type Amounts, podRequests } from '@argosy/kube/placement'
import { claimsOf } from './choose-node.ts'
import { isExclusive } from './pod-affinity.ts'

interface Place {
  readonly node: string
  /** Claims that it has files from. */
  readonly claims: readonly string[]
  readonly requests: Amounts
}

interface Load {
  pods: number
  readonly used: Record<string, number>
}

/** Where pods are that have not ended, and what they take there. */
export class Places {
  readonly #places = new Map<string, Place>()
  readonly #loads = new Map<string, Load>()
  readonly #exclusive = new Set<string>()
  readonly #claims = new Map<string, readonly string[]>()

  has(key: string): boolean {
    return this.#places.has(key)
  }

  settle(key: string, pod: Pod, node: string): void {
    if (this.#places.has(key)) return
    const requests = podRequests(pod)
    const { namespace = 'default' } = pod.metadata
    const claims = claimsOf(pod.spec).map((name) => objectKey(namespace, name))
    this.#places.set(key, { node, requests, claims })
    for (const claim of claims) this.#claims.set(claim, [...(this.#claims.get(claim) ?? []), key])
    if (isExclusive(pod)) this.#exclusive.add(key)
    this.#count({ node, requests, claims }, 1)
  }

  forget(key: string): void {
    const place = this.#places.get(key)
    if (!place) return
    this.#places.delete(key)
    this.#exclusive.delete(key)
    for (const claim of place.claims) {
      const left = this.#claims.get(claim)?.filter((one) => one !== key) ?? []
      if (left.length > 0) this.#claims.set(claim, left)
      else this.#claims.delete(claim)
    }
    this.#count(place, -1)
  }

  /** Where pods are that have files from a claim. */
  nodeOfClaim(claim: string): string | undefined {
    const [key] = this.#claims.get(claim) ?? []
    return key === undefined ? undefined : this.#places.get(key)?.node
  }

  podsOn(node: string): number {
    return this.#loads.get(node)?.pods ?? 0
  }

  /** What is left of what the node has to give. */
  freeOn(node: string, allocatable: Amounts): Amounts {
    const { used = {} } = this.#loads.get(node) ?? {}
    return Object.fromEntries(
      Object.entries(allocatable).map(([name, amount]) => [name, amount - (used[name] ?? 0)]),
    )
  }

  /** Keys of pods, and their nodes. */
  *entries(): Iterable<readonly [string, string]> {
    for (const [key, { node }] of this.#places) yield [key, node]
  }

  /** As `entries`, of the pods that want certain others elsewhere. */
  *exclusive(): Iterable<readonly [string, string]> {
    for (const key of this.#exclusive) yield [key, this.#places.get(key)?.node ?? '']
  }

  get hasExclusive(): boolean {
    return this.#exclusive.size > 0
  }

  #count({ node, requests }: Place, sign: 1 | -1): void {
    const load = this.#loads.get(node) ?? { pods: 0, used: {} }
    this.#loads.set(node, load)
    load.pods += sign
    for (const [name, amount] of Object.entries(requests)) {
      load.used[name] = (load.used[name] ?? 0) + sign * amount
    }
  }
}
