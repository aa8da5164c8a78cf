import { describe, expect, test } from 'vitest'
import {
  archiveOf,
  type Found,
  type Repositories,
  resolveRepository,
} from './artifact-repository.ts'

const s3 = { s3: { endpoint: 'e', bucket: 'b' } }
const gcs = { gcs: { bucket: 'g' } }

/** `entries` by `namespace/configMap/key`; the key `*` is the annotated one. */
function repositories(entries: Readonly<Record<string, Found>>, fallback?: Found): Repositories {
  return {
    namespace: 'argo',
    fallback: () => fallback,
    entry: ({ namespace, configMap, key = '*' }) => {
      const found = entries[`${namespace}/${configMap}/${key}`]
      return found && { ...found, key: key === '*' ? 'annotated' : key }
    },
  }
}

describe('which repository a workflow uses', () => {
  test('without anything it is the default, which is nobody’s', () => {
    expect(resolveRepository(undefined, 'ns', undefined)).toEqual({ ref: { default: true } })
  })

  test('without a reference the ConfigMap of its namespace goes before the controller’s', () => {
    const own = repositories(
      { 'ns/artifact-repositories/*': { repository: s3 } },
      { repository: gcs },
    )
    expect(resolveRepository(undefined, 'ns', own)).toEqual({
      ref: {
        configMap: 'artifact-repositories',
        key: 'annotated',
        namespace: 'ns',
        artifactRepository: s3,
      },
    })
    expect(resolveRepository(undefined, 'other', own)).toEqual({
      ref: { default: true, artifactRepository: gcs },
    })
  })

  test('a reference is looked for here, then in the controller’s namespace, and nowhere else', () => {
    const far = repositories({ 'argo/cm/k': { repository: s3 } }, { repository: gcs })
    expect(resolveRepository({ configMap: 'cm', key: 'k' }, 'ns', far)).toMatchObject({
      ref: { configMap: 'cm', key: 'k', namespace: 'argo', artifactRepository: s3 },
    })
    expect(resolveRepository({ key: 'k' }, 'ns', far)).toEqual({
      problem:
        'failed to resolve artifact repository: failed to find any artifact repository for artifact repository ref "#k"',
    })
  })

  test('what cannot be read is an error, not an absence', () => {
    const broken = repositories({ 'ns/artifact-repositories/k': { problem: 'line 1: no' } })
    expect(resolveRepository({ key: 'k' }, 'ns', broken)).toEqual({
      problem:
        'failed to resolve artifact repository: error getting config map for artifact repository ref "ns/#k": line 1: no',
    })
    expect(resolveRepository(undefined, 'ns', repositories({}, { problem: 'line 2: no' }))).toEqual(
      {
        problem: 'failed to resolve artifact repository: line 2: no',
      },
    )
  })
})

test.each([
  [undefined, undefined],
  [{ archiveLogs: true }, { archiveLogs: true }],
  [s3, { s3: { ...s3.s3, key: '{{workflow.name}}/{{pod.name}}' } }],
  [
    { archiveLogs: true, s3: { ...s3.s3, keyFormat: 'a/{{pod.name}}' } },
    { archiveLogs: true, s3: { ...s3.s3, key: 'a/{{pod.name}}' } },
  ],
  [{ s3: { keyPrefix: 'p/' } }, { s3: { key: 'p/{{workflow.name}}/{{pod.name}}' } }],
  [{ gcs: { bucket: 'g', keyFormat: 'k' } }, { gcs: { bucket: 'g', key: 'k' } }],
  [{ azure: { container: 'c', blobNameFormat: 'k' } }, { azure: { container: 'c', blob: 'k' } }],
  [{ hdfs: { addresses: ['a'], pathFormat: '/p' } }, { hdfs: { addresses: ['a'], path: '/p' } }],
  [{ oss: { bucket: 'o' } }, { oss: { bucket: 'o', key: '{{workflow.name}}/{{pod.name}}' } }],
  [
    { artifactory: { repoURL: 'http://r/x', keyFormat: 'k' } },
    { artifactory: { url: 'http://r/x/k' } },
  ],
  [{ ...gcs, ...s3 }, { gcs: { bucket: 'g', key: '{{workflow.name}}/{{pod.name}}' } }],
])('the repository %j is the archive %j', (repository, archive) => {
  expect(archiveOf(repository)).toEqual(archive)
})
