import type { Identity } from '../http/identity.ts'
import type { PolicyRule } from './rules.ts'

/** What of `wanted` nobody gives who holds `held`: rules of one verb and one thing each. */
export function missingRights(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  return wanted.flatMap(brokenDown).filter((part) => !held.some((rule) => covers(rule, part)))
}

/** The refusal of who would give more than he has. */
export function grantsTooMuch({ user, groups }: Identity, missing: readonly PolicyRule[]): string {
  const lines = [...new Set(compact(missing).map(ruleText))].sort()
  return `user ${JSON.stringify(user)} (groups=${quoted(groups)}) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`
}

function brokenDown(rule: PolicyRule): readonly PolicyRule[] {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } = rule
  const names =
    resourceNames.length === 0 ? [{}] : resourceNames.map((name) => ({ resourceNames: [name] }))
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          apiGroups: [group],
          resources: [resource],
          ...name,
          verbs: [verb],
        })),
      ),
    ),
  )
  const onPaths = nonResourceURLs.flatMap((url) =>
    verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })),
  )
  return [...onResources, ...onPaths]
}

function covers(rule: PolicyRule, part: PolicyRule): boolean {
  return (
    hasAll(rule.verbs, part.verbs) &&
    hasAll(rule.apiGroups, part.apiGroups) &&
    (part.resources ?? []).every((one) => coversResource(rule.resources ?? [], one)) &&
    (part.nonResourceURLs ?? []).every((one) => coversUrl(rule.nonResourceURLs ?? [], one)) &&
    coversNames(rule.resourceNames ?? [], part.resourceNames ?? [])
  )
}

function hasAll(list: readonly string[] = [], wanted: readonly string[] = []): boolean {
  return list.includes('*') || wanted.every((one) => list.includes(one))
}

function coversResource(list: readonly string[], wanted: string): boolean {
  if (list.includes('*') || list.includes(wanted)) return true
  const slash = wanted.indexOf('/')
  return slash >= 0 && list.includes(`*${wanted.slice(slash)}`)
}

function coversUrl(list: readonly string[], wanted: string): boolean {
  return list.some(
    (one) =>
      one === '*' || one === wanted || (one.endsWith('*') && wanted.startsWith(one.slice(0, -1))),
  )
}

/** Who holds a right on all names holds it on each; never the other way. */
function coversNames(list: readonly string[], wanted: readonly string[]): boolean {
  if (list.length === 0) return true
  return wanted.length > 0 && wanted.every((one) => list.includes(one))
}

/** One rule for all verbs on the same thing. */
function compact(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const byThing = new Map<string, PolicyRule>()
  for (const { verbs, ...thing } of rules) {
    const key = JSON.stringify(thing)
    byThing.set(key, { ...thing, verbs: [...(byThing.get(key)?.verbs ?? []), ...verbs] })
  }
  // The paths stay apart, as with Kubernetes.
  return [...byThing.values()].flatMap((rule) =>
    rule.nonResourceURLs ? rule.verbs.map((verb) => ({ ...rule, verbs: [verb] })) : [rule],
  )
}

function ruleText(rule: PolicyRule): string {
  const parts = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const
  const present = parts.filter(([, list]) => list && list.length > 0)
  return `{${present.map(([name, list]) => `${name}:${quoted(list ?? [])}`).join(', ')}}`
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((one) => JSON.stringify(one)).join(' ')}]`
}
