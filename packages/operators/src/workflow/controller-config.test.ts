import { expect, test } from 'vitest'
import { readControllerConfig } from './controller-config.ts'

test('a key each, or all of them below config', () => {
  const config = { parallelism: 3, namespaceParallelism: 2 }
  expect(readControllerConfig({ parallelism: '3', namespaceParallelism: '2' })).toEqual({
    config,
    warnings: [],
    instanceID: '',
  })
  expect(readControllerConfig({ config: 'parallelism: 3\nnamespaceParallelism: 2\n' })).toEqual({
    config,
    warnings: [],
    instanceID: '',
  })
  expect(readControllerConfig(undefined)).toEqual({ config: {}, warnings: [], instanceID: '' })
  expect(readControllerConfig({ instanceID: 'blue' }).instanceID).toBe('blue')
})

test('what is not heeded is named, and so is what cannot be read', () => {
  const { config, warnings } = readControllerConfig({
    parallelism: 'many',
    nodeEvents: 'enabled: true',
    artifactRepository: 's3: {}',
  })
  expect(config).toEqual({})
  expect(warnings).toEqual([
    'workflow-controller-configmap: "parallelism" must be a whole number, 0 for no limit',
    'workflow-controller-configmap: "nodeEvents" has no effect here',
  ])
})
