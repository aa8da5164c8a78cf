import type { JsonObject } from '@argosy/engine'
import { describe, expect, it, test } from 'vitest'
import { isTolerated, type Standing, staySeconds, type Taint, turnedAway } from './standing.ts'

const gpu: Taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' }

test.each<[string, JsonObject, boolean]>([
  ['the same key, value and effect', { key: 'gpu', value: 'yes', effect: 'NoSchedule' }, true],
  ['Equal is what is meant by no operator', { key: 'gpu', value: 'yes', operator: 'Equal' }, true],
  ['another value', { key: 'gpu', value: 'no' }, false],
  ['no value', { key: 'gpu' }, false],
  ['any value', { key: 'gpu', operator: 'Exists' }, true],
  ['another effect', { key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, false],
  ['any effect', { key: 'gpu', operator: 'Exists', effect: '' }, true],
  ['everything', { operator: 'Exists' }, true],
  ['another key', { key: 'cpu', operator: 'Exists' }, false],
  ['an operator that nobody knows', { key: 'gpu', value: 'yes', operator: 'Like' }, false],
])('a taint and a toleration of %s', (_, toleration, tolerated) => {
  expect(isTolerated(gpu, [toleration])).toBe(tolerated)
})

describe('a node turns away', () => {
  const standing = (more: Partial<Standing>): Standing => ({
    ...{ isCordoned: false, taints: [] },
    ...more,
  })

  it('nobody when nothing is said of it', () => {
    expect(turnedAway(undefined, standing({}))).toBeUndefined()
  })

  it('everybody when it is cordoned, but who tolerates that', () => {
    const cordoned = standing({ isCordoned: true })
    const toleration = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }
    expect(turnedAway([], cordoned)).toBe('node(s) were unschedulable')
    expect(turnedAway([toleration], cordoned)).toBeUndefined()
  })

  it('who does not tolerate one of its taints, and names it', () => {
    const taints: Taint[] = [gpu, { key: 'old', effect: 'NoExecute' }]
    const tolerations = [{ key: 'gpu', operator: 'Exists' }]
    expect(turnedAway([], standing({ taints }))).toBe('node(s) had untolerated taint {gpu: yes}')
    expect(turnedAway(tolerations, standing({ taints }))).toBe(
      'node(s) had untolerated taint {old: }',
    )
  })

  it('nobody for what is only a preference', () => {
    expect(
      turnedAway([], standing({ taints: [{ ...gpu, effect: 'PreferNoSchedule' }] })),
    ).toBeUndefined()
  })
})

test.each<[string, JsonObject[], number]>([
  ['not at all, untolerated', [], 0],
  ['for ever, tolerated without a time', [{ operator: 'Exists' }], Number.POSITIVE_INFINITY],
  ['as long as it says', [{ key: 'out', operator: 'Exists', tolerationSeconds: 30 }], 30],
  [
    'the shortest of its times',
    [
      { operator: 'Exists', tolerationSeconds: 300 },
      { key: 'out', operator: 'Exists', tolerationSeconds: 20 },
    ],
    20,
  ],
  ['no less than nothing', [{ operator: 'Exists', tolerationSeconds: -5 }], 0],
])('a pod stays %s', (_, tolerations, seconds) => {
  expect(staySeconds([{ key: 'out', effect: 'NoExecute' }], tolerations)).toBe(seconds)
})

it('stays where nothing drives it out', () => {
  expect(staySeconds([gpu], [])).toBe(Number.POSITIVE_INFINITY)
})
