import type { Json, JsonObject } from '@argosy/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import complete from '../defaults/built-in-defaults.cases.json' with { type: 'json' }
import protobuf from '../protobuf/decode-protobuf.cases.json' with { type: 'json' }
import { duplicateFields } from './duplicate-fields.ts'
import { unknownFields } from './unknown-fields.ts'

describe('fields that a built-in kind does not have', () => {
  test('are found wherever they stand', () => {
    const container = {
      name: 'c',
      imgae: 'i',
      env: [{ name: 'A', valeu: 'x' }],
      resources: { limits: { cpu: '1' }, wishes: {} },
      livenessProbe: { httpGet: { port: 80, prot: 81 } },
    }
    const spec = { containers: [container], nodeSelector: { any: 'x' }, restartPolcy: 'Never' }
    const metadata = { name: 'p', labels: { any: 'x' }, lables: {} }
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec, sepc: {} }
    expect(unknownFields(pod)).toEqual([
      'metadata.lables',
      'sepc',
      'spec.containers[0].env[0].valeu',
      'spec.containers[0].imgae',
      'spec.containers[0].livenessProbe.httpGet.prot',
      'spec.containers[0].resources.wishes',
      'spec.restartPolcy',
    ])
  })

  test('are not those that Kubernetes itself writes', () => {
    for (const { result } of complete as unknown as readonly { result: JsonObject }[])
      expect(unknownFields(result), String(result['kind'])).toEqual([])
    for (const { object } of protobuf as unknown as readonly { object: JsonObject }[]) {
      expect(unknownFields(object), String(object['kind'])).toEqual([])
    }
  })

  test('are not looked for in custom resources', () => {
    expect(unknownFields({ apiVersion: 'example.com/v1', kind: 'K', any: 1 })).toEqual([])
  })
})

describe('members that a text gives twice', () => {
  test.each([
    ['{"a":1,"b":2}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"a":1,"a":2,"a":3}', ['a']],
    ['{"a":{"b":1,"c":{"b":2}},"d":{"b":3}}', []],
    [
      '{"spec":{"replicas":1,"x":[{"a":1},{"a":2,"a":3}],"replicas":2}}',
      ['spec.x[1].a', 'spec.replicas'],
    ],
    ['{"a":"a","b":"a","c":["a","a"]}', []],
    ['{"a\\"b":1,"a\\u0022b":2}', ['a"b']],
    ['{"a":"{\\"a\\":1,\\"a\\":2}"}', []],
    ['[{"a":1},{"a":1}]', []],
    ['{"a":{},"a":[]}', ['a']],
  ] as const)('%s', (text, want) => {
    expect(duplicateFields(text, JSON.parse(text) as Json)).toEqual(want)
  })

  interface Given {
    readonly text: string
    readonly isTwice: boolean
  }
  // None ends with a backslash: after one that does, V8 14.6 reads the name `"` as a backslash.
  const name = fc.constantFrom('a', 'b', '__proto__', 'a:', '"', '\\ ', '\\":', ': "a"', '')
  const leaf = (value: unknown): Given => ({ text: JSON.stringify(value), isTwice: false })
  const list = (items: readonly Given[]): Given => ({
    text: `[${items.map(({ text }) => text).join(', ')}]`,
    isTwice: items.some(({ isTwice }) => isTwice),
  })
  const object = (members: readonly (readonly [string, string, Given])[]): Given => ({
    text: `{${members.map(([key, is, { text }]) => `${JSON.stringify(key)}${is}${text}`).join(' ,')}}`,
    isTwice:
      new Set(members.map(([key]) => key)).size < members.length ||
      members.some(([, , { isTwice }]) => isTwice),
  })
  const { given } = fc.letrec<{ given: Given }>((tie) => ({
    given: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(name, fc.integer(), fc.constant(null)).map(leaf),
      fc.array(tie('given'), { maxLength: 3 }).map(list),
      fc
        .array(fc.tuple(name, fc.constantFrom(':', ': ', ' \n:'), tie('given')), { maxLength: 3 })
        .map(object),
    ),
  }))

  test('are found where there are any, and nowhere else', () => {
    fc.assert(
      fc.property(given, ({ text, isTwice }) => {
        const found = duplicateFields(text, JSON.parse(text) as Json)
        expect(found.length > 0).toBe(isTwice)
      }),
      { numRuns: 1000 },
    )
  })
})
