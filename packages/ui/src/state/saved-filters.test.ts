import { expect, test } from 'vitest'
import { parseRunQuery } from './run-query.ts'
import { queryOf, type SavedFilter, searchOf, withFilter, withoutFilter } from './saved-filters.ts'

const mine: SavedFilter = { page: 'workflows', name: 'Mine', search: '?label=team%3Ddata' }

test('a kept filter stands in the address with its name, and is asked without it', () => {
  const query = queryOf(mine)
  expect(query).toMatchObject({ labels: ['team=data'], filter: 'Mine' })
  expect(searchOf(query)).toBe(mine.search)
  expect(searchOf(parseRunQuery('?filter=Mine'))).toBe('')
})

test('one of the same name on the same page is replaced, on another page it is another', () => {
  const other: SavedFilter = { ...mine, page: 'archived-workflows' }
  const changed: SavedFilter = { ...mine, search: '?q=oom' }
  expect(withFilter([mine, other], changed)).toEqual([other, changed])
  expect(withoutFilter([mine, other], { page: 'workflows', name: 'Mine' })).toEqual([other])
})
