import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MergeRules,
  mergeRulesOf,
  strategicMerge,
} from '@argosy/engine'
import { apiVersionOf, applyMergePatch, type Resource, StatusError } from '@argosy/kube'
import { asJson } from './manifest.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** How objects of a kind are merged; undefined for kinds that only a CustomResourceDefinition describes. */
export function rulesOf(resource: Resource): MergeRules | undefined {
  return mergeRulesOf(apiVersionOf(resource), resource.kind)
}

/** The manifest with itself written into it, so that the next `apply` knows what this one asked for. */
export function recorded(object: KubeObject): KubeObject {
  const { annotations: { [annotation]: _, ...others } = {}, ...metadata } = object.metadata
  const plain = { ...object, metadata: { ...metadata, annotations: others } }
  const annotations = { ...others, [annotation]: `${JSON.stringify(plain)}\n` }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** kubectl's three-way merge: what an earlier `apply` asked for and this one does not, goes. */
export function applied(live: KubeObject, wanted: KubeObject): KubeObject {
  const before = lastApplied(live)
  const rules = mergeRulesOf(live.apiVersion, live.kind)
  const left = before ? merged(live, forgotten(before, asJson(wanted), rules ?? {})) : live
  return merged(left, asJson(recorded(wanted)))
}

/** Kubernetes' own kinds are merged strategically, all others as plain JSON. */
export function merged(live: KubeObject, patch: JsonObject): KubeObject {
  const rules = mergeRulesOf(live.apiVersion, live.kind)
  if (!rules) return applyMergePatch(asJson(live), patch) as unknown as KubeObject
  const result = strategicMerge(asJson(live), patch, rules)
  if ('value' in result) return result.value as unknown as KubeObject
  throw new StatusError(result.code === 422 ? 'Invalid' : 'BadRequest', result.problem)
}

function lastApplied({ metadata }: KubeObject): JsonObject | undefined {
  try {
    const before: unknown = JSON.parse(metadata.annotations?.[annotation] ?? '')
    return isObject(before) ? before : undefined
  } catch {
    // Anybody may write an annotation.
    return undefined
  }
}

/** The patch that removes what is in `before` and not in `wanted`. */
function forgotten(before: JsonObject, wanted: JsonObject, rules: MergeRules): JsonObject {
  const patch: Record<string, Json> = {}
  for (const [name, old] of Object.entries(before)) {
    const now = wanted[name]
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (now === undefined) patch[name] = null
    else if (isObject(old) && isObject(now)) patch[name] = forgotten(old, now, rule?.of ?? {})
    else if (rule?.key !== undefined) patch[name] = forgottenItems(old, now, rule.key)
  }
  return patch
}

function forgottenItems(old: Json | undefined, now: Json, key: string): readonly Json[] {
  const idsOf = (list: Json | undefined) =>
    Array.isArray(list) ? list.filter(isObject).map((item) => item[key] ?? null) : []
  const kept = new Set(idsOf(now).map((id) => JSON.stringify(id)))
  return idsOf(old)
    .filter((id) => !kept.has(JSON.stringify(id)))
    .map((id) => ({ $patch: 'delete', [key]: id }))
}
