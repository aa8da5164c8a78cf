import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  containerFields,
  podFields,
  type Support,
  securityFields,
} from './supported-fields.table.ts'

const document = readFileSync(new URL('../../../../docs/images.md', import.meta.url), 'utf8')
const [, section = ''] = document.split('## Fields of a pod')
const [honoured = '', refused = ''] = section.split('Refused are: ')

const fields: readonly (readonly [string, Support])[] = [
  podFields,
  containerFields,
  securityFields,
].flatMap((table) => Object.entries(table))

test('docs/images.md names every field that is refused, and none that is not', () => {
  const named = [...refused.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  expect(named.sort()).toEqual(
    fields
      .filter(([, support]) => support === 'refused')
      .map(([name]) => name)
      .sort(),
  )
  for (const [name, support] of fields) {
    if (honoured.includes(`\`${name}\``)) expect([name, support]).not.toEqual([name, 'refused'])
  }
})
