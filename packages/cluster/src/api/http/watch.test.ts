import type { JsonObject } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import { configMap, inDefault, testApi } from './api.fixture.ts'

const api = testApi()

const path = `${inDefault}/configmaps`
const make = async (name: string, labels: Record<string, string> = {}) =>
  (
    await api.ask(path, {
      method: 'POST',
      body: { ...configMap(name), metadata: { name, labels } },
    })
  ).json
const label = (name: string, labels: object) =>
  api.ask(`${path}/${name}`, {
    method: 'PATCH',
    type: 'application/merge-patch+json',
    body: { metadata: { labels } },
  })
const version = (object: unknown) =>
  (object as { metadata: { resourceVersion: string } }).metadata.resourceVersion
const name = (object: unknown) => (object as { metadata: { name: string } }).metadata.name
const told = ({ type, object }: JsonObject) => [type, name(object)]

describe('lists and watches over HTTPS', () => {
  it('a list and a watch from its version tell the whole story, in order (trap 17)', async () => {
    await make('before', { t: 'story' })
    const list = await api.ask(`${path}?labelSelector=t%3Dstory`)
    const from = version(list.json)
    await api.watching(
      `${path}?watch=1&labelSelector=t%3Dstory&resourceVersion=${from}`,
      async (next) => {
        await make('after', { t: 'story' })
        await label('before', { t: null })
        const deleted = await api.ask(`${path}/after`, { method: 'DELETE' })
        expect(deleted.code).toBe(200)
        const events = [await next(), await next(), await next()]
        expect(events.map(told)).toEqual([
          ['ADDED', 'after'],
          ['DELETED', 'before'],
          ['DELETED', 'after'],
        ])
        const versions = events.map(({ object }) => Number(version(object)))
        expect(versions).toEqual(versions.toSorted((a, b) => a - b))
        expect(versions[0]).toBeGreaterThan(Number(from))
      },
    )
  })

  it("a watch in Python's spelling is a watch (trap 14)", async () => {
    await make('python', { t: 'python' })
    await api.watching(`${path}?watch=True&labelSelector=t%3Dpython`, async (next) => {
      expect(told(await next())).toEqual(['ADDED', 'python'])
    })
    const list = await api.ask(`${path}?watch=false`)
    expect(list.json['kind']).toBe('ConfigMapList')
  })

  it('initial events end with a bookmark of the right kind, also when there are none (traps 3, 4, 5)', async () => {
    const asked =
      'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    await make('listed', { t: 'listed' })
    await api.watching(`${path}?${asked}&labelSelector=t%3Dlisted`, async (next) => {
      expect(told(await next())).toEqual(['ADDED', 'listed'])
      const bookmark = await next()
      expect(bookmark).toMatchObject({
        type: 'BOOKMARK',
        object: {
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
        },
      })
      await make('live', { t: 'listed' })
      expect(told(await next())).toEqual(['ADDED', 'live'])
    })
    await api.watching(`${inDefault}/secrets?${asked}`, async (next) => {
      expect(await next()).toMatchObject({ type: 'BOOKMARK', object: { kind: 'Secret' } })
    })
  })

  it('initial events without NotOlderThan are refused, so that clients list instead', async () => {
    const { code } = await api.ask(`${path}?watch=true&sendInitialEvents=true`)
    expect(code).toBe(422)
  })

  it('a version of the future is answered 504, with the cause that clients look for (trap 18)', async () => {
    for (const query of ['resourceVersion=999999', 'watch=1&resourceVersion=999999']) {
      const { code, json, headers } = await api.ask(`${path}?${query}`)
      expect(code).toBe(504)
      expect(headers['retry-after']).toBe('1')
      expect(json).toMatchObject({
        reason: 'Timeout',
        details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
      })
    }
  })

  it('a watch ends by itself after timeoutSeconds, without a complaint', async () => {
    const { code, text } = await api.ask(
      `${path}?watch=1&timeoutSeconds=1&resourceVersion=${api.store.revision}&allowWatchBookmarks=true`,
    )
    expect(code).toBe(200)
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject)
    expect(events.map(({ type }) => type)).toEqual(['BOOKMARK'])
  })

  it('one object can be watched by its own path', async () => {
    await make('single')
    await api.watching(`${path}/single?watch=1`, async (next) => {
      expect(told(await next())).toEqual(['ADDED', 'single'])
    })
  })

  it('lists come in pages, and say how many are left', async () => {
    for (const name of ['p1', 'p2', 'p3']) await make(name)
    const everything = (await api.ask(path)).json['items'] as JsonObject[]
    const first = (await api.ask(`${path}?limit=2`)).json
    const metadata = first['metadata'] as { continue: string; remainingItemCount: number }
    expect(metadata.remainingItemCount).toBe(everything.length - 2)
    const second = (await api.ask(`${path}?limit=500&continue=${metadata.continue}`)).json
    const items = [...(first['items'] as JsonObject[]), ...(second['items'] as JsonObject[])]
    expect(items.map(name)).toEqual(everything.map(name))
  })

  it('fields that cannot be selected by are named', async () => {
    const { code, json } = await api.ask(`${path}?fieldSelector=spec.x%3D1`)
    expect([code, json['message']]).toEqual([400, 'field label not supported: spec.x'])
  })

  it('a collection is deleted by selector', async () => {
    await make('c1', { t: 'all' })
    await make('c2', { t: 'all' })
    const { json } = await api.ask(`${path}?labelSelector=t%3Dall`, { method: 'DELETE' })
    expect((json['items'] as JsonObject[]).map(name)).toEqual(['c1', 'c2'])
    expect((await api.ask(`${path}?labelSelector=t%3Dall`)).json['items']).toEqual([])
  })

  it('a WebSocket is answered 503, which sends its client to plain HTTP (trap 13)', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' }
    const { code } = await api.ask(`${path}?watch=true`, { headers })
    expect(code).toBe(503)
  })

  it('idle connections are kept longer than Go keeps them (trap 11)', async () => {
    const { headers } = await api.ask(path)
    expect(headers['keep-alive']).toBe('timeout=180')
  })
})
