import type { JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import { explainAccess } from './explain-access.ts'
import type { Wish } from './rules.ts'

const role = (name: string, rules: readonly JsonObject[], namespace?: string): JsonObject => ({
  kind: namespace ? 'Role' : 'ClusterRole',
  metadata: { name, ...(namespace && { namespace }) },
  rules: [...rules],
})

const rule = (verbs: readonly string[], more: JsonObject = {}): JsonObject => ({
  ...{ apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: [...verbs], ...more },
})

function binding(name: string, to: JsonObject, of: string, namespace?: string): JsonObject {
  const [kind = '', roleName = ''] = of.split(' ')
  return {
    metadata: { name, ...(namespace && { namespace }) },
    roleRef: { kind, name: roleName },
    subjects: [to],
  }
}

const robot = { kind: 'ServiceAccount', name: 'robot', namespace: 'argo' }
const devs = { kind: 'Group', name: 'devs' }
const identity = {
  user: 'system:serviceaccount:argo:robot',
  groups: ['system:serviceaccounts', 'system:authenticated'],
}
const wish: Wish = {
  ...{ verb: 'create', group: 'argoproj.io', version: 'v1alpha1', resource: 'workflows' },
  namespace: 'argo',
}
const roles = [
  role('reader', [rule(['get', 'list'])]),
  role('submitter', [rule(['create'])]),
  role('one', [rule(['*'], { resourceNames: ['a', 'b'] })]),
  role('own', [rule(['create'])], 'argo'),
]

/** To whom it is all about. */
const given = (role: string, namespace = 'argo') => binding('b', robot, role, namespace)

const explain = (bindings: readonly JsonObject[], more: Partial<Wish> = {}) =>
  explainAccess(identity, { ...wish, ...more }, { roles, bindings })

describe('what is allowed', () => {
  test('is so by the binding that gives it', () => {
    expect(explain([given('ClusterRole submitter')])).toEqual({
      allowed: true,
      because: ['RoleBinding argo/b gives ClusterRole submitter to ServiceAccount "robot/argo"'],
    })
  })

  test('may be so by several, a role of the namespace among them', () => {
    const all = { kind: 'Group', name: 'system:authenticated' }
    const { because } = explain([
      binding('x', all, 'ClusterRole submitter'),
      binding('y', robot, 'Role own', 'argo'),
    ])
    expect(because).toEqual([
      'ClusterRoleBinding x gives ClusterRole submitter to Group "system:authenticated"',
      'RoleBinding argo/y gives Role own to ServiceAccount "robot/argo"',
    ])
  })

  test('is everything to the masters', () => {
    const masters = { user: 'admin', groups: ['system:masters'] }
    expect(explainAccess(masters, wish, { roles: [], bindings: [] }).allowed).toBe(true)
  })
})

describe('what is refused', () => {
  test.each([
    [
      'for another verb',
      given('ClusterRole reader'),
      'RoleBinding argo/b gives ClusterRole reader to ServiceAccount "robot/argo": it allows get, list on workflows, not create',
    ],
    [
      'for other names',
      given('ClusterRole one'),
      'RoleBinding argo/b gives ClusterRole one to ServiceAccount "robot/argo", but only for those called a, b',
    ],
    [
      'in this namespace',
      given('ClusterRole submitter', 'other'),
      'RoleBinding other/b gives ClusterRole submitter to ServiceAccount "robot/argo", but only in the namespace other',
    ],
    [
      'to this one',
      binding('b', devs, 'ClusterRole submitter', 'argo'),
      'RoleBinding argo/b gives ClusterRole submitter, which would allow it, but to Group "devs"',
    ],
    [
      'because the role is not there',
      given('Role gone'),
      'RoleBinding argo/b gives Role gone to ServiceAccount "robot/argo", but there is no such role',
    ],
  ])('is so %s', (_, one, text) => {
    expect(explain([one])).toEqual({ allowed: false, because: [text] })
  })

  test('by nothing at all says whom nothing is for', () => {
    const { because } = explain([binding('b', devs, 'ClusterRole submitter', 'other')])
    expect(because[0]).toMatch(/^no binding gives anything on workflows to User "system:service/)
  })

  test('names the nearest first', () => {
    const { because } = explain([
      binding('far', devs, 'ClusterRole submitter', 'argo'),
      binding('elsewhere', robot, 'ClusterRole submitter', 'other'),
      binding('near', robot, 'ClusterRole reader', 'argo'),
    ])
    expect(because.map((text) => text.split(' ')[1])).toEqual([
      'argo/near',
      'other/elsewhere',
      'argo/far',
    ])
  })
})
