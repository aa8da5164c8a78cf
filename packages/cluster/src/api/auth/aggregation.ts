import { isObject, type Json, type JsonObject, matchesLabelSelector } from '@argosy/engine'
import { equalJson } from '@argosy/kube'

/** A ClusterRole as aggregation sees it. */
type RoleObject = JsonObject

/** The rules that a ClusterRole gathers from others by their labels; undefined when it gathers none. */
function gathered(role: RoleObject, all: readonly RoleObject[]): readonly Json[] | undefined {
  const { aggregationRule } = role
  if (!isObject(aggregationRule)) return undefined
  const others = all.filter((other) => nameOf(other) !== nameOf(role))
  const rules = listOf(aggregationRule['clusterRoleSelectors'])
    .filter(isObject)
    .flatMap((selector) =>
      others.filter((other) => matchesLabelSelector(selector, labelsOf(other))),
    )
    .flatMap((other) => listOf(other['rules']))
  return distinct(rules)
}

function distinct(rules: readonly Json[]): readonly Json[] {
  return rules.filter((rule, index) => rules.findIndex((one) => equalJson(one, rule)) === index)
}

/** What the aggregated roles' rules have to become, roles that gather from gathered ones too. */
export function aggregate(all: readonly RoleObject[]): ReadonlyMap<string, readonly Json[]> {
  const changed = new Map<string, readonly Json[]>()
  let roles = all
  // Each round carries rules one role further; roles that gather from each other settle, for rules only grow.
  for (let round = 0; round <= all.length; round++) {
    let isStill = true
    roles = roles.map((role) => {
      const rules = gathered(role, roles)
      if (!rules || equalJson(rules as Json, role['rules'] ?? [])) return role
      isStill = false
      changed.set(nameOf(role), rules)
      return { ...role, rules: rules as Json }
    })
    if (isStill) break
  }
  return changed
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function nameOf(role: RoleObject): string {
  return String(metadataOf(role)['name'])
}

function labelsOf(role: RoleObject): JsonObject {
  const { labels } = metadataOf(role)
  return isObject(labels) ? labels : {}
}

function metadataOf({ metadata }: RoleObject): JsonObject {
  return isObject(metadata) ? metadata : {}
}
