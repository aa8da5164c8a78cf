import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { goldenCases, report } from './golden-case.ts'

const folder = new URL('./golden/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.golden'))

// Each case is a broken manifest and, after `->`, everything that is said of it.
describe.each(files)('%s', (file) => {
  test.each(goldenCases(readFileSync(new URL(file, folder), 'utf8')))('$name', (golden) => {
    expect(report(golden)).toEqual(golden.want)
  })
})

test('there are enough of them', () => {
  const count = files.flatMap((file) =>
    goldenCases(readFileSync(new URL(file, folder), 'utf8')),
  ).length
  expect(count).toBeGreaterThan(200)
})
