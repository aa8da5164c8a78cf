import { expect, test } from 'vitest'
import { isObject, type Json } from '../json.ts'
import { manifestSchemas } from './json-schemas.ts'

const schemas = manifestSchemas('#/x/')

test('lists, maps, other types and scalars are said in the words of JSON Schema', () => {
  expect(schemas['DagTask']).toMatchObject({
    type: 'object',
    properties: {
      arguments: { $ref: '#/x/Arguments' },
      hooks: { type: 'object', additionalProperties: { $ref: '#/x/LifecycleHook' } },
      dependencies: { type: 'array', items: { type: 'string' } },
      withItems: { type: 'array', items: {} },
    },
  })
})

test('nothing refers to what is not there', () => {
  const refs = new Set<string>()
  const walk = (value: Json): void => {
    if (Array.isArray(value))
      value.forEach((one) => {
        walk(one)
      })
    else if (isObject(value)) {
      if (typeof value['$ref'] === 'string') refs.add(value['$ref'].slice('#/x/'.length))
      for (const one of Object.values(value)) walk(one ?? null)
    }
  }
  for (const schema of Object.values(schemas)) walk(schema)
  expect([...refs].filter((name) => !(name in schemas))).toEqual([])
  expect(refs.size).toBeGreaterThan(100)
})
