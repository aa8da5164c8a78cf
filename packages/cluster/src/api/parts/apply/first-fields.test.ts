import type { Json, JsonObject } from '@argosy/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import complete from '../defaults/built-in-defaults.cases.json' with { type: 'json' }
import { builtInShape } from './built-in-shape.ts'
import { customShape } from './custom-shape.ts'
import { toFieldsV1 } from './fields-v1.ts'
import { firstFields } from './first-fields.ts'
import { passOver, type Writer } from './ownership.ts'
import type { Shape } from './shape.ts'

function writerOf(shape: Shape, ignored: readonly string[] = []): Writer {
  const id = { manager: 'm', operation: 'Update', apiVersion: 'v1' } as const
  return { id, shape, now: '2026-01-02T03:04:05Z', ignored }
}

/** What the sets say, as text: the order counts too. */
function bySets(object: JsonObject, writer: Writer): string {
  const { apiVersion, kind } = object
  const before = { apiVersion, kind }
  return JSON.stringify(toFieldsV1(passOver(new Map(), { before, after: object, writer }).changed))
}

const found = (object: JsonObject, writer: Writer) => JSON.stringify(firstFields(object, writer))

test('the first fields of every built-in kind are what the sets say', () => {
  for (const { result } of complete as unknown as readonly { result: JsonObject }[]) {
    const shape = builtInShape(String(result['apiVersion']), String(result['kind']))
    if (!shape) continue
    const metadata = { ...(result['metadata'] as JsonObject), labels: { b: '1', a: '2' }, uid: 'u' }
    for (const ignored of [[], ['status'], ['spec']]) {
      const writer = writerOf(shape, ignored)
      const object = { ...result, metadata }
      expect(found(object, writer), String(result['kind'])).toBe(bySets(object, writer))
    }
  }
})

test('so are those of any other object', () => {
  const name = fc.constantFrom(
    ...['a', '1', 'name', 'uid', 'items', 'labels', 'containers', 'resources'],
  )
  const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(1, 'x', true, null),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(name, tie('json'), { maxKeys: 3 }),
    ),
  })).json
  const text = { type: 'string' }
  const items = {
    ...{ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
    items: { type: 'object', properties: { name: text, a: text } },
  }
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { items } } } }
  const members = fc.dictionary(name, value, { maxKeys: 4 })
  const pod = builtInShape('v1', 'Pod') as Shape
  const shapes = [customShape(undefined), customShape(schema), pod]
  fc.assert(
    fc.property(members, members, fc.constantFrom(...shapes), (metadata, spec, shape) => {
      const object = { apiVersion: 'a.b/v1', kind: 'K', metadata, spec, status: spec }
      const writer = writerOf(shape, ['status'])
      const isOdd = [metadata['name'], metadata['uid']].some(
        (one) => one && typeof one === 'object',
      )
      expect(found(object, writer)).toBe(isOdd ? undefined : bySets(object, writer))
    }),
    { numRuns: 600 },
  )
})
