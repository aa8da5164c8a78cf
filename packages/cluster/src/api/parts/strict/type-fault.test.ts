import type { JsonObject } from '@argosy/engine'
import { expect, test } from 'vitest'
import { typeFault } from './type-fault.ts'

const map = (more: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', ...more })
const deployment = (spec: JsonObject): JsonObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', spec },
})
const container = (more: JsonObject) =>
  deployment({ template: { spec: { containers: [{ name: 'm', ...more }] } } })

/** As kube-apiserver 1.34.1 says it. */
test.each([
  [map({ data: { a: 5 } }), 'number into Go struct field ConfigMap.data of type string'],
  [
    map({ metadata: { annotations: { a: true } } }),
    'bool into Go struct field ObjectMeta.metadata.annotations of type string',
  ],
  [map({ immutable: 'x' }), 'string into Go struct field ConfigMap.immutable of type bool'],
  [map({ data: ['x'] }), 'array into Go struct field ConfigMap.data of type map[string]string'],
  [
    deployment({ replicas: 'x' }),
    'string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    deployment({ replicas: 1.5 }),
    'number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    container({ env: [{ name: 'A', value: true }] }),
    'bool into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
  ],
])('%j', (object, words) => {
  expect(typeFault(object)).toBe(`json: cannot unmarshal ${words}`)
})

test('what is of its type has no fault', () => {
  const limits = { cpu: 1, memory: '1Gi' }
  const livenessProbe = { httpGet: { port: 'http' }, periodSeconds: 3 }
  const ports = [{ containerPort: 80, protocol: 'TCP' }]
  const fine = container({ resources: { limits }, livenessProbe, ports, args: null, tty: false })
  expect(typeFault(fine)).toBeUndefined()
  expect(typeFault(map({ data: { a: null }, unknown: 5 }))).toBeUndefined()
  expect(typeFault({ apiVersion: 'a.b/v1', kind: 'K', spec: { a: 5 } })).toBeUndefined()
})
