import type { Pod } from '@argosy/engine'
import type { Amounts, Standing } from '@argosy/kube/placement'

/** A node, as far as the choice goes. */
export interface Candidate {
  readonly name: string
  readonly isReady: boolean
  readonly standing: Standing
  readonly labels: Readonly<Record<string, string>>
  /** Pods that are there, and how many may be. */
  readonly pods: number
  readonly room: number
  /** What is left of it; of what is not named there is none. */
  readonly free: Amounts
}

/** A pod that has a node, and has not ended. */
export interface Placed {
  readonly pod: Pod
  readonly node: string
}

/** What a choice is made among. */
export interface Scene {
  readonly candidates: readonly Candidate[]
  /** Asked only when the pod's wishes, or those of others, are about pods. */
  readonly placed: () => readonly Placed[]
  /** Where a claim's files are, or will be; undefined while that is open. */
  readonly homeOf: (namespace: string, claim: string) => string | undefined
  /** Pods that want to have nodes, or zones, without certain others. */
  readonly exclusive: () => readonly Placed[]
}
