import type { Target } from './service-targets.ts'

/** Which pod the next client gets. */
export interface Choice {
  /** The pods to try, the best one first. */
  inOrder(client: string): readonly Target[]
  aim(targets: readonly Target[], isSticky: boolean): void
}

/** One after the other; with affinity, each client the same one as long as it is there. */
export function targetChoice(): Choice {
  let targets: readonly Target[] = []
  let isSticky = false
  let turn = 0
  return {
    inOrder(client) {
      if (targets.length === 0) return []
      const start = (isSticky ? hashOf(client) : turn++) % targets.length
      return [...targets.slice(start), ...targets.slice(0, start)]
    },
    aim(next, sticky) {
      targets = next
      isSticky = sticky
    },
  }
}

function hashOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 0)
}
