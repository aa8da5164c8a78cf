import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'

const hostname = 'kubernetes.io/hostname'

/** The affinity of a volume whose files are on one node. */
export function onlyOn(node: string): JsonObject {
  const term = { matchExpressions: [{ key: hostname, operator: 'In', values: [node] }] }
  return { required: { nodeSelectorTerms: [term] } }
}

/** The node where a volume's files are; undefined when it does not say that they are on one. */
export function homeOfVolume(volume: KubeObject & { readonly spec: object }): string | undefined {
  const { nodeAffinity } = volume.spec as JsonObject
  const [term, ...more] = listAt(nodeAffinity, 'required', 'nodeSelectorTerms')
  const [first, ...others] = listAt(term, 'matchExpressions')
  if (!isObject(first) || more.length + others.length > 0) return undefined
  const [value, ...values] = listAt(first, 'values')
  const isOne = first['key'] === hostname && first['operator'] === 'In' && values.length === 0
  return isOne && typeof value === 'string' ? value : undefined
}

function listAt(from: Json | undefined, ...path: readonly string[]): readonly Json[] {
  let found = from
  for (const name of path) found = isObject(found) ? found[name] : undefined
  return Array.isArray(found) ? found : []
}
