import { isObject, type JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import type { Identity } from '../http/identity.ts'
import type { Guard } from '../http/world.ts'
import type { Kind } from '../kinds.ts'
import { forbidden, notFound } from '../refusals.ts'
import { grantsTooMuch, missingRights } from './escalation.ts'
import { rbacGroup, roleRefOf } from './grants.ts'
import { masters, type Rbac } from './rbac.ts'
import { type PolicyRule, rulesIn } from './rules.ts'

/** Nobody gives himself, or others, more rights than he has, unless he may `escalate` or `bind`. */
export function guardRoles(rbac: Rbac): Guard {
  return ({ kind, object, old, identity }) => {
    const { group, plural } = kind.resource
    if (group !== rbacGroup || identity.groups.includes(masters)) return
    if (old && equalJson(essence(old), essence(object))) return
    const write = { rbac, kind, object, identity }
    if (plural.endsWith('bindings')) guardBinding(write)
    else guardRole(write)
  }
}

interface RoleWrite {
  readonly rbac: Rbac
  readonly kind: Kind
  readonly object: JsonObject
  readonly identity: Identity
}

const whole: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

function guardRole(write: RoleWrite): void {
  const { object, kind } = write
  const { name } = place(object)
  if (may(write, 'escalate', { resource: kind.resource.plural, name })) return
  refuseMore(write, rulesIn(object))
  if (!isObject(object['aggregationRule'])) return
  // Whatever may be gathered one day has to be held already.
  if (missing(write, whole).length === 0) return
  throw forbidden(
    kind.resource,
    name,
    'must have cluster-admin privileges to use the aggregationRule',
  )
}

function guardBinding(write: RoleWrite): void {
  const { rbac, object } = write
  const role = roleRefOf(object)
  if (!role) return
  const resource = `${role.kind.toLowerCase()}s`
  if (may(write, 'bind', { resource, name: role.name })) return
  const { namespace } = place(object)
  const rules = rbac.rulesOf(role, namespace)
  if (!rules) throw notFound({ ...write.kind.resource, plural: resource }, role.name)
  refuseMore(write, rules)
}

function may(
  { rbac, identity, object }: RoleWrite,
  verb: 'escalate' | 'bind',
  { resource, name }: { readonly resource: string; readonly name: string },
): boolean {
  const { namespace } = place(object)
  const where = namespace === '' ? {} : { namespace }
  const asked = { identity, verb, group: rbacGroup, version: 'v1', resource, name, ...where }
  return rbac.decide(asked).allowed
}

function refuseMore(write: RoleWrite, rules: readonly PolicyRule[]): void {
  const lacking = missing(write, rules)
  if (lacking.length === 0) return
  const { name } = place(write.object)
  throw forbidden(write.kind.resource, name, grantsTooMuch(write.identity, lacking))
}

function missing({ rbac, identity, object }: RoleWrite, rules: readonly PolicyRule[]) {
  return missingRights(rbac.rulesFor(identity, place(object).namespace), rules)
}

function place({ metadata }: JsonObject): { readonly namespace: string; readonly name: string } {
  const { namespace = '', name = '' } = isObject(metadata) ? metadata : {}
  return { namespace: String(namespace), name: String(name) }
}

/** Without what the garbage collector changes to delete. */
function essence(object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {}
  const bookkeeping = [
    'finalizers',
    'ownerReferences',
    'managedFields',
    'resourceVersion',
    'generation',
  ]
  const rest = Object.entries(metadata).filter(([name]) => !bookkeeping.includes(name))
  return { ...object, metadata: Object.fromEntries(rest) }
}
