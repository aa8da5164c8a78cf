import { expect, test } from 'vitest'
import { isOwnPath } from './sso-routes.ts'

test.each(['/', '/workflows/argo?phase=Failed', '/a/b#c', '/a%2Fb'])('%s is ours', (path) => {
  expect(isOwnPath(path)).toBe(true)
})

test.each([
  ...[
    '',
    'workflows',
    'https://x.example/',
    '//x.example',
    '/\\x.example',
    '\\\\x',
    '/ /x.example',
  ],
  ...['/\t/x.example', '/../x', '/./x', '/a//b', '/a\\\\b'],
])('%j may be another host to some browser', (path) => {
  expect(isOwnPath(path)).toBe(false)
})
