import type { JsonObject } from '@argosy/engine'
import type { Identity } from '../http/identity.ts'
import { type Grant, grantOf, keysOf, type RoleRef } from './grants.ts'
import { allows, missesOf, type PolicyRule, rulesIn, type Wish } from './rules.ts'

/** The roles and bindings of a cluster, as their manifests say. */
export interface Bound {
  readonly roles: readonly JsonObject[]
  readonly bindings: readonly JsonObject[]
}

export interface AccessExplained {
  readonly allowed: boolean
  /** What gives the right; or, the nearest first, what fails to. */
  readonly because: readonly string[]
}

interface Gift {
  readonly grant: Grant
  /** Undefined: there is no such role. */
  readonly rules: readonly PolicyRule[] | undefined
  /** Which of its subjects the asker is. */
  readonly subject: string | undefined
  /** Whether it counts where the wish is. */
  readonly isHere: boolean
}

const mostReasons = 5

/** By which binding somebody may do something; or which of them nearly gives it, and what it lacks. */
export function explainAccess(identity: Identity, wish: Wish, bound: Bound): AccessExplained {
  if (identity.groups.includes('system:masters')) {
    return { allowed: true, because: ['the group system:masters may do everything'] }
  }
  const gifts = giftsOf(identity, wish, bound)
  const granting = gifts.filter(
    ({ subject, isHere, rules }) => subject && isHere && allows(rules ?? [], wish),
  )
  if (granting.length > 0) {
    return { allowed: true, because: granting.map((gift) => `${sentence(gift)} ${toWhom(gift)}`) }
  }
  const nearest = gifts
    .flatMap((gift) => nearly(gift, wish))
    .sort((a, b) => a.distance - b.distance)
    .map(({ text }) => text)
  if (nearest.length > 0) return { allowed: false, because: nearest.slice(0, mostReasons) }
  const who = [`User "${identity.user}"`, ...identity.groups.map((group) => `Group "${group}"`)]
  return {
    allowed: false,
    because: [
      `no binding gives anything on ${wish.resource} to ${who.join(', ')}, and none that would allow it is for others`,
    ],
  }
}

function giftsOf(identity: Identity, wish: Wish, { roles, bindings }: Bound): readonly Gift[] {
  const known = new Map(roles.map((role) => [roleKey(role), rulesIn(role)]))
  const keys = keysOf(identity)
  return bindings.flatMap((binding) => {
    const grant = grantOf(binding)
    if (!grant) return []
    const { role, namespace, subjects } = grant
    const subject = subjects.find(({ key }) => keys.includes(key))?.text
    const rules = known.get(keyOf(role, namespace))
    return [{ grant, rules, subject, isHere: namespace === '' || namespace === wish.namespace }]
  })
}

function keyOf({ kind, name }: RoleRef, namespace: string): string {
  return `${kind}/${kind === 'Role' ? namespace : ''}/${name}`
}

function roleKey(role: JsonObject): string {
  const { name, namespace = '' } = (role['metadata'] ?? {}) as Record<string, string>
  return `${String(role['kind'])}/${namespace}/${name}`
}

interface Near {
  readonly distance: number
  readonly text: string
}

/** What a binding lacks to allow it: a verb, a name, the place, or whom it is for. */
function nearly(gift: Gift, wish: Wish): readonly Near[] {
  const { rules, subject, isHere } = gift
  if (subject && isHere) {
    if (!rules) {
      return [{ distance: 2, text: `${sentence(gift)} ${toWhom(gift)}, but there is no such role` }]
    }
    return lacking(gift, rules, wish)
  }
  if (!allows(rules ?? [], wish)) return []
  if (subject) {
    const where = wish.namespace
      ? `only in the namespace ${gift.grant.namespace}`
      : `only in the namespace ${gift.grant.namespace}, and this is asked of the whole cluster`
    return [{ distance: 3, text: `${sentence(gift)} ${toWhom(gift)}, but ${where}` }]
  }
  if (!isHere) return []
  const others = gift.grant.subjects.map(({ text }) => text).join(', ') || 'nobody'
  return [{ distance: 4, text: `${sentence(gift)}, which would allow it, but to ${others}` }]
}

function lacking(gift: Gift, rules: readonly PolicyRule[], wish: Wish): readonly Near[] {
  const missed = rules.map((rule) => ({ rule, misses: missesOf(rule, wish) }))
  const what = wish.subresource ? `${wish.resource}/${wish.subresource}` : wish.resource
  const named = missed.find(({ misses }) => misses.join() === 'name')
  if (named) {
    const names = (named.rule.resourceNames ?? []).join(', ')
    const text = `${sentence(gift)} ${toWhom(gift)}, but only for those called ${names}`
    return [{ distance: 0, text }]
  }
  const verbs = missed.filter(({ misses }) => misses.join() === 'verb')
  if (verbs.length === 0) return []
  const allowed = [...new Set(verbs.flatMap(({ rule }) => rule.verbs))].sort().join(', ')
  const text = `${sentence(gift)} ${toWhom(gift)}: it allows ${allowed} on ${what}, not ${wish.verb}`
  return [{ distance: 1, text }]
}

function sentence({ grant: { namespace, name, role } }: Gift): string {
  const binding = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding'
  const where = namespace === '' ? name : `${namespace}/${name}`
  return `${binding} ${where} gives ${role.kind} ${role.name}`
}

function toWhom({ subject }: Gift): string {
  return `to ${subject ?? 'nobody'}`
}
