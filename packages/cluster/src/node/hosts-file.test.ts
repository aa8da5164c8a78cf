import { existsSync, readFileSync } from 'node:fs'
import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Resource, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, aStep, eventually, type Machine, machine } from './fixture.ts'

const aliases = [
  { ip: '10.0.0.1', hostnames: ['one.example', 'one'] },
  { ip: '10.0.0.2', hostnames: ['two'] },
]

async function hostsIn(here: Machine): Promise<string | undefined> {
  const { spec } = await here.container('main')
  const file = spec.mounts.find(({ target }) => target === '/etc/hosts')?.source
  return file === undefined ? undefined : readFileSync(file, 'utf8')
}

const step = (name: string) =>
  aStep(name, { name: 'main', container: { name: '', image: 'busybox' } })

async function put(here: Machine, resource: Resource, name: string, more: JsonObject) {
  const { group, version, kind } = resource
  const apiVersion = group === '' ? version : `${group}/${version}`
  const metadata = { name, namespace: 'default', ...(more['metadata'] as JsonObject) }
  await here.client.create(resource, { apiVersion, kind, ...more, metadata } as KubeObject)
}

test('a pod with hostAliases sees an /etc/hosts of its own, a step without the machine\u2019s', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('named', { hostAliases: aliases }))
  expect(await hostsIn(here)).toContain('10.0.0.1\tone.example\tone\n')
  ;(await here.container('main')).end(0)
  await here.until('named', (pod) => pod?.status?.phase === 'Succeeded')
  await here.create(step('plain'))
  expect(await hostsIn(here)).toBeUndefined()
})

test('once there is a service, steps find it by its names', async () => {
  await using here = await machine()
  await here.start()
  await put(here, resources.services, 'db', { spec: { clusterIP: '127.250.0.7' } })
  await here.create(step('asks'))
  const text = await hostsIn(here)
  expect(text).toContain('127.250.0.7\tdb.default.svc.cluster.local db.default.svc db.default db\n')
  const first = await here.container('main')
  const mount = first.spec.mounts.find(({ target }) => target === '/etc/hosts')
  expect(mount).toMatchObject({ readOnly: true })
  first.end(0)
  await here.until('asks', (pod) => pod?.status?.phase === 'Succeeded')
  await here.create(step('too'))
  const { spec } = await here.container('main')
  expect(spec.mounts).toContainEqual(mount)
})

test('what runs hears of services that come, move and go, and keeps what it has written itself', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('server', { restartPolicy: 'Always' }))
  const { spec } = await here.container('main')
  const path = spec.mounts.find(({ target }) => target === '/etc/hosts')?.source ?? ''
  expect(existsSync(path)).toBe(true)
  const has = (line: string) => eventually(() => readFileSync(path, 'utf8').includes(line))
  await put(here, resources.services, 'web', { spec: { clusterIP: 'None' } })
  await put(here, resources.endpoints, 'web', { subsets: [{ addresses: [{ ip: '127.10.0.9' }] }] })
  await has('127.10.0.9\tweb.default.svc.cluster.local web.default.svc web.default web\n')
  const ref = { resource: resources.endpoints, namespace: 'default', name: 'web' }
  const subsets = [{ addresses: [{ ip: '127.10.0.10', hostname: 'web-0' }] }]
  await here.client.patch(ref, { type: 'merge', body: { subsets } })
  await has('127.10.0.10\tweb-0.web.default.svc.cluster.local ')
  await here.client.remove(ref)
  await eventually(() => !readFileSync(path, 'utf8').includes('127.10.0.10'))
})

test('a node that takes over keeps the files of what runs up to date', async () => {
  await using here = await machine()
  const first = await here.start()
  await here.create(aPod('server', { restartPolicy: 'Always' }))
  const { spec } = await here.container('main')
  const path = spec.mounts.find(({ target }) => target === '/etc/hosts')?.source ?? ''
  await here.until('server', (pod) => pod?.status?.phase === 'Running')
  await first[Symbol.asyncDispose]()
  await put(here, resources.services, 'late', { spec: { clusterIP: '127.250.0.8' } })
  await here.start()
  await eventually(() => readFileSync(path, 'utf8').includes('127.250.0.8\tlate.'))
})

test('what steps share follows the services, also for those of an earlier node', async () => {
  await using here = await machine()
  const first = await here.start()
  await put(here, resources.services, 'db', { spec: { clusterIP: '127.250.0.7' } })
  await here.create(step('long'))
  const { spec } = await here.container('main')
  const path = spec.mounts.find(({ target }) => target === '/etc/hosts')?.source ?? ''
  const has = (line: string) => eventually(() => readFileSync(path, 'utf8').includes(line))
  await put(here, resources.services, 'web', { spec: { clusterIP: '127.250.0.8' } })
  await has('127.250.0.8\tweb.')
  await here.until('long', (pod) => pod?.status?.phase === 'Running')
  await first[Symbol.asyncDispose]()
  await put(here, resources.services, 'late', { spec: { clusterIP: '127.250.0.9' } })
  await here.start()
  await has('127.250.0.9\tlate.')
})

test('a step with hostAliases has a file of its own, with its own name', async () => {
  await using here = await machine()
  await here.start()
  await put(here, resources.services, 'db', { spec: { clusterIP: '127.250.0.7' } })
  const one = step('own')
  await here.create({ ...one, spec: { ...one.spec, hostAliases: aliases } })
  const text = await hostsIn(here)
  expect(text).toContain('10.0.0.1\tone.example\tone\n')
  expect(text).toContain('\town\n')
  expect(text).toContain('127.250.0.7\tdb.')
})
