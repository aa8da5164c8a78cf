import { describe, expect, test } from 'vitest'
import { isConcerned, isSelected, type ReviewedWrite } from './hears-of.ts'
import { webhooksIn } from './webhook.ts'

const write: ReviewedWrite = {
  ...{ operation: 'CREATE', group: 'apps', version: 'v1', plural: 'deployments' },
  namespaced: true,
}

function hookWith(rule: object, more: object = {}) {
  const rules = [
    { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], ...rule },
  ]
  const [hook] = webhooksIn([
    { metadata: { name: 'c' }, webhooks: [{ name: 'a.b.c', rules, ...more }] },
  ])
  if (!hook) throw new Error('no webhook')
  return hook
}

describe('a rule', () => {
  const deployment = { ...write }
  const status = { ...write, subresource: 'status' }
  const namespace = { ...write, group: '', plural: 'namespaces' }
  const node = { ...write, group: '', plural: 'nodes', namespaced: false }
  test.each([
    ['everything', {}, deployment, true],
    ['everything, but no part', {}, status, false],
    ['its resource', { resources: ['deployments'] }, deployment, true],
    ['another resource', { resources: ['pods', 'daemonsets'] }, deployment, false],
    ['a part of it', { resources: ['deployments/status'] }, status, true],
    ['itself, by all its parts', { resources: ['deployments/*'] }, deployment, true],
    ['a part of it, not itself', { resources: ['deployments/status'] }, deployment, false],
    ['all parts of it', { resources: ['deployments/*'] }, status, true],
    ['that part of all', { resources: ['*/status'] }, status, true],
    ['another part of all', { resources: ['*/scale'] }, status, false],
    ['all and all parts', { resources: ['*/*'] }, status, true],
    ['its group', { apiGroups: ['batch', 'apps'] }, deployment, true],
    ['the core group', { apiGroups: [''] }, deployment, false],
    ['another version', { apiVersions: ['v1beta1'] }, deployment, false],
    ['another operation', { operations: ['UPDATE', 'DELETE'] }, deployment, false],
    ['what is in namespaces', { scope: 'Namespaced' }, deployment, true],
    ['what is in none', { scope: 'Cluster' }, deployment, false],
    ['a namespace is in none', { scope: 'Cluster' }, namespace, true],
    ['a node is in none', { scope: 'Cluster' }, node, true],
  ] as const)('is for %s', (_, rule, asked, expected) => {
    expect(isConcerned(hookWith(rule), asked)).toBe(expected)
  })
})

test('webhooks are called in the order of their configurations’ names', () => {
  const configuration = (name: string, ...hooks: readonly string[]) => ({
    metadata: { name },
    webhooks: hooks.map((hook) => ({ name: hook })),
  })
  const all = webhooksIn([configuration('b', 'z', 'a'), configuration('a', 'm')])
  expect(all.map(({ name }) => name)).toEqual(['m', 'z', 'a'])
})

test('selectors look at the namespace, and at what was as well as at what will be', () => {
  const hook = hookWith(
    {},
    {
      namespaceSelector: { matchLabels: { team: 'a' } },
      objectSelector: { matchExpressions: [{ key: 'watched', operator: 'Exists' }] },
    },
  )
  const watched = { metadata: { labels: { watched: '' } } }
  const free = { metadata: {} }
  const namespaceLabels = { team: 'a' }
  const isHeard = (about: object) =>
    isSelected(hook, { object: undefined, old: undefined, namespaceLabels, ...about })
  expect(isHeard({ object: watched })).toBe(true)
  expect(isHeard({ object: free, old: watched })).toBe(true)
  expect(isHeard({ object: free, old: free })).toBe(false)
  expect(isHeard({ object: watched, namespaceLabels: { team: 'b' } })).toBe(false)
  expect(isHeard({ object: watched, namespaceLabels: undefined })).toBe(true)
})
