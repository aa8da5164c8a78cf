import type { KubeObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import golden from './custom-printer.cases.json' with { type: 'json' }
import { customPrinter } from './custom-printer.ts'
import { jsonPath } from './json-path.ts'
import { printerOf } from './printer-of.ts'

const now = Date.parse('2026-01-02T03:04:05Z')
const text = JSON.stringify(golden.object).replace(/"T(-\d+)"/g, (_, seconds) =>
  JSON.stringify(new Date(now + Number(seconds) * 1000).toISOString()),
)
const object = JSON.parse(text) as KubeObject

describe('a column of a custom resource', () => {
  for (const { column, cell } of golden.cases) {
    test(`${column.type} ${column.jsonPath} shows ${JSON.stringify(cell)}`, () => {
      expect(customPrinter([column]).cells(object, now)).toEqual(['n', cell])
    })
  }
})

test('the columns are those of the version that is asked for', () => {
  const column = { name: 'C', type: 'string', jsonPath: '.spec.s', description: 'd', priority: 1 }
  const versions = [{ name: 'v1' }, { name: 'v2', additionalPrinterColumns: [column] }]
  const definition = { ...object, spec: { versions } }
  const names = (version: string) =>
    printerOf({ group: 'a.b', version, kind: 'K', definition }).columns.map(({ name }) => name)
  expect(names('v1')).toEqual(['Name', 'Age'])
  expect(names('v2')).toEqual(['Name', 'C'])
})

test('what is no path is refused', () => {
  for (const bad of ['.a[', '.a[?(@.x=)]', '.a[x]', '[?(1)]'])
    expect(jsonPath(bad), bad).toBeUndefined()
})
