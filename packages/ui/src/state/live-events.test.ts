import { expect, test } from 'vitest'
import { withNews } from './live-events.ts'

test('an event that happens again stays where it is, as it is now', () => {
  const [a, b] = ['a', 'b'].map((uid) => ({ metadata: { uid }, count: 1 }))
  const known = withNews(
    new Map(),
    [a, b].flatMap((one) => one ?? []),
  )
  const again = { metadata: { uid: 'a' }, count: 2 }
  expect([...withNews(known, [again]).values()]).toEqual([again, b])
  expect(withNews(known, [])).toBe(known)
})
