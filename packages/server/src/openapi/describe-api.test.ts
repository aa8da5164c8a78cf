import { expect, test } from 'vitest'
import { apiRoutes } from '../api-routes.ts'
import { describeApi } from './describe-api.ts'
import { operations } from './operations.table.ts'
import { parameters } from './parameters.table.ts'

const text = JSON.stringify(describeApi({ version: '1.2.3', base: '/argo' }))

test('every endpoint is described, and none that is not there', () => {
  // Nobody asks what is in them.
  const routes = apiRoutes({ archive: {}, drivers: () => undefined } as never)
  const named = (all: readonly { method: string; path: string }[]) =>
    all.map(({ method, path }) => `${method} ${path}`).sort()
  expect(named(operations)).toEqual(named(routes))
})

test('nothing refers to what is not there', () => {
  const document = JSON.parse(text) as Record<string, Record<string, Record<string, unknown>>>
  const refs = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)]
  const missing = refs.filter(
    ([, part = '', name = '']) => document['components']?.[part]?.[name] === undefined,
  )
  expect(missing.map(([whole]) => whole)).toEqual([])
})

test('every parameter of a query is known, and none is there for nothing', () => {
  const used = new Set(operations.flatMap(({ query = [] }) => query))
  expect([...used].sort()).toEqual(Object.keys(parameters).sort())
})

test('every endpoint has a name of its own', () => {
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
})

test('the server’s own place is said', () => {
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.0.3', servers: [{ url: '/argo' }] })
})
