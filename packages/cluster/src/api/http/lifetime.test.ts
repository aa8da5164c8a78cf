import { text } from 'node:stream/consumers'
import type { JsonObject } from '@argosy/engine'
import { systemClock } from '@argosy/kube'
import { describe, expect, it } from 'vitest'
import { Store } from '../../store/store.ts'
import { registry } from '../kinds.ts'
import { configMap, inDefault, openTestApi } from './api.fixture.ts'
import { startApiServer } from './start-api-server.ts'

function fatal(error: Error): never {
  throw error
}

const path = `${inDefault}/configmaps`

describe('a server over its lifetime', () => {
  it('a watch from before what is kept is told so in the stream, and ends', async () => {
    await using store = new Store({ fatal, window: { rows: 20, bytes: 2 ** 20 } })
    await using api = await openTestApi({ store })
    for (let index = 0; index < 60; index++)
      await api.ask(path, { method: 'POST', body: configMap(`c${index}`) })
    const { code, text: said } = await api.ask(`${path}?watch=1&resourceVersion=1`)
    expect(code).toBe(200)
    expect(JSON.parse(said)).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', reason: 'Expired', code: 410 },
    })
  })

  it('watches end when the server stops, and nothing is cut off in the middle', async () => {
    const api = await openTestApi()
    await api.ask(path, { method: 'POST', body: configMap('last') })
    const response = await api.open(`${path}?watch=1&fieldSelector=metadata.name%3Dlast`)
    const all = text(response)
    await api.server[Symbol.asyncDispose]()
    const lines = (await all).split('\n')
    expect(lines.at(-1)).toBe('')
    for (const line of lines.slice(0, -1)) expect(JSON.parse(line)).toHaveProperty('type')
    await api[Symbol.asyncDispose]()
  })

  it('numbers go on after a restart (trap 18)', async () => {
    await using store = new Store({ fatal })
    await using first = await openTestApi({ store })
    await first.ask(path, { method: 'POST', body: configMap('one') })
    const before = store.revision
    await first.server[Symbol.asyncDispose]()
    await using second = await openTestApi({ store })
    const { json } = await second.ask(path, { method: 'POST', body: configMap('two') })
    const { resourceVersion } = json['metadata'] as { resourceVersion: string }
    expect(Number(resourceVersion)).toBeGreaterThan(before)
    expect(String(Number(resourceVersion))).toBe(resourceVersion)
  })

  it('a port that is taken is named', async () => {
    await using api = await openTestApi()
    const again = startApiServer({
      ...{ store: api.store, registry: registry(), clock: systemClock, host: '127.0.0.1' },
      port: api.server.port,
      tls: api.tls,
      authenticate: async () => undefined,
      authorize: async () => ({ allowed: false, reason: '' }),
    })
    await expect(again).rejects.toThrow(
      `EADDRINUSE: address already in use 127.0.0.1:${api.server.port}`,
    )
  })
})

describe('the log of a pod', () => {
  const pod = (name: string, containers: readonly string[]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: containers.map((one) => ({ name: one, image: 'x' })) },
  })
  const logs = `${inDefault}/pods/p/log`

  it('is read from the node as the client wants it', async () => {
    const asked: JsonObject[] = []
    await using api = await openTestApi({
      podLogs: {
        async *read(query) {
          asked.push(query as unknown as JsonObject)
          yield Buffer.from('one\ntw')
          yield Buffer.from('o\n')
        },
      },
    })
    await api.ask(`${inDefault}/pods`, { method: 'POST', body: pod('p', ['main']) })
    const plain = await api.ask(`${logs}?tailLines=5&follow=True&previous=false`)
    expect([plain.headers['content-type'], plain.text]).toEqual(['text/plain', 'one\ntwo\n'])
    expect(asked[0]).toMatchObject({
      ...{ container: 'main', tailLines: 5, follow: true, previous: false },
      ref: { namespace: 'default', name: 'p' },
    })
    const stamped = await api.ask(`${logs}?timestamps=true`)
    expect(stamped.text).toMatch(/^\d{4}-\S+Z one\n\d{4}-\S+Z two\n$/)
    expect((await api.ask(`${logs}?tailLines=-1`)).code).toBe(422)
    expect((await api.ask(`${logs}?container=x`)).json['message']).toBe(
      'container x is not valid for pod p',
    )
  })

  it('of several containers wants one to be named', async () => {
    await using api = await openTestApi({ podLogs: { async *read() {} } })
    await api.ask(`${inDefault}/pods`, { method: 'POST', body: pod('p', ['a', 'b']) })
    expect((await api.ask(logs)).json['message']).toBe(
      'a container name must be specified for pod p, choose one of: [a b]',
    )
    expect((await api.ask(`${logs}?container=b`)).text).toBe('')
  })
})
