import { expect, test } from 'vitest'
import { isReference, splitReference, usualPolicy } from './reference.ts'

const digest = `sha256:${'a'.repeat(64)}`

test.each([
  ['busybox', 'busybox', 'latest', 'docker.io'],
  ['library/busybox:1.35', 'library/busybox', '1.35', 'docker.io'],
  ['index.docker.io/library/busybox', 'index.docker.io/library/busybox', 'latest', 'docker.io'],
  ['localhost/a/b:c', 'localhost/a/b', 'c', 'localhost'],
  [
    'registry.example:5000/a_b/c-d.e:V1',
    'registry.example:5000/a_b/c-d.e',
    'V1',
    'registry.example:5000',
  ],
  [`quay.io/a/b:1@${digest}`, 'quay.io/a/b', digest, 'quay.io'],
])('%s is a name, and comes apart', (text, repository, tag, host) => {
  expect(isReference(text)).toBe(true)
  expect(splitReference(text)).toEqual({ repository, tag, host })
})

test.each([
  '',
  'Busybox',
  'a b',
  'a:',
  'a//b',
  ':1',
  'a@sha256:12',
  '-a',
  'a:b:c',
  '../a',
  'a/../../b',
])('%j is no name of an image', (text) => {
  expect(isReference(text)).toBe(false)
})

test('an image that may change is asked for each time', () => {
  expect(['a', 'a:latest', 'a:1', `a@${digest}`].map(usualPolicy)).toEqual([
    ...['Always', 'Always', 'IfNotPresent', 'IfNotPresent'],
  ])
})
