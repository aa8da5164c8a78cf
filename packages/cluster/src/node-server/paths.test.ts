import { expect, it } from 'vitest'
import { apiQuery, keptPath, kubeletQuery, nodeTarget, streamPath } from './paths.ts'

const ref = { namespace: 'default', name: 'p', uid: 'u-1' }

it.each([
  ['/healthz', { type: 'health' }],
  ['/containerLogs/ns/p/main', { type: 'log', namespace: 'ns', pod: 'p', container: 'main' }],
  [
    '/exec/ns/p/main',
    { type: 'stream', part: 'exec', namespace: 'ns', pod: 'p', container: 'main' },
  ],
  [
    '/exec/ns/p/u-1/main',
    { type: 'stream', part: 'exec', namespace: 'ns', pod: 'p', uid: 'u-1', container: 'main' },
  ],
  ['/portForward/ns/p', { type: 'stream', part: 'portforward', namespace: 'ns', pod: 'p' }],
  [
    '/portForward/ns/p/u-1',
    { type: 'stream', part: 'portforward', namespace: 'ns', pod: 'p', uid: 'u-1' },
  ],
  ['/argosy/logs/default/p/u-1', { type: 'kept', ref }],
  ['/argosy/logs/default/p/u-1/main', { type: 'kept', ref, container: 'main' }],
  ['/containerLogs/ns/p', undefined],
  ['/constructor/ns/p/main', undefined],
  ['/run/ns/p/main', undefined],
  ['/argosy/logs/..%2f..%2fetc/p/u-1/main', undefined],
  ['/argosy/logs/../p/u-1/main', undefined],
  ['/containerLogs/ns/p/a_b', undefined],
  ['/', undefined],
])('%s', (path, target) => {
  expect(nodeTarget(path)).toEqual(target)
})

it('leads back to what it was made of', () => {
  expect(nodeTarget(keptPath(ref, 'main'))).toEqual({ type: 'kept', ref, container: 'main' })
  expect(nodeTarget(streamPath('attach', ref, 'main'))).toMatchObject({
    part: 'attach',
    uid: 'u-1',
  })
})

it('says switches in the words of the one who is asked', () => {
  const asked = new URLSearchParams('stdin=true&stdout=true&tty=1&command=a&command=b')
  expect(String(kubeletQuery(asked))).toBe('input=true&output=true&tty=1&command=a&command=b')
  expect(String(apiQuery(kubeletQuery(asked)))).toBe(String(asked))
})
