import { expect, test } from 'vitest'
import type { ArtifactLocation } from '../spec/workflow.ts'
import {
  backendOf,
  hasLocation,
  hasLocationOrKey,
  relocated,
  withSubPath,
} from './arguments-location.ts'

test.each<[ArtifactLocation, boolean, boolean]>([
  [{}, false, false],
  [{ s3: { endpoint: 'e', bucket: 'b', key: 'k' } }, true, true],
  [{ s3: { bucket: 'b', key: 'k' } }, false, true],
  [{ s3: { endpoint: 'e', bucket: 'b' } }, false, false],
  [{ gcs: { bucket: 'b', key: 'k' } }, true, true],
  [{ azure: { endpoint: 'e', container: 'c', blob: 'b' } }, true, true],
  [{ oss: { endpoint: 'e', bucket: 'b', key: 'k' } }, true, true],
  [{ hdfs: { addresses: ['a'] } }, true, true],
  [{ hdfs: { addresses: [], path: '/p' } }, false, true],
  [{ http: { url: 'http://h/p' } }, true, true],
  [{ artifactory: { url: 'http://h/p' } }, false, true],
  [{ git: { repo: 'r' } }, true, true],
  [{ git: {} }, false, false],
  [{ raw: { data: '' } }, true, true],
  [{ plugin: { name: 'n', configuration: 'c', key: 'k' } }, true, true],
  [{ disk: { key: 'k' } }, true, true],
])('%j is complete: %s, has at least a key: %s', (location, complete, keyed) => {
  expect(hasLocation(location)).toBe(complete)
  expect(hasLocationOrKey(location)).toBe(keyed)
})

test('of several backends one wins', () => {
  expect(backendOf({ s3: {}, gcs: {}, git: {} })).toBe('git')
})

test.each([
  [{ s3: { key: 'a/b.tgz' } }, 'x/y', { s3: { key: 'a/b.tgz/x/y' } }],
  [{ s3: { key: '/a/' } }, './x//../y', { s3: { key: '/a/y' } }],
  [{ azure: { blob: 'a' } }, '../../x', { azure: { blob: '../x' } }],
  [{ hdfs: { path: '/a' } }, '../../x', { hdfs: { path: '/x' } }],
  [{ http: { url: 'https://h:1/a?q=1' } }, 'b', { http: { url: 'https://h:1/a/b?q=1' } }],
  [{ artifactory: { url: 'https://h' } }, 'b', { artifactory: { url: 'https://h/b' } }],
])('%j with %s below', (location, subPath, want) => {
  expect(withSubPath({ name: 'a', ...location }, subPath)).toEqual({
    artifact: { name: 'a', ...want },
  })
})

test('what has no keys has nothing below', () => {
  expect(withSubPath({ name: 'a', raw: { data: '' } }, 'x')).toHaveProperty('problem')
  expect(withSubPath({ name: 'a' }, 'x')).toHaveProperty('problem')
})

test('an artifact with only a key lies in the place of the archive', () => {
  const archive = { s3: { endpoint: 'e', bucket: 'b', key: 'archive' } }
  const artifact = { name: 'a', path: '/p', s3: { key: 'mine' } }
  expect(relocated(artifact, archive)).toEqual({ ...artifact, s3: { ...archive.s3, key: 'mine' } })
  expect(relocated({ name: 'a', path: '/p' }, archive)).toEqual({ name: 'a', path: '/p' })
  expect(relocated({ name: 'a', raw: { data: 'x' } }, archive)).toEqual({
    name: 'a',
    raw: { data: 'x' },
  })
  expect(relocated({ name: 'a', gcs: { key: 'k' } }, archive)).toEqual({
    name: 'a',
    s3: { ...archive.s3, key: 'k' },
  })
})
