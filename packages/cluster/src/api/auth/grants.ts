import { isObject, type Json, type JsonObject } from '@argosy/engine'
import type { Identity } from '../http/identity.ts'

export const rbacGroup = 'rbac.authorization.k8s.io'

/** A binding, as it is found by who it is for. */
export interface Grant {
  /** '': everywhere. */
  readonly namespace: string
  readonly name: string
  readonly role: RoleRef
  readonly subjects: readonly Subject[]
}

export interface RoleRef {
  readonly kind: 'Role' | 'ClusterRole'
  readonly name: string
}

export interface Subject {
  /** As `u:jane`, `g:devs`. */
  readonly key: string
  /** In the words of the authorizer's reasons. */
  readonly text: string
}

/** The keys under which a subject's bindings are found. */
export function keysOf({ user, groups }: Identity): readonly string[] {
  return [`u:${user}`, ...groups.map((group) => `g:${group}`)]
}

/** What a RoleBinding or ClusterRoleBinding gives; undefined when its role is nothing that can be. */
export function grantOf(binding: JsonObject): Grant | undefined {
  const metadata = objectAt(binding, 'metadata')
  const role = roleRefOf(binding)
  if (!role) return undefined
  const subjects = Array.isArray(binding['subjects']) ? binding['subjects'].filter(isObject) : []
  return {
    namespace: text(metadata['namespace']),
    name: text(metadata['name']),
    role,
    subjects: subjects.flatMap((subject) => subjectOf(subject, text(metadata['namespace']))),
  }
}

/** The role that a binding names. */
export function roleRefOf(binding: JsonObject): RoleRef | undefined {
  const { kind, name } = objectAt(binding, 'roleRef')
  if ((kind !== 'Role' && kind !== 'ClusterRole') || typeof name !== 'string') return undefined
  return { kind, name }
}

function subjectOf({ kind, name, namespace }: JsonObject, own: string): readonly Subject[] {
  if (typeof name !== 'string') return []
  if (kind === 'User') return [{ key: `u:${name}`, text: `User ${JSON.stringify(name)}` }]
  if (kind === 'Group') return [{ key: `g:${name}`, text: `Group ${JSON.stringify(name)}` }]
  if (kind !== 'ServiceAccount') return []
  const where = text(namespace) || own
  if (where === '') return []
  return [
    {
      key: `u:system:serviceaccount:${where}:${name}`,
      text: `ServiceAccount ${JSON.stringify(`${name}/${where}`)}`,
    },
  ]
}

/** Why somebody may. */
export function reasonOf({ namespace, name, role }: Grant, subject: Subject): string {
  const binding = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding'
  const where = namespace === '' ? name : `${name}/${namespace}`
  return `RBAC: allowed by ${binding} ${JSON.stringify(where)} of ${role.kind} ${JSON.stringify(role.name)} to ${subject.text}`
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const inner = object[name]
  return isObject(inner) ? inner : {}
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
