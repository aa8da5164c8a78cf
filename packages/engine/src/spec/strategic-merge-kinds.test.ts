import { describe, expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import cases from './strategic-merge.cases.json' with { type: 'json' }
import { strategicMerge } from './strategic-merge.ts'
import { mergeRulesOf } from './strategic-merge-kinds.table.ts'

interface Case {
  readonly name: string
  readonly kind: readonly [string, string]
  readonly original: JsonObject
  readonly patch: JsonObject
  readonly result?: JsonObject
  readonly error?: string
}

describe('as Kubernetes 1.34 merges', () => {
  test.each(cases as unknown as readonly Case[])('$name', (each) => {
    const [apiVersion, kind] = each.kind
    const merged = strategicMerge(each.original, each.patch, mergeRulesOf(apiVersion, kind) ?? {})
    expect('value' in merged ? merged.value : merged.problem).toEqual(each.result ?? each.error)
  })
})

test('custom resources have no rules, and built-in kinds always have some', () => {
  expect(mergeRulesOf('argoproj.io/v1alpha1', 'Workflow')).toBeUndefined()
  expect(mergeRulesOf('v1', 'constructor')).toEqual(mergeRulesOf('v1', 'ConfigMap'))
  expect(mergeRulesOf('networking.k8s.io/v1', 'Ingress')).toBeDefined()
})
