import { describe, expect, it } from 'vitest'
import { fieldSelector, labelSelector } from './selector.ts'

const labels = { app: 'web', tier: 'front', 'example.com/size': '12', empty: '' }

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['!absent', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web , tier != back', true],
    ['absent!=x', true],
    ['absent=x', false],
    ['empty=', true],
    ['empty', true],
    ['app in (web, api)', true],
    ['app in (api)', false],
    ['app notin (api)', true],
    ['absent notin (api)', true],
    ['empty in (,x)', true],
    ['example.com/size>3', true],
    ['example.com/size<3', false],
    ['app>3', false],
    ['in', false],
    ['constructor', false],
    ['x in (a,b),app', false],
  ])('%s', (text, matches) => {
    expect(labelSelector(text)(labels)).toBe(matches)
  })

  it('matches objects without labels', () => {
    expect(labelSelector('a!=b,!c')(undefined)).toBe(true)
    expect(labelSelector('a')(undefined)).toBe(false)
  })

  it.each([
    'a in b',
    'a in (b',
    '=x',
    'a=b=c',
    'a,',
    'a b',
    'a>x',
    'a/b/c',
    'a=not ok',
    '!',
    'a in (b c)',
    'a>-3',
    'a<9223372036854775808',
    ',',
  ])('refuses %s', (text) => {
    expect(() => labelSelector(text)).toThrow(/unable to parse requirement/)
  })

  it.each([
    ['a === b', "found '=', expected: identifier"],
    ['a in b', "found 'b' expected: '('"],
    ['a in (b', "found '', expected: ',' or ')'"],
    ['a in (b c)', "found 'c', expected: ',' or ')'"],
    ['a in (=)', "found '=', expected: ',', ')' or identifier"],
  ])('says of %s what Kubernetes says', (text, why) => {
    expect(() => labelSelector(text)).toThrow(`unable to parse requirement: ${why}`)
  })

  it('finds labels without a value among nothing', () => {
    expect(labelSelector('empty in ()')(labels)).toBe(true)
    expect(labelSelector('empty in (x,)')(labels)).toBe(true)
    expect(labelSelector('app in ()')(labels)).toBe(false)
  })
})

describe('a field selector', () => {
  it('reads clauses and escapes', () => {
    expect(fieldSelector('metadata.name=x,status.phase!=Running,a==b\\,c\\=d')).toEqual([
      { field: 'a', equal: true, value: 'b,c=d' },
      { field: 'metadata.name', equal: true, value: 'x' },
      { field: 'status.phase', equal: false, value: 'Running' },
    ])
    expect(fieldSelector('')).toEqual([])
    expect(fieldSelector('spec.nodeName=')).toEqual([
      { field: 'spec.nodeName', equal: true, value: '' },
    ])
  })

  it('refuses what it cannot understand', () => {
    expect(() => fieldSelector('a=b\\c')).toThrow('invalid escape sequence: \\c')
    expect(() => fieldSelector('metadata.name')).toThrow(
      "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    )
  })
})
