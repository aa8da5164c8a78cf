import type { Container } from '@argosy/engine'
import { expect, test } from 'vitest'
import { fieldRef, resourceFieldRef } from './downward.ts'
import { environment } from './environment.ts'
import { expand } from './expand.ts'
import { aPod } from './fixture.ts'
import type { Keys } from './references.ts'

const host = { nodeName: 'here', hostIP: '10.0.0.1', allocatable: { cpu: 4, memory: 2 ** 30 } }
const keys = (data: Record<string, string>): Keys =>
  new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)]))
const references = {
  configMap: async (name: string) => (name === 'cm' ? keys({ a: '1', b: '2' }) : undefined),
  secret: async (name: string) => (name === 'sec' ? keys({ a: 'secret' }) : undefined),
}

function envOf(container: Partial<Container>) {
  const pod = aPod('p', { serviceAccountName: 'sa' }, { labels: { app: 'x' }, uid: 'u' })
  const facts = { references, host, image: { PATH: '/bin' } }
  return environment(pod, { name: 'main', ...container }, facts)
}

test.each([
  ['$(A)', '1'],
  ['x$(A)y$(B)', 'x1y$(B)'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$1'],
  ['$A $', '$A $'],
  ['$(', '$('],
])('%s expands to %s', (text, result) => {
  expect(expand(text, (name) => (name === 'A' ? '1' : undefined))).toBe(result)
})

test('envFrom comes first, in order, and env sees what came before it', async () => {
  const env = await envOf({
    envFrom: [{ configMapRef: { name: 'cm' } }, { prefix: 'P_', secretRef: { name: 'sec' } }],
    env: [
      { name: 'b', value: 'own' },
      { name: 'both', value: '$(a)-$(b)-$(P_a)-$(later)' },
      { name: 'later', value: 'x' },
    ],
  })
  expect(env).toEqual({
    PATH: '/bin',
    HOSTNAME: 'p',
    a: '1',
    P_a: 'secret',
    b: 'own',
    both: '1-own-secret-$(later)',
    later: 'x',
  })
})

test('absent keys and objects refuse, unless they are optional', async () => {
  const env = (valueFrom: object) => envOf({ env: [{ name: 'X', valueFrom }] })
  await expect(env({ secretKeyRef: { name: 'sec', key: 'no' } })).rejects.toThrow(
    "couldn't find key no in Secret default/sec",
  )
  await expect(env({ configMapKeyRef: { name: 'no', key: 'a' } })).rejects.toThrow(
    'configmap "no" not found',
  )
  expect(await env({ secretKeyRef: { name: 'no', key: 'a', optional: true } })).not.toHaveProperty(
    'X',
  )
  await expect(envOf({ envFrom: [{ secretRef: { name: 'no' } }] })).rejects.toThrow(
    'secret "no" not found',
  )
})

test.each([
  ['metadata.name', 'p'],
  ["metadata.labels['app']", 'x'],
  ["metadata.annotations['none']", ''],
  ['spec.nodeName', 'here'],
  ['spec.serviceAccountName', 'sa'],
  ['status.hostIP', '10.0.0.1'],
])('fieldRef %s is %s', (path, value) => {
  const pod = aPod('p', { serviceAccountName: 'sa' }, { labels: { app: 'x' } })
  expect(fieldRef(pod, path, host)).toBe(value)
})

test.each([
  [{ resource: 'limits.cpu' }, '1'],
  [{ resource: 'limits.cpu', divisor: '1m' }, '500'],
  [{ resource: 'requests.cpu', divisor: '1m' }, '100'],
  [{ resource: 'limits.memory', divisor: '1Mi' }, '1024'],
  [{ resource: 'requests.memory' }, '0'],
])('resourceFieldRef %j is %s', (ref, value) => {
  const resources = { limits: { cpu: '500m' }, requests: { cpu: '100m' } }
  expect(resourceFieldRef(ref, { name: 'main', resources }, host)).toBe(value)
})
