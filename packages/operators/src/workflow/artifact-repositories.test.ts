import { expect, test } from 'vitest'
import { type ConfigMap, repositoriesIn } from './artifact-repositories.ts'

const repositories = (maps: Readonly<Record<string, Partial<ConfigMap>>>) =>
  repositoriesIn((name, namespace) => {
    const found = maps[`${namespace}/${name}`]
    return found && { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, ...found }
  })

const defaultKey = 'workflows.argoproj.io/default-artifact-repository'

test('an entry is read as YAML, the annotated one when no key is given', () => {
  const { entry } = repositories({
    'ns/repos': {
      metadata: { annotations: { [defaultKey]: 'main' } },
      data: { main: 's3:\n  bucket: b', broken: 's3: [', text: 'just words' },
    },
  })
  const at = (key?: string) => entry({ namespace: 'ns', configMap: 'repos', key })
  expect(at()).toEqual({ key: 'main', repository: { s3: { bucket: 'b' } } })
  expect(at('none')).toBeUndefined()
  expect(entry({ namespace: 'no', configMap: 'repos', key: undefined })).toBeUndefined()
  expect(at('broken')?.problem).toMatch(/^failed to read config map key "broken": ./)
  expect(at('text')?.problem).toMatch(/^failed to read config map key "text": /)
})

test('the controller’s repository has a key of its own, or stands in `config`', () => {
  const controller = (data: Record<string, string>) =>
    repositories({ 'argo/workflow-controller-configmap': { data } }).fallback()
  expect(controller({ artifactRepository: 'gcs: {bucket: g}' })).toEqual({
    repository: { gcs: { bucket: 'g' } },
  })
  expect(controller({ config: 'artifactRepository:\n  s3: {bucket: b}' })).toEqual({
    repository: { s3: { bucket: 'b' } },
  })
  expect(controller({ config: 'parallelism: 2' })).toBeUndefined()
  expect(repositories({}).fallback()).toBeUndefined()
})
