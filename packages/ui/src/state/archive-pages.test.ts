import type { Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { type ArchivePages, withPage } from './archive-pages.ts'

const run = (uid: string) => ({ metadata: { name: uid, uid } }) as Workflow
const first: ArchivePages = { runs: [], state: 'reading', round: 1 }
const uids = ({ runs }: ArchivePages) => runs.map(({ metadata }) => metadata.uid)

test('pages stand one behind the other until the last one', () => {
  const one = withPage(first, { metadata: { continue: '7' }, items: [run('a'), run('b')] })
  expect(one).toMatchObject({ state: 'more', next: '7', round: 1 })
  const two = withPage(one, { metadata: {}, items: [run('c')] })
  expect(two.state).toBe('all')
  expect(two.next).toBeUndefined()
  expect(uids(two)).toEqual(['a', 'b', 'c'])
})

test('a run that was archived again meanwhile comes once; no items are none', () => {
  const one = withPage(first, { metadata: { continue: '7' }, items: [run('a'), run('b')] })
  expect(uids(withPage(one, { items: [run('b'), run('c')] }))).toEqual(['a', 'b', 'c'])
  expect(withPage(first, { items: null })).toMatchObject({ runs: [], state: 'all' })
})
