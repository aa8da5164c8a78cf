import type { Pod } from '@argosy/engine'
import { createdAt } from '@argosy/kube/workload'
import {
  availableIn,
  bounds,
  type Deployment,
  desiredKey,
  isRolling,
  maxKey,
  type OwnSet,
  sizeOf,
  sum,
  wantedBy,
} from './deployment.ts'

/** New sizes for sets; those that are not in it stay as they are. */
export type Sizes = ReadonlyMap<OwnSet, number>

const unchanged: Sizes = new Map()

/** How big a set of the present template may be now. */
export function newSize(
  deployment: Deployment,
  current: OwnSet | undefined,
  all: readonly OwnSet[],
): number {
  const wanted = wantedBy(deployment)
  const has = current ? sizeOf(current) : 0
  if (!isRolling(deployment)) return wanted
  if (has >= wanted) return wanted
  const room = wanted + bounds(deployment).surge - sum(all, sizeOf)
  return room <= 0 ? has : has + Math.min(room, wanted - has)
}

/** A step of a rolling update: the new set grows as far as surge allows, else old ones shrink as availability allows. */
export function roll(deployment: Deployment, current: OwnSet, old: readonly OwnSet[]): Sizes {
  const size = newSize(deployment, current, [current, ...old])
  if (size !== sizeOf(current)) return new Map([[current, size]])
  const minimum = wantedBy(deployment) - bounds(deployment).unavailable
  const missing = sizeOf(current) - availableIn(current)
  const total = sum([current, ...old], sizeOf)
  const spare = total - minimum - missing
  if (spare <= 0 || sum(old, sizeOf) === 0) return unchanged
  const oldest = [...old].sort((a, b) => createdAt(a) - createdAt(b))
  const sizes = new Map<OwnSet, number>()
  // What is not available is no loss.
  let left = shrink(oldest, sizes, spare, (set) => Math.max(0, sizeOf(set) - availableIn(set)))
  const available = sum([current, ...old], availableIn)
  left = Math.min(left, available - minimum)
  shrink(oldest, sizes, left, (set) => sizes.get(set) ?? sizeOf(set))
  return sizes
}

/** Takes up to `budget` pods from the sets in order; says what is left of it. */
function shrink(
  sets: readonly OwnSet[],
  sizes: Map<OwnSet, number>,
  budget: number,
  most: (set: OwnSet) => number,
): number {
  let left = budget
  for (const set of sets) {
    const taken = Math.min(left, most(set))
    if (taken <= 0) continue
    sizes.set(set, (sizes.get(set) ?? sizeOf(set)) - taken)
    left -= taken
  }
  return left
}

/** A step of a replacement: nothing new before the last old pod is gone. */
export function recreate(
  deployment: Deployment,
  current: OwnSet | undefined,
  situation: { readonly old: readonly OwnSet[]; readonly oldPods: readonly Pod[] },
): Sizes | 'wait' {
  const big = situation.old.filter((set) => sizeOf(set) > 0)
  if (big.length > 0) return new Map(big.map((set) => [set, 0]))
  const ended = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed'
  if (situation.oldPods.some((pod) => !ended(pod))) return 'wait'
  const wanted = wantedBy(deployment)
  return current && sizeOf(current) !== wanted ? new Map([[current, wanted]]) : unchanged
}

/** The deployment was scaled while more than one set has pods. */
export function isScaled(deployment: Deployment, all: readonly OwnSet[]): boolean {
  return all
    .filter((set) => sizeOf(set) > 0)
    .some(({ metadata }) => {
      const desired = metadata.annotations?.[desiredKey]
      return desired !== undefined && Number(desired) !== wantedBy(deployment)
    })
}

/** A new size is shared out among the sets, each by what it has. */
export function rescale(
  deployment: Deployment,
  current: OwnSet | undefined,
  old: readonly OwnSet[],
): Sizes {
  const wanted = wantedBy(deployment)
  const all = current ? [current, ...old] : old
  const active = all.filter((set) => sizeOf(set) > 0)
  const newestFirst = [...all].sort((a, b) => createdAt(b) - createdAt(a))
  const only = active.length > 1 ? undefined : (active[0] ?? current ?? newestFirst[0])
  if (only) return sizeOf(only) === wanted ? unchanged : new Map([[only, wanted]])
  if (current && sizeOf(current) === wanted && availableIn(current) === wanted) {
    return new Map(old.filter((set) => sizeOf(set) > 0).map((set) => [set, 0]))
  }
  return isRolling(deployment) ? shared(deployment, active) : unchanged
}

function shared(deployment: Deployment, active: readonly OwnSet[]): Sizes {
  const wanted = wantedBy(deployment)
  const allowed = wanted > 0 ? wanted + bounds(deployment).surge : 0
  const toAdd = allowed - sum(active, sizeOf)
  const order = [...active].sort((a, b) => {
    const [large, small] = toAdd > 0 ? [b, a] : [a, b]
    return sizeOf(large) - sizeOf(small) || createdAt(b) - createdAt(a)
  })
  const sizes = new Map<OwnSet, number>()
  let added = 0
  for (const set of order) {
    const share = toAdd === 0 ? 0 : portion(deployment, set, { allowed, left: toAdd - added })
    sizes.set(set, sizeOf(set) + share)
    added += share
  }
  const [first] = order
  if (first) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + toAdd - added))
  return sizes
}

function portion(
  deployment: Deployment,
  set: OwnSet,
  { allowed, left }: { readonly allowed: number; readonly left: number },
): number {
  const size = sizeOf(set)
  if (allowed === 0) return -size
  const before =
    Number(set.metadata.annotations?.[maxKey]) || deployment.status?.replicas || allowed
  const change = Math.round((size * allowed) / before) - size
  return left > 0 ? Math.min(change, left) : Math.max(change, left)
}
