import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { page, reference } from './reference.ts'

it('docs/cli.md says what the commands understand (`node test/cli/write-reference.ts` renews it)', async () => {
  expect(readFileSync(page, 'utf8')).toBe(await reference())
})
