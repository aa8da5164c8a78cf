import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Resource, resources, StatusError } from '@argosy/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi, put, workflow } from './argo-api.ts'

/** What pods have written, by their names. */
const written = new Map<string, string>()

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi({
    logs: {
      async *read({ ref }) {
        const text = written.get(ref.name)
        if (text === undefined) throw new StatusError('InternalError', 'the node is gone')
        yield Buffer.from(text)
      },
    },
  })
})
afterAll(() => api[Symbol.asyncDispose]())

const argo = (kind: string, name: string, spec: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  ...{ kind, metadata: { name, namespace: 'default' }, spec },
})

const kinds = [
  ['event-sources', 'eventSource', 'EventSource', { webhook: { a: { port: '1', odd: 1 } } }],
  ['sensors', 'sensor', 'Sensor', { dependencies: [], triggers: [], odd: 1 }],
] as const

describe.each(kinds)('%s', (path, field, kind, spec) => {
  const all = `/api/v1/${path}/default`
  const send = (method: string, where: string, object?: object) =>
    api.ask(`${all}${where}`, { method, body: object === undefined ? {} : { [field]: object } })

  test('are created, read, listed, replaced and deleted as they are', async () => {
    const made = await send('POST', '', { metadata: { name: 'one' }, spec })
    expect(made.json).toMatchObject({
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind, spec },
      metadata: { name: 'one', namespace: 'default', uid: expect.any(String) },
    })
    expect(made.json['metadata']).not.toHaveProperty('labels')
    expect((await api.ask(`${all}/one`)).json).toEqual(made.json)
    const { items } = (await api.ask(all)).json as unknown as { items: KubeObject[] }
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['one'])
    const metadata = { ...(made.json['metadata'] as object), annotations: { a: 'b' } }
    const replaced = await send('PUT', '/one', { metadata, spec })
    expect(replaced.json).toMatchObject({ metadata: { annotations: { a: 'b' } }, spec })
    expect((await send('PUT', '/one', { metadata, spec })).code).toBe(409)
    expect((await send('POST', '', { metadata: { name: 'one' }, spec })).json['code']).toBe(6)
    expect((await send('DELETE', '/one')).json).toEqual({})
    const plural = path.replace('-', '')
    expect((await api.ask(`${all}/one`)).json).toEqual({
      ...{ code: 5, message: `${plural}.argoproj.io "one" not found` },
    })
  })

  test('are refused when they have not the shape, with the place; there is nothing to lint', async () => {
    const bad = await send('POST', '', { metadata: { name: 'b' }, spec: { replicas: 'two' } })
    expect([bad.code, bad.json['message']]).toEqual([400, 'spec.replicas: expected a number'])
    expect((await send('POST', '')).json['message']).toMatch(/was not found in the request body$/)
    expect((await send('POST', '/lint', { spec })).code).toBe(405)
  })

  test('are watched, as lines and as events', async () => {
    const watched = `/api/v1/stream/${path}/default?fields=result.type,result.object.metadata.name`
    for (const accept of ['application/json', 'text/event-stream']) {
      await api.streaming(watched, { accept }, async (next) => {
        await send('POST', '', { metadata: { name: 'w' }, spec })
        expect(await next()).toContain('{"result":{"type":"ADDED","object":{"metadata":{"name":"w"')
        await send('DELETE', '/w')
        expect(await next()).toContain('"DELETED"')
      })
    }
  })
})

async function pod(name: string, label: string, owner: string): Promise<void> {
  const metadata = { name, namespace: 'default', labels: { [label]: owner } }
  const spec = { containers: [{ name: 'main', image: 'i' }] }
  const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec } as KubeObject
  await api.client.create(resources.pods, object)
  await api.client.patch(
    { resource: resources.pods, namespace: 'default', name },
    { type: 'merge', subresource: 'status', body: { status: { phase: 'Running' } } },
  )
}

const entriesIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { result: JsonObject }).result)

describe('logs', () => {
  const source = '/api/v1/stream/event-sources/default/logs'
  const told = { level: 'warn', msg: 'hello', eventName: 'push', eventSourceType: 'webhook' }

  test('are those of the pods with upstream’s labels, and say what their lines say', async () => {
    written.set('es-1', `${JSON.stringify({ ...told, time: '2026-01-01T00:00:00Z' })}\nplain\n`)
    written.set('es-2', 'other\n')
    await pod('es-1', 'eventsource-name', 'one')
    await pod('es-2', 'eventsource-name', 'two')
    await pod('sn-1', 'sensor-name', 'three')
    const plain = { namespace: 'default', level: 'info', time: expect.any(String) }
    const all = entriesIn((await api.ask(source)).text)
    expect(all).toEqual([
      ...[{ namespace: 'default', eventSourceName: 'one', time: '2026-01-01T00:00:00Z', ...told }],
      { ...plain, eventSourceName: 'one', msg: 'plain' },
      { ...plain, eventSourceName: 'two', msg: 'other' },
    ])
    const ask = async (query: string) => entriesIn((await api.ask(`${source}?${query}`)).text)
    expect(await ask('name=two')).toMatchObject([{ msg: 'other' }])
    expect(await ask('eventName=push&eventSourceType=webhook')).toMatchObject([{ msg: 'hello' }])
    expect(await ask('grep=^pl')).toMatchObject([{ msg: 'plain' }])
    expect((await api.ask(`${source}?podLogOptions.tailLines=x`)).json['message']).toBe(
      'podLogOptions.tailLines: expected a whole number, got "x"',
    )
  })

  test('of a pod that cannot be read are told of among the others', async () => {
    const { text } = await api.ask('/api/v1/stream/sensors/default/logs')
    expect(entriesIn(text)).toMatchObject([
      {
        ...{ sensorName: 'three', level: 'error' },
        msg: 'the log of the pod sn-1 could not be read: the node is gone',
      },
    ])
  })

  test('are followed, also those of pods that come later', async () => {
    const path = '/api/v1/stream/sensors/default/logs?podLogOptions.follow=true&name=late'
    await api.streaming(path, {}, async (next) => {
      written.set('sn-2', 'triggered\n')
      await pod('sn-2', 'sensor-name', 'late')
      expect(await next()).toContain('"sensorName":"late"')
    })
  })
})

interface Message {
  readonly type: string
  readonly object?: KubeObject & { readonly status?: object }
  readonly refused?: readonly object[]
}

/** What has come, until a message of this type or of this object has. */
async function until(next: () => Promise<string>, wanted: string): Promise<readonly Message[]> {
  let text = ''
  while (!text.includes(wanted) || !text.endsWith('\n')) text += await next()
  return entriesIn(text) as unknown as readonly Message[]
}

describe('the event flow', () => {
  const flow = '/api/v1/stream/event-flow/default'

  test('is all that a picture needs, then what changes of it', async () => {
    const make = (resource: Resource, kind: string) =>
      api.client.create(resource, argo(kind, `f-${kind.toLowerCase()}`))
    await make(resources.eventSources, 'EventSource')
    await make(resources.sensors, 'Sensor')
    await make(resources.eventBuses, 'EventBus')
    await make(resources.workflowEventBindings, 'WorkflowEventBinding')
    const labels = { 'events.argoproj.io/sensor': 's', 'events.argoproj.io/trigger': 't' }
    for (let at = 0; at < 60; at++) {
      const name = `run-${at}`
      const startedAt = `2026-01-01T00:00:${String(at).padStart(2, '0')}Z`
      const metadata = { name, namespace: 'default', labels }
      await put(api.client, name, { metadata, status: { phase: 'Succeeded', startedAt } })
    }
    await put(api.client, 'other')
    await api.streaming(flow, {}, async (next) => {
      const there = await until(next, '"LISTED"')
      const names = there.map(({ type, object }) => `${type} ${object?.metadata.name ?? ''}`)
      expect(names.slice(0, 4)).toEqual([
        ...['ADDED f-eventsource', 'ADDED f-sensor', 'ADDED f-eventbus'],
        'ADDED f-workfloweventbinding',
      ])
      expect(names.filter((name) => name.startsWith('ADDED run-'))).toHaveLength(50)
      expect(names[4]).toBe('ADDED run-59')
      expect(there.at(-1)).toEqual({ type: 'LISTED', refused: [] })
      const run = there.find(({ object }) => object?.kind === 'Workflow')?.object
      expect(run?.status).toEqual({ phase: 'Succeeded', startedAt: '2026-01-01T00:00:59Z' })
      expect(run).not.toHaveProperty('spec')
      const bound = { 'workflows.argoproj.io/workflow-event-binding': 'f-workfloweventbinding' }
      await api.client.create(
        resources.workflows,
        workflow('made', { metadata: { name: 'made', namespace: 'default', labels: bound } }),
      )
      expect(await until(next, '"made"')).toMatchObject([{ type: 'ADDED' }])
      await api.client.remove({
        ...{ resource: resources.sensors, namespace: 'default', name: 'f-sensor' },
      })
      expect(await until(next, '"DELETED"')).toMatchObject([{ object: { kind: 'Sensor' } }])
    })
  })

  test('says which kinds the asker may not see, and is refused to who may see none', async () => {
    let seen: readonly string[] = []
    await using narrow = await openArgoApi({
      authorize: async ({ resource }) => ({ allowed: seen.includes(resource), reason: '' }),
    })
    expect((await narrow.ask(flow)).code).toBe(403)
    seen = ['workflows', 'eventbus']
    await narrow.streaming(flow, {}, async (next) => {
      const refused = (await until(next, '"LISTED"')).at(-1)?.refused
      expect(refused).toMatchObject([
        { kind: 'EventSource', message: expect.stringContaining('is forbidden') },
        { kind: 'Sensor' },
        { kind: 'WorkflowEventBinding' },
      ])
    })
  })
})
