import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resources } from '@argosy/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inDefault, openTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
let program: Server
let port: number

beforeAll(async () => {
  api = await openTestApi()
  program = createServer(async (request, response) => {
    const { method, url, headers } = request
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(url === '/missing' ? 404 : 200, { 'x-from': 'the pod' })
    response.end(JSON.stringify({ method, url, body, showed: headers.authorization ?? 'nothing' }))
  }).listen(0, '127.0.0.1')
  await once(program, 'listening')
  port = (program.address() as AddressInfo).port
  const ports = [{ name: 'web', containerPort: port }]
  const spec = { containers: [{ name: 'c', image: 'busybox', ports }] }
  const metadata = { name: 'p', namespace: 'default' }
  await api.client.create(resources.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec,
  } as never)
  const ref = { resource: resources.pods, namespace: 'default', name: 'p' }
  const status = { phase: 'Running', podIP: '127.0.0.1' }
  await api.client.patch(ref, { type: 'merge', subresource: 'status', body: { status } })
  const service = { ports: [{ name: 'http', port: 80, targetPort: 'web' }] }
  const named = { apiVersion: 'v1', metadata: { name: 's', namespace: 'default' } }
  await api.client.create(resources.services, { ...named, kind: 'Service', spec: service } as never)
  const subsets = [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'http', port }] }]
  await api.client.create(resources.endpoints, { ...named, kind: 'Endpoints', subsets } as never)
})
afterAll(async () => {
  program.close()
  await api[Symbol.asyncDispose]()
})

describe('the proxy', () => {
  it('hands a request on to a pod, and shows it nothing of who asked', async () => {
    const reply = await api.ask(`${inDefault}/pods/p/proxy/some/path?a=b%20c`)
    expect([reply.code, reply.headers['x-from']]).toEqual([200, 'the pod'])
    expect(reply.json).toEqual({})
    expect(JSON.parse(reply.text)).toEqual({
      ...{ method: 'GET', url: '/some/path?a=b%20c', body: '', showed: 'nothing' },
    })
  })

  it('by port, by its name, through a service, with any method and body', async () => {
    const named = [
      `pods/p:${port}`,
      'pods/p:web',
      'pods/http:p:web',
      'services/s',
      'services/s:http',
      'services/s:80',
    ]
    for (const name of named) {
      const path = `${inDefault}/${name}/proxy`
      const { code, text } = await api.ask(path, { method: 'POST', body: { a: 1 } })
      expect([name, code, JSON.parse(text)]).toMatchObject([
        name,
        200,
        { method: 'POST', url: '/', body: '{"a":1}' },
      ])
    }
    expect((await api.ask(`${inDefault}/pods/p/proxy/missing`)).code).toBe(404)
  })

  it('says what it cannot reach', async () => {
    const closed = await api.ask(`${inDefault}/pods/p:1/proxy`)
    expect([closed.code, closed.json['message']]).toEqual([
      503,
      expect.stringContaining('error trying to reach service: dial tcp 127.0.0.1:1'),
    ])
    expect((await api.ask(`${inDefault}/pods/none/proxy`)).code).toBe(404)
    expect((await api.ask(`${inDefault}/services/s:other/proxy`)).code).toBe(400)
  })
})
