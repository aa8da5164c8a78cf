import type { Pod } from '@argosy/engine'
import { scaled } from '@argosy/kube/workload'

/** The pods that one node is to keep: neither ended nor leaving. */
export interface Daemons {
  readonly node: string
  readonly fresh: readonly Pod[]
  readonly stale: readonly Pod[]
  /** Some pod is still there, if only on its way out. */
  readonly isTaken: boolean
}

export interface Rollout {
  readonly maxSurge?: number | string
  readonly maxUnavailable?: number | string
}

export interface Turn {
  /** Names of nodes. */
  readonly create: readonly string[]
  readonly remove: readonly Pod[]
}

interface Seen {
  readonly all: readonly Daemons[]
  readonly isAvailable: (pod: Pod) => boolean
}

/** Which pods of an old template make room, and which new ones come beside them, as Kubernetes' DaemonSet controller goes on. */
export function nextTurn(rollout: Rollout, seen: Seen): Turn {
  const count = seen.all.length
  const surge = scaled(rollout.maxSurge, count, Math.ceil) ?? 0
  if (surge > 0) return besides(seen, surge)
  return instead(seen, Math.max(1, scaled(rollout.maxUnavailable, count, Math.ceil) ?? 1))
}

/** An old one goes first. Those that do no work go at once. */
function instead({ all, isAvailable }: Seen, most: number): Turn {
  const works = ({ fresh, stale }: Daemons) => [...fresh, ...stale].some(isAvailable)
  const old = all.filter(({ fresh, stale }) => fresh.length === 0 && stale.length > 0)
  const room = Math.max(0, most - all.filter((one) => !works(one)).length)
  const twice = all.filter(({ fresh, stale }) => fresh.length > 0 && stale.length > 0)
  const going = [...twice, ...old.filter((one) => !works(one)), ...old.filter(works).slice(0, room)]
  return { create: [], remove: going.flatMap(({ stale }) => stale) }
}

/** A new one comes first, and the old one goes when that does its work. */
function besides({ all, isAvailable }: Seen, most: number): Turn {
  const old = all.filter(({ fresh, stale }) => fresh.length === 0 && stale.length > 0)
  const both = all.filter(({ fresh, stale }) => fresh.length > 0 && stale.length > 0)
  const done = both.filter(({ fresh }) => fresh.some(isAvailable))
  const room = Math.max(0, most - (both.length - done.length))
  const idle = old.filter(({ stale }) => !stale.some(isAvailable))
  const busy = old.filter(({ stale }) => stale.some(isAvailable)).slice(0, room)
  return {
    create: [...idle, ...busy].map(({ node }) => node),
    remove: done.flatMap(({ stale }) => stale),
  }
}
