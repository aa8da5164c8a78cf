import { expect, test } from 'vitest'
import { parsePlace, withParam } from './router.ts'
import { routeOf, runPath } from './routes.ts'

test.each([
  ['http://h/', 'http://h/', ''],
  ['http://h/argo/workflows/argo/', 'http://h/argo/', 'workflows/argo'],
  ['http://h/argo', 'http://h/argo/', 'argo'],
])('%s below %s is "%s"', (href, base, path) => {
  expect(parsePlace(href, base).path).toBe(path)
})

test.each([
  ['', { page: 'runs', namespace: '' }],
  ['workflows/argo', { page: 'runs', namespace: 'argo' }],
  ['workflows/argo/a%20b', { page: 'run', namespace: 'argo', name: 'a b' }],
  ['workflows/argo/%zz', { page: 'run', namespace: 'argo', name: '%zz' }],
  [
    'cron-workflows/argo/c',
    { page: 'template', kind: 'cron-workflows', namespace: 'argo', name: 'c' },
  ],
  [
    'cluster-workflow-templates/c',
    { page: 'template', kind: 'cluster-workflow-templates', namespace: '', name: 'c' },
  ],
  ['elsewhere', { page: 'unknown' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})

test('the path of a run leads to it', () => {
  expect(routeOf(runPath('argo', 'a/b'))).toEqual({ page: 'run', namespace: 'argo', name: 'a/b' })
})

test('a parameter is set and taken away, the others stay', () => {
  expect(withParam('?a=1', { b: '2' })).toBe('?a=1&b=2')
  expect(withParam('?a=1&b=2', { a: undefined })).toBe('?b=2')
  expect(withParam('?a=1', { a: '' })).toBe('')
})
