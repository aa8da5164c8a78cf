import { isObject, type Json, type JsonObject } from '../spec/json.ts'
import type { NodeTable } from './nodes.ts'

/** The machines on which pods below this node have failed. argo: GetFailHosts. */
export function failedHosts(nodes: NodeTable, id: string): readonly string[] {
  const hosts = new Set<string>()
  const left = [id]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const node = nodes.get(next)
    if (node === undefined) continue
    const { type, hostNodeName, children } = node.status
    if (node.failedOrError && type === 'Pod' && hostNodeName) hosts.add(hostNodeName)
    left.push(...children)
  }
  return [...hosts]
}

const hostLabel = 'kubernetes.io/hostname'

/** An affinity that keeps off these machines as well. argo: AddHostnamesToAffinity. */
export function avoiding(
  affinity: JsonObject | undefined,
  hosts: readonly string[],
): JsonObject | undefined {
  if (hosts.length === 0) return affinity
  const nodeAffinity = objectOf(affinity?.['nodeAffinity'])
  const field = 'requiredDuringSchedulingIgnoredDuringExecution'
  const required = objectOf(nodeAffinity[field])
  const terms = listOf(required['nodeSelectorTerms'])
  const nodeSelectorTerms = withHosts(terms.length === 0 ? [{}] : terms, hosts)
  return {
    ...affinity,
    nodeAffinity: { ...nodeAffinity, [field]: { ...required, nodeSelectorTerms } },
  }
}

/** In the first term that has no expressions or such a one already, else in the first of all. */
function withHosts(terms: readonly JsonObject[], hosts: readonly string[]): JsonObject[] {
  const found = terms.findIndex((term) => {
    const expressions = listOf(term['matchExpressions'])
    return expressions.length === 0 || expressions.some(isOurs)
  })
  return terms.map((term, index) => {
    if (index !== Math.max(0, found)) return term
    const expressions = listOf(term['matchExpressions'])
    const own = expressions.find(isOurs)
    const before = Array.isArray(own?.['values']) ? own['values'] : []
    const values: Json[] = [...new Set([...before, ...hosts])]
    const expression = { key: hostLabel, operator: 'NotIn', values }
    const others = expressions.map((one) => (one === own ? expression : one))
    return { ...term, matchExpressions: own === undefined ? [...others, expression] : others }
  })
}

function isOurs({ key, operator }: JsonObject): boolean {
  return key === hostLabel && operator === 'NotIn'
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
