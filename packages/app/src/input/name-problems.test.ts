import { expect, test } from 'vitest'
import { nameProblems } from './name-problems.ts'

const said = (apiVersion: string, metadata: object | null) =>
  nameProblems({ apiVersion, metadata } as never).map(({ path, message }) => [path, message])

const v1 = 'argoproj.io/v1alpha1'

test.each([
  [{ name: '../../etc' }, 'metadata.name'],
  [{ name: 'größe' }, 'metadata.name'],
  [{ name: 'n'.repeat(254) }, 'metadata.name'],
  [{ generateName: 'A-' }, 'metadata.generateName'],
  [{}, 'metadata'],
  [{ name: '' }, 'metadata'],
  [null, 'metadata'],
])('%j is refused at %s', (metadata, path) => {
  expect(said(v1, metadata)).toEqual([[path, expect.stringContaining(path)]])
})

test.each([
  { name: 'a.b-1' },
  { generateName: 'hello-' },
  { generateName: 'n'.repeat(300) },
  { name: 3 },
])('of %j nothing is said here', (metadata) => {
  expect(said(v1, metadata)).toEqual([])
})

test('a version that Argo does not have is refused', () => {
  expect(said('argoproj.io/v1beta7', { name: 'a' })).toEqual([
    ['apiVersion', 'there is no argoproj.io/v1beta7: expected argoproj.io/v1alpha1'],
  ])
})
