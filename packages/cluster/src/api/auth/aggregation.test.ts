import { describe, expect, it } from 'vitest'
import { aggregate } from './aggregation.ts'

const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] })
const plain = (name: string, label: string, ...resources: string[]) => ({
  metadata: { name, labels: { [label]: 'true' } },
  rules: resources.map(rule),
})
const gathering = (name: string, label: string, labels = {}) => ({
  metadata: { name, labels },
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] },
  rules: [],
})

describe('aggregated roles', () => {
  it('gather the rules of all roles that they select, each once', () => {
    const roles = [
      gathering('all', 'x'),
      plain('a', 'x', 'pods'),
      plain('b', 'x', 'pods', 'secrets'),
    ]
    expect([...aggregate(roles)]).toEqual([['all', [rule('pods'), rule('secrets')]]])
  })

  it('gather from gathered roles, whatever their order', () => {
    const roles = [
      gathering('top', 'y'),
      gathering('middle', 'x', { y: 'true' }),
      plain('a', 'x', 'pods'),
    ]
    expect(aggregate(roles).get('top')).toEqual([rule('pods')])
    expect(aggregate([...roles].reverse()).get('top')).toEqual([rule('pods')])
  })

  it('are left alone when nothing changes, and lose what is selected no more', () => {
    const full = { ...gathering('all', 'x'), rules: [rule('pods')] }
    expect(aggregate([full, plain('a', 'x', 'pods')]).size).toBe(0)
    expect(aggregate([full]).get('all')).toEqual([])
  })

  it('select by expressions too; a role never gathers itself', () => {
    const expressions = (matchExpressions: object[]) => ({
      metadata: { name: 'all', labels: { x: 'true' } },
      aggregationRule: { clusterRoleSelectors: [{ matchExpressions }] },
      rules: [rule('own')],
    })
    const a = plain('a', 'x', 'pods')
    const taken = (...given: object[]) => aggregate([expressions(given) as never, a]).get('all')
    expect(taken({ key: 'x', operator: 'Exists' })).toEqual([rule('pods')])
    expect(taken({ key: 'x', operator: 'In', values: ['true'] })).toEqual([rule('pods')])
    expect(taken({ key: 'x', operator: 'NotIn', values: ['true'] })).toEqual([])
    expect(taken({ key: 'x', operator: 'DoesNotExist' })).toEqual([])
    expect(taken({ key: 'x', operator: 'Unheard' })).toEqual([])
  })
})
