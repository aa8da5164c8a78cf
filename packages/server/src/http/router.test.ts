import { expect, test } from 'vitest'
import type { ApiError } from './api-error.ts'
import type { Route } from './router.ts'
import { router } from './router.ts'

const route = (path: string): Route => ({ method: 'GET', path, handle: () => Promise.reject(path) })
const find = router(
  [
    '/{rest...}',
    '/files/{namespace}/{name}/{path...}',
    '/api/v1/workflows/{namespace}/{name}',
    '/api/v1/workflows/{namespace}/{name}/log',
    '/api/v1/info',
  ].map(route),
)

test.each([
  ['/api/v1/info', '/api/v1/info'],
  ['/api/v1/workflows/argo/a', '/api/v1/workflows/{namespace}/{name}'],
  ['/api/v1/workflows/argo/a/log', '/api/v1/workflows/{namespace}/{name}/log'],
  ['/files/argo/a/b/c', '/files/{namespace}/{name}/{path...}'],
  ['/workflows/argo/a', '/{rest...}'],
  ['/', '/{rest...}'],
])('%s is answered by %s, not by what takes everything', (path, wanted) => {
  expect(find('GET', path).route.path).toBe(wanted)
})

test('a path by another method is told from one that is not there', () => {
  const code = (method: string, path: string) => {
    try {
      find(method, path)
      return ''
    } catch (error) {
      return (error as ApiError).code
    }
  }
  expect(code('TRACE', '/api/v1/info')).toBe('MethodNotAllowed')
  expect(code('PUT', '/api/v1/nothing')).toBe('Unimplemented')
})
