import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources, StatusError } from '@argosy/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeptLog } from '../../packages/server/src/workflows/pod-logs.ts'
import { type ArgoApi, inDefault, openArgoApi, put } from './argo-api.ts'

/** What pods have written; who follows one waits until it is released. */
const written = new Map<string, string>()
const broken = 'cannot be read'
let release: () => void = () => undefined

/** What pods that are gone have left. */
const left: KeptLog[] = []

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi({
    logs: {
      kept: async (namespace, pods) =>
        namespace === 'default' ? left.filter(({ ref }) => pods.has(ref.name)) : [],
      async *read({ ref, container, follow, attempt }) {
        const place = attempt === undefined ? '' : `/${ref.uid}/${attempt}`
        const text = written.get(`${ref.name}/${container}${place}`)
        if (text === broken) throw new StatusError('InternalError', 'the node is gone')
        if (text === undefined) throw new StatusError('BadRequest', 'waiting to start')
        yield Buffer.from(text)
        if (!follow) return
        await new Promise<void>((resolve) => {
          release = resolve
        })
        yield Buffer.from('late\n')
      },
    },
  })
})
afterAll(() => api[Symbol.asyncDispose]())

async function pod(name: string, workflow: string, startTime: string): Promise<void> {
  const labels = { 'workflows.argoproj.io/workflow': workflow }
  const metadata = { name, namespace: 'default', labels }
  const spec = { containers: [{ name: 'main', image: 'i' }] }
  const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec } as KubeObject
  await api.client.create(resources.pods, object)
  await api.client.patch(
    { resource: resources.pods, namespace: 'default', name },
    { type: 'merge', subresource: 'status', body: { status: { phase: 'Running', startTime } } },
  )
}

const entries = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { result: JsonObject }).result)

test('come pod by pod as they started, and only those that are asked for', async () => {
  await put(api.client, 'a', { status: { phase: 'Succeeded' } })
  await pod('p2', 'a', '2026-01-01T00:00:02Z')
  await pod('p1', 'a', '2026-01-01T00:00:01Z')
  await pod('silent', 'a', '2026-01-01T00:00:00Z')
  written.set('p1/main', 'one\ntwo')
  written.set('p2/main', 'three\n')
  const all = await api.ask(`${inDefault}/a/log`)
  expect(entries(all.text)).toEqual([
    { content: 'one', podName: 'p1' },
    { content: 'two', podName: 'p1' },
    { content: 'three', podName: 'p2' },
  ])
  const some = await api.ask(`${inDefault}/a/log?grep=^t(wo|en)$`)
  expect(entries(some.text)).toEqual([{ content: 'two', podName: 'p1' }])
  const one = await api.ask(`${inDefault}/a/p2/log?logOptions.container=main`)
  expect(entries(one.text)).toEqual([{ content: 'three', podName: 'p2' }])
  const stamped = await api.ask(`${inDefault}/a/p2/log?logOptions.timestamps=true`)
  expect(entries(stamped.text)[0]?.['content']).toMatch(/^\d{4}-\d\d-\d\dT.*Z three$/)
})

function leave(
  pod: string,
  place: { uid: string; container?: string; attempt?: number },
  text: string,
) {
  const { uid, container = 'main', attempt = 0 } = place
  const ref = { namespace: 'default', name: pod, uid }
  left.push({ ref, container, attempt, writtenAt: Date.UTC(2026, 0, 1) + left.length })
  written.set(`${pod}/${container}/${uid}/${attempt}`, text)
}

test('come also of pods that are gone, with their attempts and containers when they are asked for', async () => {
  const node = (name: string, at: string) => ({ id: name, name, type: 'Pod', startedAt: at })
  const nodes = { g: node('g', '2026-01-01T00:00:02Z'), 'g-1': node('g-1', '2026-01-01T00:00:01Z') }
  await put(api.client, 'g', { status: { phase: 'Succeeded', nodes } })
  leave('g', { uid: 'old' }, 'before\n')
  leave('g', { uid: 'new' }, 'first\n')
  leave('g', { uid: 'new', attempt: 1 }, 'second\n')
  leave('g', { uid: 'new', container: 'side' }, 'beside\n')
  leave('g-1', { uid: 'one' }, 'earlier\n')
  leave('other', { uid: 'x' }, 'no business of g\n')
  const texts = async (query: string) =>
    entries((await api.ask(`${inDefault}/g/log?${query}`)).text).map(({ content }) => content)
  expect(await texts('')).toEqual(['earlier', 'second'])
  expect(await texts('podName=g&logOptions.container=side')).toEqual(['beside'])
  expect(await texts('podName=g&logOptions.allAttempts=true')).toEqual([
    'before',
    'first',
    'second',
  ])
  expect(await texts('logOptions.follow=true')).toEqual(['earlier', 'second'])
  const all = await api.ask(`${inDefault}/g/g/log?logOptions.container=*`)
  expect(entries(all.text)).toEqual([
    { content: 'second', podName: 'g', container: 'main' },
    { content: 'beside', podName: 'g', container: 'side' },
  ])
})

test('are followed until the workflow has ended, with pods that come later', async () => {
  await put(api.client, 'f', { status: { phase: 'Running' } })
  written.set('f1/main', 'first\n')
  await api.streaming(`${inDefault}/f/log?logOptions.follow=true`, {}, async (next) => {
    await pod('f1', 'f', '2026-01-01T00:00:01Z')
    expect(entries(await next())).toEqual([{ content: 'first', podName: 'f1' }])
    const ref = { resource: resources.workflows, namespace: 'default', name: 'f' }
    await api.client.patch(ref, { type: 'merge', body: { status: { phase: 'Failed' } } })
    release()
    expect(entries(await next())).toEqual([{ content: 'late', podName: 'f1' }])
    expect(await next()).toBe('')
  })
})

test('one that cannot be read while a run is followed is told at the end, and harms nobody else', async () => {
  await put(api.client, 'h', { status: { phase: 'Running' } })
  written.set('h1/main', broken)
  written.set('h2/main', 'second\n')
  await api.streaming(`${inDefault}/h/log?logOptions.follow=true`, {}, async (next) => {
    await pod('h1', 'h', '2026-01-01T00:00:01Z')
    await pod('h2', 'h', '2026-01-01T00:00:02Z')
    expect(entries(await next())).toEqual([{ content: 'second', podName: 'h2' }])
    const ref = { resource: resources.workflows, namespace: 'default', name: 'h' }
    await api.client.patch(ref, { type: 'merge', body: { status: { phase: 'Failed' } } })
    release()
    let rest = ''
    while (!rest.includes('"error"')) rest += await next()
    expect(rest).toContain('the node is gone')
  })
})

test.each([
  ['no/log', 404, 'workflows.argoproj.io "no" not found'],
  ['a/log?grep=(', 400, /^grep: failed to compile "\(": error parsing regexp/],
  ['a/log?logOptions.follow=maybe', 400, 'logOptions.follow: expected true or false, got "maybe"'],
])('%s is answered with %i', async (path, code, message) => {
  const answer = await api.ask(`${inDefault}/${path}`)
  expect(answer.code).toBe(code)
  expect(answer.json['message']).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  )
})
