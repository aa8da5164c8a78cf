import { isObject, type Json, type JsonObject } from '../spec/json.ts'

/** Lists that are merged item by item, and the member that identifies an item. */
const mergeKeys: Readonly<Record<string, string>> = {
  artifacts: 'name',
  containers: 'name',
  env: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  parameters: 'name',
  ports: 'containerPort',
  sidecars: 'name',
  tasks: 'name',
  templates: 'name',
  tolerations: 'key',
  volumeMounts: 'mountPath',
  volumes: 'name',
}

/** Strategic merge as Kubernetes does it: `over` wins, maps merge, lists merge where items have an identity. */
export function strategicMerge<T extends object>(under: T, over: T): T {
  return mergeMaps(under as unknown as JsonObject, over as unknown as JsonObject) as unknown as T
}

function mergeMaps(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined || value === null) continue
    merged[key] = mergeMember(key, under[key], value)
  }
  return merged
}

function mergeMember(key: string, under: Json | undefined, over: Json): Json {
  if (isObject(under) && isObject(over)) return mergeMaps(under, over)
  const identity = Object.hasOwn(mergeKeys, key) ? mergeKeys[key] : undefined
  if (identity === undefined || !Array.isArray(under) || !Array.isArray(over)) return over
  return mergeLists(under as readonly Json[], over as readonly Json[], identity)
}

function mergeLists(under: readonly Json[], over: readonly Json[], identity: string): Json[] {
  const idOf = (item: Json) => (isObject(item) ? (item[identity] as Json) : item)
  const overIds = new Set(over.map(idOf))
  const underById = new Map(under.map((item) => [idOf(item), item]))
  const merged = over.map((item) => {
    const base = underById.get(idOf(item))
    return isObject(base) && isObject(item) ? mergeMaps(base, item) : item
  })
  const kept = under.filter((item) => !overIds.has(idOf(item)))
  return interleave(kept, merged, under.map(idOf), idOf)
}

// An item that only the lower list has stands before the next one that both have; else the upper's come first.
function interleave(
  kept: readonly Json[],
  merged: readonly Json[],
  order: readonly Json[],
  idOf: (item: Json) => Json,
): Json[] {
  const all: Json[] = []
  let next = 0
  for (const item of merged) {
    const place = order.indexOf(idOf(item))
    for (; next < kept.length; next++) {
      const before = kept[next] as Json
      if (order.indexOf(idOf(before)) >= place) break
      all.push(before)
    }
    all.push(item)
  }
  return [...all, ...kept.slice(next)]
}
