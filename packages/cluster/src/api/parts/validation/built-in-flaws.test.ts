import type { JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import { withBuiltInDefaults } from '../defaults/built-in-defaults.ts'
import cases from './built-in-flaws.cases.json' with { type: 'json' }
import { builtInFlaws } from './built-in-flaws.ts'

interface Case {
  readonly name: string
  readonly object: JsonObject
  readonly old?: JsonObject
  readonly flaws: readonly string[]
}

describe('as Kubernetes finds fault with built-in objects', () => {
  test.each(cases as unknown as readonly Case[])('$name', ({ object, old, flaws }) => {
    const found = builtInFlaws(withBuiltInDefaults(object), old && withBuiltInDefaults(old))
    const texts = found.map(({ field, reason, message }) => `${field} ${reason} ${message}`)
    expect(texts.sort()).toEqual(flaws.toSorted())
  })
})

test('more than a mebibyte is too much for a ConfigMap', () => {
  const data = { a: 'x'.repeat(1024 * 1024 + 1) }
  const [flaw] = builtInFlaws({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data })
  expect(flaw?.message).toBe('Too long: may not be more than 1048576 bytes')
})

test('a pod may be bound to a node, and not moved to another', () => {
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = (nodeName?: string) =>
    withBuiltInDefaults({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {},
      spec: nodeName === undefined ? spec : { ...spec, nodeName },
    })
  expect(builtInFlaws(pod('a'), pod())).toEqual([])
  expect(builtInFlaws(pod('b'), pod('a'))).toHaveLength(1)
})

test('custom resources are checked by their own schema only', () => {
  expect(builtInFlaws({ apiVersion: 'example.com/v1', kind: 'Pod', spec: {} })).toEqual([])
})
