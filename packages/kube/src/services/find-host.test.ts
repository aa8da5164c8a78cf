import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { KubeObject } from '@argosy/engine'
import { expect, test } from 'vitest'
import type { Client, ListQuery, Ref } from '../client.ts'
import { StatusError } from '../status-error.ts'
import { findHost } from './find-host.ts'
import { lookupThrough } from './lookup-through.ts'
import { forwardedCondition } from './service-addresses.ts'
import { serviceCandidates } from './service-candidates.ts'

const service = (name: string, spec: object, more: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'argo' }, spec, ...more },
})
const endpoints = (name: string, addresses: readonly object[]) => ({
  ...{ apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace: 'argo' } },
  subsets: [{ addresses }],
})

/** As much of a client as is asked here. */
function clientOf(...objects: readonly object[]): Client {
  const all = objects as readonly KubeObject[]
  return {
    get: async ({ resource, namespace, name }: Ref) =>
      all.find(
        ({ kind, metadata }) =>
          kind === resource.kind && metadata.namespace === namespace && metadata.name === name,
      ),
    list: async ({ resource }: ListQuery) => ({
      items: all.filter(({ kind }) => kind === resource.kind),
      resourceVersion: '1',
    }),
  } as unknown as Client
}

const minio = service('minio', { clusterIP: '127.250.0.7' })

test.each([
  ['minio', 'argo', ['127.10.0.1']],
  ['MinIO.', 'argo', ['127.10.0.1']],
  ['minio.argo', 'other', ['127.10.0.1']],
  ['minio.argo.svc', 'other', ['127.10.0.1']],
  ['minio.argo.svc.cluster.local', 'other', ['127.10.0.1']],
  ['minio.argo.cluster.local', 'other', undefined],
  ['minio', 'other', undefined],
  ['minio-0.minio', 'argo', ['127.10.0.1']],
  ['minio-0.minio.argo.svc', 'other', ['127.10.0.1']],
  ['minio-1.minio', 'argo', undefined],
  ['s3.eu-west-1.amazonaws.com', 'argo', undefined],
  ['example.com', 'argo', undefined],
  ['', 'argo', undefined],
  ['..', 'argo', undefined],
])('%j, asked for in %s, is %j', async (host, namespace, want) => {
  const client = clientOf(minio, endpoints('minio', [{ ip: '127.10.0.1', hostname: 'minio-0' }]))
  expect(await findHost(client, namespace)(host)).toEqual(want)
})

test('a service whose traffic is passed on is found at its own address', async () => {
  const conditions = [{ type: forwardedCondition, status: 'True' }]
  const passed = service('minio', { clusterIP: '127.250.0.7' }, { status: { conditions } })
  const client = clientOf(passed, endpoints('minio', [{ ip: '127.10.0.1', hostname: 'minio-0' }]))
  expect(await findHost(client, 'argo')('minio')).toEqual(['127.250.0.7'])
  expect(await findHost(client, 'argo')('minio-0.minio')).toEqual(['127.10.0.1'])
})

test('a service may be another name of a service, but not of itself', async () => {
  const another = (name: string, externalName: string) =>
    service(name, { type: 'ExternalName', externalName })
  const client = clientOf(
    ...[minio, another('s3', 'minio.argo.svc.cluster.local'), another('loop', 'loop.argo')],
    another('elsewhere', '127.0.0.1'),
  )
  const find = findHost(client, 'argo')
  expect(await find('s3')).toEqual(['127.250.0.7'])
  expect(await find('loop')).toEqual([])
  expect(await find('elsewhere')).toEqual(['127.0.0.1'])
})

test('who may not read services finds what the machine finds', async () => {
  const refuse = () => Promise.reject(new StatusError('Forbidden', 'no'))
  const client = { get: refuse, list: refuse } as unknown as Client
  expect(await findHost(client, 'argo')('minio')).toBeUndefined()
})

test('the search goes as in a cluster: first in the own namespace', () => {
  expect(serviceCandidates('a.b', 'argo')).toEqual([
    { namespace: 'argo', name: 'b', host: 'a' },
    { namespace: 'b', name: 'a' },
  ])
})

test('connections are led by it, each to another pod', async () => {
  const server = createServer((_, response) => response.end('here'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const lookup = lookupThrough(async (host) => (host === 'minio' ? ['127.0.0.1'] : undefined))
  const ask = (host: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = request({ host, port, lookup }, (answer) => resolve(text(answer)))
      sent.on('error', reject).end()
    })
  expect(await ask('minio')).toBe('here')
  expect(await ask('localhost')).toBe('here')
  server.close()
  const among = lookupThrough(async () => ['127.0.0.1', '127.0.0.2'])
  const first = () =>
    new Promise((resolve) => among('x', { all: false }, (_, address) => resolve(address)))
  expect([await first(), await first(), await first()]).toEqual([
    ...['127.0.0.1', '127.0.0.2', '127.0.0.1'],
  ])
})

test('a service with nobody behind it is said to be that', async () => {
  const lookup = lookupThrough(async () => [])
  const error = await new Promise((resolve) => lookup('web', {}, (why) => resolve(why)))
  expect(error).toMatchObject({ code: 'ENOTFOUND', message: expect.stringContaining('no pod') })
})
