import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { JsonObject, Pod } from '@argosy/engine'
import { systemClock } from '@argosy/kube'
import { describe, expect, it } from 'vitest'
import { configMap, inDefault, testApi, workflowsPath } from './api/http/api.fixture.ts'
import { openApiDocument } from './api/parts/openapi/document.ts'
import { aPod, machine, phaseIs } from './node/fixture.ts'
import { fakeRuntime } from './node/runtimes/fake.ts'
import { Store } from './store/store.ts'
import { podStreams } from './streams/pod-streams.ts'

/** The traps of the contract with Kubernetes' clients, by their numbers: each makes some real client fail or hang. */
const api = testApi()

const maps = `${inDefault}/configmaps`
const protobuf = 'application/vnd.kubernetes.protobuf'
const cases = JSON.parse(
  readFileSync(new URL('./api/parts/protobuf/decode-protobuf.cases.json', import.meta.url), 'utf8'),
) as readonly { readonly object: JsonObject; readonly bytes: string }[]
const bytesOf = (kind: string) =>
  Buffer.from(cases.find(({ object }) => object['kind'] === kind)?.bytes ?? '', 'base64')

const post = (path: string, body: object | string | Buffer, type = 'application/json') =>
  api.ask(path, { method: 'POST', body, type })
const merge = (path: string, body: object) =>
  api.ask(path, { method: 'PATCH', type: 'application/merge-patch+json', body })
const metadataOf = (object: unknown) => (object as { metadata: JsonObject }).metadata
const versionOf = (object: unknown) => Number(metadataOf(object)['resourceVersion'])
const initial =
  'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
const endMark = { 'k8s.io/initial-events-end': 'true' }

describe('traps of requests and answers', () => {
  it('trap 1: bodies in protobuf are read, answers are JSON', async () => {
    const headers = { accept: `${protobuf},application/json` }
    const body = bytesOf('Secret')
    const { code, json } = await api.ask(`${inDefault}/secrets`, {
      ...{ method: 'POST', type: protobuf, body, headers },
    })
    expect([code, json['data']]).toEqual([201, { a: 'aGVsbG8=', empty: '' }])
  })

  it('trap 2: zero values of protobuf do not defeat defaults', async () => {
    const { json } = await post(
      '/apis/apps/v1/namespaces/default/deployments',
      bytesOf('Deployment'),
      protobuf,
    )
    expect(metadataOf(json)['namespace']).toBe('default')
    expect(json['spec']).toMatchObject({
      replicas: 0,
      template: { spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' } },
    })
  })

  it('trap 6: version 2 of OpenAPI has a name that Go can parse, and is no JSON', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const { headers, text } = await api.ask('/openapi/v2', { headers: { accept } })
    expect(headers['content-type']).toBe(
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
    )
    expect(text.trimStart().startsWith('{')).toBe(false)
  })

  it('trap 7: every kind of a document has a patch path with fieldValidation', async () => {
    const { json } = await api.ask('/openapi/v3')
    for (const path of Object.keys(json['paths'] as JsonObject)) {
      const document = (await api.ask(`/openapi/v3/${path}`)).json
      const items = Object.values(document['paths'] as Record<string, { patch?: JsonObject }>)
      expect(items.length).toBeGreaterThan(0)
      for (const { patch } of items) {
        expect(JSON.stringify(patch?.['parameters'])).toContain('"fieldValidation"')
        expect(patch?.['x-kubernetes-group-version-kind']).toHaveProperty('kind')
      }
    }
  })

  it('trap 8: strategic merge of a custom resource is 415, and told nowhere', async () => {
    await post(workflowsPath, {
      ...{
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: { name: 'w' },
        spec: {},
      },
    })
    const type = 'application/strategic-merge-patch+json'
    const { code } = await api.ask(`${workflowsPath}/w`, { method: 'PATCH', type, body: {} })
    expect(code).toBe(415)
    const { text } = await api.ask('/openapi/v3/apis/argoproj.io/v1alpha1')
    expect(text).not.toContain('strategic-merge-patch')
  })

  it('trap 9: no request body is advertised, so that clients merge lists by their own rules', () => {
    const pods = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }
    const document = openApiDocument([{ resource: pods }], 'v1')
    expect(JSON.stringify(document)).not.toContain('requestBody')
  })

  it('trap 10: no connection is shared by streams, so none can fill it up for others', async () => {
    const socket = connectTls({
      ...{ port: api.server.port, host: '127.0.0.1', ca: api.tls.ca },
      ALPNProtocols: ['h2', 'http/1.1'],
    })
    await once(socket, 'secureConnect')
    expect(socket.alpnProtocol).not.toBe('h2')
    socket.destroy()
  })

  it('trap 11: idle connections are kept longer than Go keeps them', async () => {
    const { headers } = await api.ask(maps)
    expect(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1])).toBeGreaterThan(90)
  })

  it('trap 13: a WebSocket for a watch is answered 503, which alone leads its client to HTTP', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    expect((await api.ask(`${maps}?watch=true`, { headers })).code).toBe(503)
    expect((await api.ask(`${workflowsPath}?watch=true`, { headers })).code).toBe(503)
  })

  it('trap 15: groups that hold commas are impersonated one by one', async () => {
    const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    const headers = {
      'impersonate-user': 'jane',
      'impersonate-group': ['devs, ops', 'system:masters'],
    }
    const { json } = await api.ask(review, { method: 'POST', body, headers })
    expect(json['status']).toMatchObject({
      userInfo: { groups: ['devs, ops', 'system:masters', 'system:authenticated'] },
    })
  })

  it('trap 16: every refusal has reason, code and the resource in details', async () => {
    await post(maps, configMap('taken'))
    const answers = [
      await api.ask(`${maps}/none`),
      await post(maps, configMap('taken')),
      await api.ask(`${maps}/taken`, {
        ...{ method: 'PUT', body: { metadata: { name: 'taken', resourceVersion: '1' } } },
      }),
      await post(maps, configMap('Not_A_Name')),
    ]
    expect(answers.map(({ code, json }) => [code, json['kind'], json['reason']])).toEqual([
      [404, 'Status', 'NotFound'],
      [409, 'Status', 'AlreadyExists'],
      [409, 'Status', 'Conflict'],
      [422, 'Status', 'Invalid'],
    ])
    const kinds = answers.map(({ json }) => (json['details'] as JsonObject)['kind'])
    expect(kinds).toEqual(['configmaps', 'configmaps', 'configmaps', 'ConfigMap'])
    expect(answers.map(({ json }) => json['code'])).toEqual(answers.map(({ code }) => code))
  })
})

describe('traps of lists and watches', () => {
  it('trap 3: initial events end with a bookmark', async () => {
    await post(maps, { ...configMap('first'), metadata: { name: 'first', labels: { t: '3' } } })
    await api.watching(`${maps}?${initial}&labelSelector=t%3D3`, async (next) => {
      expect((await next())['type']).toBe('ADDED')
      expect(await next()).toMatchObject({
        type: 'BOOKMARK',
        object: { metadata: { annotations: endMark } },
      })
    })
  })

  it('trap 4: also when there are none', async () => {
    await api.watching(`${maps}?${initial}&labelSelector=t%3Dnone`, async (next) => {
      expect(await next()).toMatchObject({
        type: 'BOOKMARK',
        object: { metadata: { annotations: endMark } },
      })
    })
  })

  it('trap 5: a bookmark is of the kind that is watched', async () => {
    for (const [path, kind, apiVersion] of [
      [`${inDefault}/pods`, 'Pod', 'v1'],
      ['/apis/apps/v1/deployments', 'Deployment', 'apps/v1'],
      ['/apis/events.k8s.io/v1/events', 'Event', 'events.k8s.io/v1'],
      [workflowsPath, 'Workflow', 'argoproj.io/v1alpha1'],
    ]) {
      await api.watching(`${path}?${initial}&labelSelector=t%3Dnone`, async (next) => {
        expect(await next()).toMatchObject({ type: 'BOOKMARK', object: { kind, apiVersion } })
      })
    }
  })

  it('trap 14: truth is told as Python and JavaScript tell it', async () => {
    await post(maps, { ...configMap('truth'), metadata: { name: 'truth', labels: { t: '14' } } })
    for (const yes of ['True', 'true', '1', '']) {
      await api.watching(`${maps}?watch=${yes}&labelSelector=t%3D14`, async (next) => {
        expect((await next())['type']).toBe('ADDED')
      })
    }
    for (const no of ['False', 'false', '0'])
      expect((await api.ask(`${maps}?watch=${no}`)).json['kind']).toBe('ConfigMapList')
  })

  it('trap 17: a deletion has a version of its own, and all versions rise', async () => {
    const labels = { t: '17' }
    const { json } = await api.ask(maps)
    await api.watching(
      `${maps}?watch=1&labelSelector=t%3D17&resourceVersion=${versionOf(json)}`,
      async (next) => {
        const made = await post(maps, {
          ...configMap('mortal'),
          metadata: { name: 'mortal', labels },
        })
        await merge(`${maps}/mortal`, { data: { a: '1' } })
        await api.ask(`${maps}/mortal`, { method: 'DELETE' })
        const events = [await next(), await next(), await next()]
        expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
        const versions = [versionOf(json), ...events.map(({ object }) => versionOf(object))]
        expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
        expect(versions[1]).toBe(versionOf(made.json))
      },
    )
  })

  it('trap 18: versions are whole numbers, and the future is refused with the cause that clients look for', async () => {
    const { json } = await api.ask(maps)
    expect(metadataOf(json)['resourceVersion']).toMatch(/^[1-9]\d*$/)
    const late = await api.ask(`${maps}?resourceVersion=${versionOf(json) + 1000}`)
    expect([late.code, late.json['details']]).toMatchObject([
      504,
      { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    ])
  })

  it('trap 19: a write that changes nothing has no version and is no event', async () => {
    const { json } = await post(maps, configMap('still', { data: { a: '1' } }))
    const same = await merge(`${maps}/still`, { data: { a: '1' } })
    const put = await api.ask(`${maps}/still`, { method: 'PUT', body: same.json })
    expect([versionOf(same.json), versionOf(put.json)]).toEqual([versionOf(json), versionOf(json)])
  })
})

describe('traps of objects', () => {
  it('trap 20: a MicroTime keeps its zeros, a Time has none', async () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    const { json } = await post(leases, bytesOf('Lease'), protobuf)
    expect(json['spec']).toMatchObject({ acquireTime: '2026-01-02T03:04:05.000000Z' })
    expect(metadataOf(json)['creationTimestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it('trap 21: the first pod of a new namespace finds its account and authority', async () => {
    await post('/api/v1/namespaces', { metadata: { name: 'new' } })
    const pod = await post('/api/v1/namespaces/new/pods', {
      ...{ metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'busybox' }] } },
    })
    expect([pod.code, pod.json['spec']]).toMatchObject([201, { serviceAccountName: 'default' }])
    expect((await api.ask('/api/v1/namespaces/new/configmaps/kube-root-ca.crt')).code).toBe(200)
  })

  it('trap 22: the patch that takes the last finalizer removes the object, and is answered with it', async () => {
    const held = configMap('held')
    await post(maps, { ...held, metadata: { name: 'held', finalizers: ['a.b/c'] } })
    await api.ask(`${maps}/held`, { method: 'DELETE' })
    const { code, json } = await merge(`${maps}/held`, { metadata: { finalizers: [] } })
    expect([code, json['kind']]).toEqual([200, 'ConfigMap'])
    expect((await api.ask(`${maps}/held`)).code).toBe(404)
  })

  it('trap 23: a definition that is established is in discovery and served', async () => {
    const schema = {
      openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    }
    const versions = [{ name: 'v1', served: true, storage: true, schema }]
    const names = { plural: 'traps', singular: 'trap', kind: 'Trap', listKind: 'TrapList' }
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    await api.watching(`${path}?watch=1&fieldSelector=metadata.name%3Dtraps.a.b`, async (next) => {
      await post(path, {
        metadata: { name: 'traps.a.b' },
        spec: { group: 'a.b', scope: 'Namespaced', names, versions },
      })
      let event = await next()
      while (!JSON.stringify(event).includes('"type":"Established","status":"True"'))
        event = await next()
      expect((await api.ask('/apis/a.b/v1')).json['resources']).toMatchObject([{ name: 'traps' }])
      expect((await api.ask('/apis/a.b/v1/namespaces/default/traps')).code).toBe(200)
      expect((await api.ask('/openapi/v3')).text).toContain('apis/a.b/v1')
    })
  })
})

describe('traps of pods', () => {
  it('trap 12: port-forward speaks a sub-protocol whose name is no token', async () => {
    const pod = {
      metadata: { name: 'p', namespace: 'default', uid: 'u' },
      ...{ spec: { containers: [] }, status: { phase: 'Running', podIP: '127.0.0.1' } },
    } as unknown as Pod
    const streams = podStreams({
      ...{ runtime: fakeRuntime(), client: api.client, clock: systemClock, dataDir: '/nowhere' },
    })
    const server = createServer()
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const identity = { user: 'admin', groups: [] }
      const { signal } = new AbortController()
      const query = new URLSearchParams()
      void streams({ request, socket, head, query, identity, pod, part: 'portforward', signal })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const asked = httpRequest({
      ...{ port, host: '127.0.0.1', path: '/' },
      headers: {
        ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io',
      },
    })
    asked.end()
    const [answer, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Duplex]
    expect(answer.statusCode).toBe(101)
    expect(answer.headers['sec-websocket-protocol']).toBe('SPDY/3.1+portforward.k8s.io')
    socket.destroy()
    server.close()
  })

  it('trap 24: in a pod that has ended nothing waits or runs, and its end is not taken back', async () => {
    await using here = await machine()
    await here.start()
    const containers = ['main', 'wait'].map((name) => ({ name, image: 'busybox', command: ['x'] }))
    await here.create(aPod('two', { containers }))
    // Both have begun.
    await here.until('two', phaseIs('Running'))
    ;(await here.container('main')).end(0)
    const halfway = await here.until(
      'two',
      (pod) =>
        pod?.status?.containerStatuses?.some(({ state }) => state?.terminated !== undefined) ??
        false,
    )
    expect(halfway?.status?.phase).toBe('Running')
    ;(await here.container('wait')).end(0)
    const ended = await here.until('two', phaseIs('Succeeded'))
    for (const { state } of ended?.status?.containerStatuses ?? [])
      expect(Object.keys(state ?? {})).toEqual(['terminated'])
  })
})

it('trap 18, after a restart: numbers go on from where they were', async () => {
  const fatal = (error: Error): never => {
    throw error
  }
  const directory = mkdtempSync(join(tmpdir(), 'argosy-trap-'))
  const write = async (name: string) => {
    await using store = new Store({ directory, fatal })
    const before = store.revision
    const key = { collection: 'configmaps', namespace: 'default', name }
    store.create(key, { ...configMap(name), metadata: { name, namespace: 'default' } })
    await store.settled()
    return [before, store.revision]
  }
  const [, last = 0] = await write('a')
  expect(await write('b')).toEqual([last, last + 1])
  rmSync(directory, { recursive: true })
})
