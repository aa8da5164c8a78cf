import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { argoShapes } from '../../packages/engine/src/spec/parse/argo-shapes.table.ts'
import { compat } from './compat.ts'
import { cronFields } from './cron-fields.table.ts'
import { fieldNotes } from './differs.table.ts'
import { present } from './documents.ts'

test.skipIf(!present)('docs/compat.md says what the tables and the tests say', () => {
  const written = readFileSync(new URL('../../docs/compat.md', import.meta.url), 'utf8')
  // `node test/conformance/write-compat.ts` brings it up to date.
  expect(written).toBe(compat())
})

test.skipIf(!present)('no row is without a test', () => {
  const [, open = ''] = compat().split('## Without a test of its own')
  expect(open.trim()).toBe('Nothing.')
})

test('the tests that hold the fields of a CronWorkflow are there', () => {
  for (const held of Object.values(cronFields).flatMap((fields) => Object.values(fields))) {
    const [file = '', name = ''] = held.split(': ')
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toContain(name)
  }
})

test('every note is about a field that there is', () => {
  for (const field of Object.keys(fieldNotes)) {
    const [type = '', name = ''] = field.split('.')
    expect(argoShapes).toHaveProperty([type, name])
  }
})
