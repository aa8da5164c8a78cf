import { isObject, type JsonObject, type Pod } from '@argosy/engine'
import { wantsNode } from '@argosy/kube/placement'
import { type LabelSelector, matchSelector } from '@argosy/kube/workload'
import type { Candidate, Scene } from './candidate.ts'
import { withKeys } from './pod-affinity.ts'

/** How evenly pods of one sort are to lie over nodes or zones, seen at one time. */
export interface Spread {
  /** Why the pod cannot be there, in kube-scheduler's words. */
  readonly objection: (node: Candidate) => string | undefined
  /** The more, the fewer of its sort are there. */
  readonly preference: (node: Candidate) => number
}

/** Undefined when the pod asks for none. */
export function spreadOf(pod: Pod, { candidates, placed }: Scene): Spread | undefined {
  const constraints = pod.spec.topologySpreadConstraints ?? []
  if (constraints.length === 0) return undefined
  const others = placed()
  const rules = constraints.map((one) => ruleOf(one, pod, candidates, others))
  return {
    objection(node) {
      for (const { isHard, objection } of rules) {
        const why = isHard ? objection(node) : undefined
        if (why !== undefined) return why
      }
      return undefined
    },
    preference: (node) =>
      -rules.reduce((sum, { isHard, count }) => sum + (isHard ? 0 : count(node)), 0),
  }
}

/** What a constraint has that nobody heeds here. */
export function unheededOfSpread({ spec }: Pod): string | undefined {
  const odd = spec.topologySpreadConstraints?.find(
    ({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor',
  )
  return odd && 'spec.topologySpreadConstraints: nodeTaintsPolicy'
}

interface Rule {
  readonly isHard: boolean
  readonly objection: (node: Candidate) => string | undefined
  readonly count: (node: Candidate) => number
}

function ruleOf(
  constraint: JsonObject,
  pod: Pod,
  candidates: readonly Candidate[],
  others: ReturnType<Scene['placed']>,
): Rule {
  const { topologyKey, whenUnsatisfiable, maxSkew, matchLabelKeys } = constraint
  const key = String(topologyKey)
  const selector = withKeys(
    isObject(constraint['labelSelector'])
      ? (constraint['labelSelector'] as LabelSelector)
      : undefined,
    matchLabelKeys,
    pod.metadata,
  )
  const counts = domains(constraint, pod, candidates)
  const places = new Map(candidates.map(({ name, labels }) => [name, labels[key]]))
  for (const other of others) {
    const place = places.get(other.node)
    const before = place === undefined ? undefined : counts.get(place)
    if (place !== undefined && before !== undefined && isOfSort(other.pod, pod, selector)) {
      counts.set(place, before + 1)
    }
  }
  const self = matchSelector(selector, pod.metadata.labels) ? 1 : 0
  const least = leastOf(counts, constraint)
  const count = ({ labels }: Candidate) => counts.get(labels[key] ?? '') ?? 0
  return {
    isHard: whenUnsatisfiable !== 'ScheduleAnyway',
    count,
    objection(node) {
      const words = "node(s) didn't match pod topology spread constraints"
      if (node.labels[key] === undefined) return `${words} (missing required label)`
      return count(node) + self - least > Number(maxSkew) ? words : undefined
    },
  }
}

/** The places among which the pods are spread, with nobody there yet. */
function domains(
  { topologyKey, nodeAffinityPolicy }: JsonObject,
  { spec }: Pod,
  candidates: readonly Candidate[],
): Map<string, number> {
  const counts = new Map<string, number>()
  for (const one of candidates) {
    const place = one.labels[String(topologyKey)]
    const counted = nodeAffinityPolicy === 'Ignore' || wantsNode(spec, one)
    if (place !== undefined && counted) counts.set(place, 0)
  }
  return counts
}

/** With fewer places than there should be, the ones that are missing count as empty. */
function leastOf(counts: ReadonlyMap<string, number>, { minDomains }: JsonObject): number {
  if (counts.size < Number(minDomains ?? 1)) return 0
  return Math.min(...counts.values())
}

function isOfSort(other: Pod, pod: Pod, selector: LabelSelector | undefined): boolean {
  return (
    other.metadata.namespace === pod.metadata.namespace &&
    other.metadata.deletionTimestamp === undefined &&
    matchSelector(selector, other.metadata.labels)
  )
}
