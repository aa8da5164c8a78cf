import { isObject, type Json, type JsonObject, type Pod } from '@argosy/engine'
import { type LabelSelector, matchSelector } from '@argosy/kube/workload'
import type { Candidate, Placed, Scene } from './candidate.ts'

/** Which pods a term is about, and how near "near" is. */
interface Term {
  readonly topologyKey: string
  readonly isAbout: (other: Pod) => boolean
}

/** How many of the pods that a term is about are in each place that its `topologyKey` tells apart. */
type Census = ReadonlyMap<string, number>

/** What a pod asks of pods near to it, seen at one time. */
export interface Company {
  /** Why the pod cannot be there, in kube-scheduler's words. */
  readonly objection: (node: Candidate) => string | undefined
  /** The weights of what it would like there, less those of what it would not. */
  readonly preference: (node: Candidate) => number
}

/** Undefined when neither the pod nor any other asks for company, or to be alone. */
export function companyOf(pod: Pod, scene: Scene): Company | undefined {
  const wanted = termsOf(pod, 'podAffinity', required)
  const unwanted = termsOf(pod, 'podAntiAffinity', required)
  const liked = preferences(pod)
  const others = scene.exclusive()
  if (wanted.length + unwanted.length + liked.length + others.length === 0) return undefined
  const nodes = new Map(scene.candidates.map((one) => [one.name, one]))
  const placed = wanted.length + unwanted.length + liked.length > 0 ? scene.placed() : []
  const count = (term: Term) => census(term, placed, nodes)
  const near = nearness(pod, wanted, placed, nodes)
  const apart = unwanted.map((term) => ({ term, counts: count(term) }))
  const closed = closedPlaces(pod, others, nodes)
  const scores = liked.map(({ term, weight }) => ({ term, weight, counts: count(term) }))
  return {
    objection(node) {
      if (!near(node)) return "node(s) didn't match pod affinity rules"
      if (apart.some(({ term, counts }) => countAt(term, counts, node) > 0))
        return "node(s) didn't match pod anti-affinity rules"
      return closed(node) ? "node(s) didn't satisfy existing pods anti-affinity rules" : undefined
    },
    preference: (node) =>
      scores.reduce(
        (sum, { term, weight, counts }) => sum + weight * countAt(term, counts, node),
        0,
      ),
  }
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

type Sort = 'podAffinity' | 'podAntiAffinity'

/** Whether other pods have to look where this one is. */
export function isExclusive(pod: Pod): boolean {
  return listOf(pod, 'podAntiAffinity', required).length > 0
}

/** Whether the pod's place depends on where other pods are. */
export function asksForCompany({ spec }: Pod): boolean {
  return isObject(spec.affinity?.['podAffinity']) || isObject(spec.affinity?.['podAntiAffinity'])
}

/** What a term has that nobody heeds here; it would be wrong to place the pod all the same. */
export function unheededOfTerms(pod: Pod): string | undefined {
  for (const sort of ['podAffinity', 'podAntiAffinity'] as const) {
    const terms = [
      ...listOf(pod, sort, required),
      ...listOf(pod, sort, preferred).map(({ podAffinityTerm }) => podAffinityTerm),
    ].filter(isObject)
    for (const { namespaceSelector, mismatchLabelKeys } of terms) {
      if (isObject(namespaceSelector) && Object.keys(namespaceSelector).length > 0)
        return `spec.affinity.${sort}: namespaceSelector`
      if (mismatchLabelKeys !== undefined) return `spec.affinity.${sort}: mismatchLabelKeys`
    }
  }
  return undefined
}

function listOf({ spec }: Pod, sort: Sort, how: string): readonly JsonObject[] {
  const rules = spec.affinity?.[sort]
  const list = isObject(rules) ? rules[how] : undefined
  return Array.isArray(list) ? list.filter(isObject) : []
}

function termsOf(pod: Pod, sort: Sort, how: string): readonly Term[] {
  return listOf(pod, sort, how).map((one) => termOf(one, pod))
}

function preferences(pod: Pod): readonly { readonly term: Term; readonly weight: number }[] {
  const read = (sort: Sort, sign: 1 | -1) =>
    listOf(pod, sort, preferred).flatMap(({ weight, podAffinityTerm }) =>
      isObject(podAffinityTerm)
        ? [{ term: termOf(podAffinityTerm, pod), weight: sign * Number(weight) }]
        : [],
    )
  return [...read('podAffinity', 1), ...read('podAntiAffinity', -1)]
}

/** Without namespaces a term is about pods of its own pod's. */
function termOf(term: JsonObject, { metadata }: Pod): Term {
  const { topologyKey, labelSelector, namespaces, namespaceSelector, matchLabelKeys } = term
  const named = Array.isArray(namespaces) ? namespaces : []
  const own = named.length === 0 && namespaceSelector === undefined ? [metadata.namespace] : []
  const places = new Set<Json | undefined>([...named, ...own])
  const isEverywhere = isObject(namespaceSelector)
  const selector = withKeys(labelSelector as LabelSelector | undefined, matchLabelKeys, metadata)
  return {
    topologyKey: String(topologyKey),
    isAbout: (other) =>
      (isEverywhere || places.has(other.metadata.namespace)) &&
      matchSelector(selector, other.metadata.labels),
  }
}

/** Of these labels others must have what the pod itself has. */
export function withKeys(
  selector: LabelSelector | undefined,
  keys: Json | undefined,
  { labels = {} }: Pod['metadata'],
): LabelSelector | undefined {
  if (selector === undefined || !Array.isArray(keys)) return selector
  const also = keys.flatMap((key) => {
    const value = labels[String(key)]
    return value === undefined ? [] : [{ key: String(key), operator: 'In', values: [value] }]
  })
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...also] }
}

type Nodes = ReadonlyMap<string, Candidate>

function census(term: Term, placed: readonly Placed[], nodes: Nodes): Census {
  const counts = new Map<string, number>()
  for (const { pod, node } of placed) {
    const place = nodes.get(node)?.labels[term.topologyKey]
    if (place !== undefined && term.isAbout(pod)) counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return counts
}

function countAt({ topologyKey }: Term, counts: Census, { labels }: Candidate): number {
  const place = labels[topologyKey]
  return place === undefined ? 0 : (counts.get(place) ?? 0)
}

/** Whether a node is near pods that all terms are about. The first of pods that want to be together may be anywhere. */
function nearness(
  pod: Pod,
  terms: readonly Term[],
  placed: readonly Placed[],
  nodes: Nodes,
): (node: Candidate) => boolean {
  if (terms.length === 0) return () => true
  const wanted = placed.filter((one) => terms.every(({ isAbout }) => isAbout(one.pod)))
  const counted = terms.map((term) => ({ term, counts: census(term, wanted, nodes) }))
  const isFirst =
    counted.every(({ counts }) => counts.size === 0) && terms.every(({ isAbout }) => isAbout(pod))
  return (node) =>
    counted.every(({ term, counts }) => {
      if (node.labels[term.topologyKey] === undefined) return false
      return isFirst || countAt(term, counts, node) > 0
    })
}

/** Where pods are that want nobody like this one near to them. */
function closedPlaces(
  pod: Pod,
  others: readonly Placed[],
  nodes: Nodes,
): (node: Candidate) => boolean {
  const closed = new Set<string>()
  for (const other of others) {
    for (const { topologyKey, isAbout } of termsOf(other.pod, 'podAntiAffinity', required)) {
      const place = nodes.get(other.node)?.labels[topologyKey]
      if (place !== undefined && isAbout(pod)) closed.add(JSON.stringify([topologyKey, place]))
    }
  }
  const keys = [...closed].map((one) => JSON.parse(one) as readonly [string, string])
  return ({ labels }) => keys.some(([key, value]) => labels[key] === value)
}
