import type { JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import cases from './definition.cases.json' with { type: 'json' }
import { definitionFlaws } from './definition.ts'
import { definitionStatus } from './definition-status.ts'

interface Case {
  readonly name: string
  readonly object: JsonObject
  readonly flaws: readonly string[]
}

describe('as Kubernetes finds fault with definitions', () => {
  test.each(cases as unknown as readonly Case[])('$name', ({ object, flaws }) => {
    const texts = definitionFlaws(object).map(({ field, reason, message }) => {
      return `${field} ${reason} ${message}`
    })
    expect(texts.sort()).toEqual(flaws.toSorted())
  })
})

const [good] = cases as unknown as readonly [Case]
const now = '2026-01-02T03:04:05Z'

test('a definition may not change what its objects are', () => {
  const { spec } = good.object as { spec: JsonObject & { names: JsonObject } }
  const changed = {
    ...good.object,
    spec: {
      ...spec,
      scope: 'Cluster',
      names: { ...spec.names, kind: 'Other', listKind: 'OtherList' },
    },
  }
  expect(
    definitionFlaws(changed, good.object).map(({ field, message }) => [field, message]),
  ).toEqual([
    ['spec.scope', 'Invalid value: "Cluster": field is immutable'],
    ['spec.names.kind', 'Invalid value: "Other": field is immutable'],
  ])
})

test('a definition whose names are free is accepted and established at once', () => {
  const status = definitionStatus({ ...good.object, status: {} }, { now })
  expect(status['conditions']).toEqual([
    {
      type: 'NamesAccepted',
      status: 'True',
      reason: 'NoConflicts',
      message: 'no conflicts found',
      lastTransitionTime: now,
    },
    {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
      lastTransitionTime: now,
    },
  ])
  expect(status['acceptedNames']).toMatchObject({ plural: 'ks', kind: 'K', listKind: 'KList' })
  expect(status['storedVersions']).toEqual(['v1'])
})

test('a definition whose kind another one has is not established', () => {
  const taken = new Map([['K', 'others']])
  const status = definitionStatus({ ...good.object, status: {} }, { now, taken })
  const conditions = status['conditions'] as readonly JsonObject[]
  expect(conditions.map(({ type, status: is, reason }) => [type, is, reason])).toEqual([
    ['NamesAccepted', 'False', 'KindConflict'],
    ['Established', 'False', 'NotAccepted'],
  ])
})

test('accepting again changes no time', () => {
  const status = definitionStatus({ ...good.object, status: {} }, { now })
  const later = definitionStatus({ ...good.object, status }, { now: '2030-01-01T00:00:00Z' })
  expect(later).toEqual(status)
})

test('rules in CEL are kept, and a condition says that nobody enforces them', () => {
  const rule = { 'x-kubernetes-validations': [{ rule: 'true' }] }
  const spec = { type: 'object', properties: { l: { type: 'array', items: rule } }, ...rule }
  const openAPIV3Schema = { type: 'object', properties: { spec } }
  const versions = [{ name: 'v1', storage: true, served: true, schema: { openAPIV3Schema } }]
  const definition = { spec: { ...(good.object['spec'] as JsonObject), versions } }
  const conditions = definitionStatus(definition, { now })['conditions'] as readonly JsonObject[]
  expect(conditions.at(-1)).toMatchObject({
    type: 'ValidationRulesEnforced',
    status: 'False',
    message: 'x-kubernetes-validations are kept but not enforced: v1: spec, v1: spec.l[*]',
  })
})

test('webhook conversion is refused', () => {
  const spec = { ...(good.object['spec'] as JsonObject), conversion: { strategy: 'Webhook' } }
  expect(definitionFlaws({ ...good.object, spec }).map(({ field }) => field)).toEqual([
    'spec.conversion.strategy',
  ])
})
