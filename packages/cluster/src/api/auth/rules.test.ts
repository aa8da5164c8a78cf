import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingRights } from './escalation.ts'
import { allows, type PolicyRule, rulesIn, type Wish } from './rules.ts'

const wish = (verb: string, resource: string, more: Partial<Wish> = {}): Wish => {
  const [plural = '', subresource] = resource.split('/')
  return {
    ...{ verb, group: '', version: 'v1', resource: plural },
    ...(subresource && { subresource }),
    ...more,
  }
}
const rule = (verbs: string, resources: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
  ...{ apiGroups: [''], verbs: verbs.split(' '), resources: resources.split(' ') },
  ...more,
})

const cases: readonly (readonly [boolean, PolicyRule, Wish, string])[] = [
  [true, rule('get', 'pods'), wish('get', 'pods'), 'what is named'],
  [false, rule('get', 'pods'), wish('list', 'pods'), 'not another verb'],
  [false, rule('get', 'pods'), wish('get', 'secrets'), 'not another resource'],
  [false, rule('get', 'pods'), wish('get', 'pods', { group: 'apps' }), 'not another group'],
  [true, rule('*', 'pods'), wish('deletecollection', 'pods'), 'every verb'],
  [true, rule('get', '*'), wish('get', 'secrets'), 'every resource'],
  [true, rule('get', '*'), wish('get', 'pods/log'), 'every subresource too'],
  [false, rule('get', 'pods'), wish('get', 'pods/log'), 'a resource is not its parts'],
  [false, rule('get', 'pods/log'), wish('get', 'pods'), 'a part is not its resource'],
  [true, rule('get', 'pods/log'), wish('get', 'pods/log'), 'a part'],
  [true, rule('get', '*/scale'), wish('get', 'replicasets/scale'), 'one part of everything'],
  [false, rule('get', '*/scale'), wish('get', 'replicasets'), 'but not everything itself'],
  [false, rule('get', 'pods/*'), wish('get', 'pods/log'), 'a star after the slash means nothing'],
  [true, rule('get', 'pods', { apiGroups: ['*'] }), wish('get', 'pods', { group: 'x' }), 'groups'],
  [
    true,
    rule('get', 'pods', { resourceNames: ['a'] }),
    wish('get', 'pods', { name: 'a' }),
    'a name',
  ],
  [
    false,
    rule('get', 'pods', { resourceNames: ['a'] }),
    wish('get', 'pods', { name: 'b' }),
    'no other',
  ],
  [
    false,
    rule('*', 'pods', { resourceNames: ['a'] }),
    wish('create', 'pods'),
    'what is new has no name',
  ],
  [false, rule('*', 'pods', { resourceNames: ['a'] }), wish('list', 'pods'), 'nor has a list'],
  [
    false,
    rule('*', 'pods', { resourceNames: ['*'] }),
    wish('get', 'pods', { name: 'a' }),
    'no star',
  ],
  [false, rule('*', '*'), wish('get', '', { path: '/metrics' }), 'resources are not paths'],
  [false, { verbs: ['*'], nonResourceURLs: ['*'] }, wish('get', 'pods'), 'paths are not resources'],
  [true, { verbs: ['get'], nonResourceURLs: ['/a'] }, wish('get', '', { path: '/a' }), 'a path'],
  [
    false,
    { verbs: ['get'], nonResourceURLs: ['/a'] },
    wish('get', '', { path: '/a/b' }),
    'not below',
  ],
  [true, { verbs: ['get'], nonResourceURLs: ['/a/*'] }, wish('get', '', { path: '/a/b' }), 'below'],
  [
    false,
    { verbs: ['get'], nonResourceURLs: ['/a/*'] },
    wish('get', '', { path: '/a' }),
    'only below',
  ],
  [
    false,
    { verbs: ['get'], nonResourceURLs: ['/*/x'] },
    wish('get', '', { path: '/a/x' }),
    'star last',
  ],
]

describe('what a rule allows', () => {
  it.each(cases)('%s: %j for %j (%s)', (allowed, one, wanted) => {
    expect(allows([one], wanted)).toBe(allowed)
  })

  it('what is no rule allows nothing', () => {
    expect(rulesIn({})).toEqual([])
    expect(rulesIn({ rules: 'all' })).toEqual([])
    expect(rulesIn({ rules: [null, 5, { verbs: 'get' }] })).toEqual([{ verbs: [] }])
    expect(allows(rulesIn({ rules: [{ verbs: ['*'] }] }), wish('get', 'pods'))).toBe(false)
  })
})

const few = (...texts: string[]) => fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1 })
const anyRule: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc.record({
    verbs: few('get', 'list', 'create', '*'),
    apiGroups: few('', 'apps', '*'),
    resources: few('pods', 'pods/log', 'secrets', '*/log', '*'),
    resourceNames: fc.oneof(fc.constant([]), few('a', 'b')),
  }),
  fc.record({ verbs: few('get', '*'), nonResourceURLs: few('/a', '/a/*', '/a/b', '*') }),
)
const anyRules = fc.array(anyRule, { maxLength: 4 })
const anyWish: fc.Arbitrary<Wish> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('get', 'list', 'create', 'watch'),
      fc.constantFrom('pods', 'pods/log', 'secrets', 'jobs/log'),
      fc.constantFrom('', 'apps', 'batch'),
      fc.constantFrom(undefined, 'a', 'b', 'c'),
    )
    .map(([verb, resource, group, name]) => wish(verb, resource, { group, ...(name && { name }) })),
  fc.constantFrom('/a', '/a/b', '/a/b/c', '/c').map((path) => wish('get', '', { path })),
)

describe('laws of rights', () => {
  it('more rules never allow less', () => {
    fc.assert(
      fc.property(anyRules, anyRules, anyWish, (some, more, wanted) => {
        if (allows(some, wanted)) expect(allows([...some, ...more], wanted)).toBe(true)
      }),
    )
  })

  it('the order of rules does not matter', () => {
    fc.assert(
      fc.property(anyRules, anyWish, (rules, wanted) => {
        expect(allows([...rules].reverse(), wanted)).toBe(allows(rules, wanted))
      }),
    )
  })

  it('rights that are held cover whatever they allow: nothing that passes as held allows more', () => {
    fc.assert(
      fc.property(anyRules, anyRules, anyWish, (held, wanted, asked) => {
        if (missingRights(held, wanted).length > 0) return
        if (allows(wanted, asked)) expect(allows(held, asked)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('everybody holds what he holds', () => {
    fc.assert(
      fc.property(anyRules, (rules) => {
        expect(missingRights(rules, rules)).toEqual([])
      }),
    )
  })
})
