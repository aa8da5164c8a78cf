import type { JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import { withBuiltInDefaults } from '../defaults/built-in-defaults.ts'
import cases from './built-in-flaws.cases.json' with { type: 'json' }
import { builtInFlaws } from './built-in-flaws.ts'
import more from './more-flaws.cases.json' with { type: 'json' }

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

/** Their long rules stand once, at the head of the file. */
function spelledOut(flaw: string): string {
  const rules = Object.entries(more.rules as Readonly<Record<string, string>>)
  return rules.reduce((text, [mark, rule]) => text.replace(mark, () => rule), flaw)
}

describe('as Kubernetes finds fault with the rest of them', () => {
  test.each(more.cases as unknown as readonly Case[])('$name', ({ object, old, flaws }) => {
    const found = builtInFlaws(withBuiltInDefaults(object), old && withBuiltInDefaults(old))
    const texts = found.map(({ field, reason, message }) => `${field} ${reason} ${message}`)
    expect(texts.sort()).toEqual(flaws.map(spelledOut).sort())
  })
})

test('a claim that is bound may grow, and not get smaller than what it has', () => {
  const claim = (storage: string) => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    spec: { accessModes: ['ReadWriteOnce'], volumeName: 'v', resources: { requests: { storage } } },
    status: { phase: 'Bound', capacity: { storage: '2Gi' } },
  })
  expect(builtInFlaws(claim('3Gi'), claim('2Gi'))).toEqual([])
  expect(builtInFlaws(claim('1Gi'), claim('2Gi'))).toMatchObject([
    {
      field: 'spec.resources.requests.storage',
      message: expect.stringContaining('can not be less'),
    },
  ])
})

test('a stateful set may mount what its claims will be', () => {
  const container = { name: 'c', image: 'i:1', volumeMounts: [{ name: 'data', mountPath: '/d' }] }
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  const set = {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    },
  }
  expect(builtInFlaws(withBuiltInDefaults(set))).toEqual([])
})

test('a service keeps its address, and is told so once', () => {
  const service = (clusterIP: string) => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } },
    spec: { type: 'ClusterIP', ports: [{ port: 80 }], clusterIP, clusterIPs: ['10.0.0.1'] },
  })
  expect(builtInFlaws(service('10.0.0.2'), service('10.0.0.1'))).toEqual([
    {
      ...{ field: 'spec.clusterIPs[0]', reason: 'FieldValueInvalid' },
      message: 'Invalid value: ["10.0.0.2"]: may not change once set',
    },
  ])
})

test('what a service loses with its type is not held against it', () => {
  const service = (type: string) => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } },
    spec: { type, ports: [{ port: 80 }], externalTrafficPolicy: 'Cluster' },
  })
  expect(builtInFlaws(service('ClusterIP'), service('NodePort'))).toEqual([])
  expect(builtInFlaws(service('ClusterIP'))).toHaveLength(1)
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
