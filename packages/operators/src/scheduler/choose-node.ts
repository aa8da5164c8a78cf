import type { Pod } from '@argosy/engine'
import {
  type Amounts,
  isTolerated,
  nodePreference,
  podRequests,
  turnedAway,
  wantsNode,
} from '@argosy/kube/placement'
import type { Candidate, Scene } from './candidate.ts'
import { type Company, companyOf, unheededOfTerms } from './pod-affinity.ts'
import { type Spread, spreadOf, unheededOfSpread } from './topology-spread.ts'

export type Placement = { readonly node: string } | { readonly message: string }

/**
 * The node that a pod likes best of those that can take it; of equals the one with the fewest pods. What may be and how
 * it is said is kube-scheduler's; how likings are weighed against each other, too, but not its care for an even load.
 */
export function chooseNode(pod: Pod, scene: Scene): Placement {
  const { candidates } = scene
  if (candidates.length === 0) return { message: 'no nodes available to schedule pods' }
  const unheeded = unheededOfTerms(pod) ?? unheededOfSpread(pod)
  if (unheeded !== undefined) return { message: `${unheeded} is not supported: leave it out` }
  const wishes: Wishes = {
    pod,
    requests: podRequests(pod),
    spread: spreadOf(pod, scene),
    company: companyOf(pod, scene),
    homes: homesOf(pod, scene),
  }
  const possible: Candidate[] = []
  const reasons = new Map<string, number>()
  for (const one of candidates) {
    const found = objections(wishes, one)
    if (found.length === 0) possible.push(one)
    for (const why of found) reasons.set(why, (reasons.get(why) ?? 0) + 1)
  }
  const best = bestOf(possible, wishes)
  if (best) return { node: best.name }
  const words = [...reasons].map(([why, count]) => `${count} ${why}`).sort()
  return { message: `0/${candidates.length} nodes are available: ${words.join(', ')}.` }
}

interface Wishes {
  readonly pod: Pod
  readonly requests: Amounts
  readonly spread: Spread | undefined
  readonly company: Company | undefined
  /** Where the files of its claims are. */
  readonly homes: ReadonlySet<string>
}

/** The first thing that is wrong; of what the node has too little of, all. In kube-scheduler's order and words. */
function objections(
  { pod, requests, spread, company, homes }: Wishes,
  one: Candidate,
): readonly string[] {
  const { spec } = pod
  const away = turnedAway(spec.tolerations, one.standing)
  if (away !== undefined) return [away]
  if (!one.isReady) return ['node(s) had untolerated taint {node.kubernetes.io/unreachable: }']
  if (!wantsNode(spec, one)) return ["node(s) didn't match Pod's node affinity/selector"]
  const lacking = lacks(requests, one)
  if (lacking.length > 0) return lacking
  if (homes.size > 1 || (homes.size === 1 && !homes.has(one.name)))
    return ['node(s) had volume node affinity conflict']
  const near = spread?.objection(one) ?? company?.objection(one)
  return near === undefined ? [] : [near]
}

function homesOf({ metadata, spec }: Pod, { homeOf }: Scene): ReadonlySet<string> {
  const names = claimsOf(spec)
  const homes = names.map((name) => homeOf(metadata.namespace ?? 'default', name))
  return new Set(homes.filter((home) => home !== undefined))
}

/** The claims that a pod has files from. */
export function claimsOf({ volumes = [] }: Pod['spec']): readonly string[] {
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
}

function lacks(requests: Amounts, { pods, room, free }: Candidate): readonly string[] {
  const short = Object.entries(requests)
    .filter(([name, amount]) => amount > 0 && amount > (free[name] ?? 0))
    .map(([name]) => `Insufficient ${name}`)
  return pods >= room ? ['Too many pods', ...short] : short
}

function bestOf(possible: readonly Candidate[], wishes: Wishes): Candidate | undefined {
  if (possible.length < 2) return possible[0]
  const scores = scoresOf(possible, wishes)
  let best: { readonly one: Candidate; readonly score: number } | undefined
  for (const [index, one] of possible.entries()) {
    const score = scores[index] ?? 0
    if (!best || score > best.score || (score === best.score && one.pods < best.one.pods)) {
      best = { one, score }
    }
  }
  return best?.one
}

/** kube-scheduler's weights of what is liked. */
function scoresOf(
  nodes: readonly Candidate[],
  { pod: { spec }, spread, company }: Wishes,
): readonly number[] {
  const unliked = ({ standing }: Candidate) =>
    -standing.taints.filter(
      (taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(taint, spec.tolerations),
    ).length
  const parts = [
    weighed(3, nodes, unliked),
    weighed(2, nodes, spec.affinity && ((one) => nodePreference(spec, one))),
    weighed(2, nodes, spread?.preference),
    weighed(2, nodes, company?.preference),
  ]
  return nodes.map((_, index) => parts.reduce((sum, part) => sum + (part[index] ?? 0), 0))
}

/** From 0 for the least liked node to 100 times the weight for the one that is liked best. */
function weighed(
  weight: number,
  nodes: readonly Candidate[],
  like: ((node: Candidate) => number) | undefined,
): readonly number[] {
  if (!like) return []
  const likings = nodes.map(like)
  const least = Math.min(...likings)
  const width = Math.max(...likings) - least
  return width === 0 ? [] : likings.map((one) => ((one - least) / width) * 100 * weight)
}
