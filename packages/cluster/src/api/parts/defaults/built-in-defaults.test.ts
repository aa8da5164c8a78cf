import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import cases from './built-in-defaults.cases.json' with { type: 'json' }
import { withBuiltInDefaults } from './built-in-defaults.ts'

interface Case {
  readonly name: string
  readonly object: JsonObject
  readonly result: JsonObject
}

/** Go writes empty members that say nothing, and what it has to say of kinds within kinds. */
function saying(value: Json): Json {
  if (Array.isArray(value)) return value.map(saying)
  if (!isObject(value)) return value
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const said = saying(inner ?? null)
    const isNothing =
      said === null || said === '' || (isObject(said) && Object.keys(said).length === 0)
    return isNothing ? [] : [[name, said] as const]
  })
  return Object.fromEntries(members)
}

describe('as Kubernetes completes built-in objects', () => {
  test.each(cases as unknown as readonly Case[])('$name', ({ object, result }) => {
    expect(saying(withBuiltInDefaults(object))).toEqual(saying(result))
  })
})

test('completing twice changes nothing', () => {
  for (const { object } of cases as unknown as readonly Case[]) {
    const once = withBuiltInDefaults(object)
    expect(withBuiltInDefaults(once)).toEqual(once)
  }
})

test('empty objects that say something are written', () => {
  const spec = { containers: [{ name: 'c', image: 'i' }], volumes: [{ name: 'v' }] }
  const pod = withBuiltInDefaults({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec })
  expect(pod['spec']).toMatchObject({
    securityContext: {},
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [{ resources: {} }],
  })
})

test('texts of a secret become bytes', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'AA==' }, stringData: { b: 'ä' } }
  expect(withBuiltInDefaults(secret)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    data: { a: 'AA==', b: 'w6Q=' },
    type: 'Opaque',
  })
})

test('a namespace has its name as a label', () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }
  expect(withBuiltInDefaults(namespace)['metadata']).toEqual({
    name: 'n',
    labels: { 'kubernetes.io/metadata.name': 'n' },
  })
})

test('custom resources are left alone, whatever they are called', () => {
  const pod = { apiVersion: 'example.com/v1', kind: 'Pod', spec: {} }
  expect(withBuiltInDefaults(pod)).toBe(pod)
})
