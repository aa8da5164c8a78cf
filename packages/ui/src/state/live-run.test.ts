import type { Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { deletedBy, latest } from './live-run.ts'

const run = (phase: string) =>
  ({ metadata: { name: 'a' }, spec: {}, status: { phase, nodes: { x: { phase } } } }) as never
const delta = (phase: string) => ({
  ...{ type: 'MODIFIED', object: { metadata: { uid: 'u' } } as Workflow },
  patch: [{ op: 'replace', path: '/status/phase', value: phase } as const],
})

test('differences are told to what came before them, and the last whole word counts', () => {
  const events = [
    { type: 'MODIFIED', object: run('Pending') },
    delta('Running'),
    { type: 'ADDED', object: run('Error') },
    delta('Failed'),
    delta('Succeeded'),
  ]
  expect(latest(undefined, events)?.status?.phase).toBe('Succeeded')
  expect(latest(run('Running'), [delta('Failed')])?.status?.phase).toBe('Failed')
})

test('a deletion leaves what was seen last', () => {
  const seen = run('Running')
  expect(latest(seen, [{ type: 'DELETED', object: run('x') }])).toBe(seen)
  expect(latest(null, [])).toBeNull()
})

test('a run is deleted until one of its name comes back', () => {
  const event = (type: string) => ({ type, object: run('x') })
  expect(deletedBy([event('MODIFIED'), event('DELETED')], false)).toBe(true)
  expect(deletedBy([event('DELETED'), event('ADDED')], false)).toBe(false)
  expect(deletedBy([event('MODIFIED')], true)).toBe(true)
})
