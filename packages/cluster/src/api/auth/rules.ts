import { isObject, type Json, type JsonObject } from '@argosy/engine'
import type { Attributes } from '../http/identity.ts'

/** Kubernetes' PolicyRule: what a role allows. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  readonly verbs: readonly string[]
}

/** What somebody wants to do, without who. */
export type Wish = Omit<Attributes, 'identity'>

/** Whether one of the rules allows it. */
export function allows(rules: readonly PolicyRule[], wish: Wish): boolean {
  return rules.some((rule) => permits(rule, wish))
}

function permits(rule: PolicyRule, wish: Wish): boolean {
  if (!has(rule.verbs, wish.verb)) return false
  if (wish.path !== undefined) return coversPath(rule.nonResourceURLs ?? [], wish.path)
  return (
    has(rule.apiGroups ?? [], wish.group) &&
    coversResource(rule.resources ?? [], wish) &&
    coversName(rule.resourceNames ?? [], wish.name)
  )
}

export type Miss = 'verb' | 'resource' | 'name'

/** Why a rule does not allow something with a resource; nothing: it does. */
export function missesOf(rule: PolicyRule, wish: Wish): readonly Miss[] {
  const isThere =
    has(rule.apiGroups ?? [], wish.group) && coversResource(rule.resources ?? [], wish)
  return [
    ...(has(rule.verbs, wish.verb) ? [] : (['verb'] as const)),
    ...(isThere ? [] : (['resource'] as const)),
    ...(coversName(rule.resourceNames ?? [], wish.name) ? [] : (['name'] as const)),
  ]
}

function has(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted)
}

/** `pods` does not mean `pods/log`; a star alone means both, and before a slash the part of whatever has it. */
function coversResource(list: readonly string[], { resource, subresource }: Wish): boolean {
  if (subresource === undefined) return has(list, resource)
  return has(list, `${resource}/${subresource}`) || list.includes(`*/${subresource}`)
}

/** Who may touch named objects only may not create, for what is to be created has no name yet. */
function coversName(list: readonly string[], name: string | undefined): boolean {
  return list.length === 0 || (name !== undefined && list.includes(name))
}

/** Exactly, or below what ends in a star. */
function coversPath(list: readonly string[], path: string): boolean {
  return list.some(
    (one) =>
      one === '*' || one === path || (one.endsWith('*') && path.startsWith(one.slice(0, -1))),
  )
}

/** The rules in a role's manifest; what is none counts as allowing nothing. */
export function rulesIn(role: JsonObject): readonly PolicyRule[] {
  const { rules } = role
  return Array.isArray(rules) ? rules.filter(isObject).map(ruleOf) : []
}

function ruleOf(given: JsonObject): PolicyRule {
  const lists = ['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'] as const
  const present = lists.filter((name) => texts(given[name]).length > 0)
  return {
    verbs: texts(given['verbs']),
    ...Object.fromEntries(present.map((name) => [name, texts(given[name])])),
  }
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
