import type { JsonObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ArgoApi, inDefault, openArgoApi, put } from './argo-api.ts'

let api: ArgoApi
beforeEach(async () => {
  api = await openArgoApi({}, { archived: true })
})
afterEach(() => api[Symbol.asyncDispose]())

const all = '/api/v1/archived-workflows'

async function ended(name: string, day: number, labels: Record<string, string> = {}) {
  const at = `2026-01-0${day}T00:00:00Z`
  const metadata = { name, namespace: 'default', labels }
  await put(api.client, name, {
    metadata,
    status: {
      phase: 'Failed',
      startedAt: at,
      finishedAt: at,
      nodes: { [name]: { id: name, name, type: 'Pod', phase: 'Failed' } },
    },
  })
  const got = await api.client.get({ resource: resources.workflows, namespace: 'default', name })
  return got?.metadata.uid ?? ''
}

const remove = (name: string) => api.ask(`${inDefault}/${name}`, { method: 'DELETE' })

/** Asks again until the archive has heard what happened. */
async function until(path: string, isSo: (json: JsonObject) => boolean): Promise<JsonObject> {
  for (;;) {
    const { json } = await api.ask(path)
    if (isSo(json)) return json
    await new Promise(setImmediate)
  }
}

const names = (json: JsonObject) =>
  ((json['items'] ?? []) as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)
const has = (count: number) => (json: JsonObject) => names(json).length === count

test('what has ended is there when its object is gone', async () => {
  const uid = await ended('a', 1, { team: 'x' })
  await until(all, has(1))
  await remove('a')
  const list = await until(inDefault, has(1))
  expect(list['items']).toEqual([
    expect.objectContaining({
      metadata: expect.objectContaining({
        uid,
        labels: { team: 'x', 'workflows.argoproj.io/workflow-archiving-status': 'Persisted' },
      }),
      status: expect.not.objectContaining({ nodes: expect.anything() }),
    }),
  ])
  for (const path of [
    `${inDefault}/a`,
    `${inDefault}/a?uid=${uid}`,
    `${all}/${uid}`,
    `${all}/?namespace=default&name=a`,
  ]) {
    const { code, json } = await api.ask(path)
    expect([path, code, json['status']]).toMatchObject([path, 200, { nodes: { a: { id: 'a' } } }])
  }
  expect((await api.ask(`${inDefault}/b?uid=${uid}`)).code).toBe(404)
  expect((await api.ask(`${all}/${uid}`, { method: 'DELETE' })).json).toEqual({})
  expect((await api.ask(`${all}/${uid}`)).json).toEqual({ code: 5, message: 'not found' })
})

test('lists go on from what is there to what was', async () => {
  for (const day of [1, 2, 3, 4]) await ended(`w${day}`, day)
  await until(all, has(4))
  await remove('w1')
  await remove('w3')
  await until(inDefault, (json) => names(json).length === 4)
  const pages: string[][] = []
  let next = '0'
  while (next !== '') {
    const { json } = await api.ask(`${inDefault}?listOptions.limit=1&listOptions.continue=${next}`)
    pages.push(names(json))
    next = (json['metadata'] as { continue?: string }).continue ?? ''
  }
  expect(pages).toEqual([['w4'], ['w2'], ['w3'], ['w1']])
  const { json } = await api.ask(
    `${inDefault}?listOptions.limit=3&listOptions.fieldSelector=ext.showRemainingItemCount=true`,
  )
  const metadata = json['metadata'] as { continue: string }
  expect(metadata).toMatchObject({
    continue: expect.stringMatching(/^\d{16}$/),
    remainingItemCount: 1,
  })
  const rest = await api.ask(
    `${inDefault}?listOptions.limit=3&listOptions.continue=${metadata.continue}`,
  )
  expect(names(rest.json)).toEqual(['w1'])
  const byOffset = await api.ask(`${inDefault}?listOptions.limit=3&listOptions.continue=3`)
  expect(names(byOffset.json)).toEqual(['w1'])
})

test('one search finds what is there and what was', async () => {
  for (const day of [1, 2, 3]) await ended(`w${day}`, day, { day: String(day) })
  await until(all, has(3))
  await remove('w1')
  await until(all, has(3))
  const found = async (path: string, query: string) =>
    names((await api.ask(`${path}?query=${encodeURIComponent(query)}`)).json)
  await until(inDefault, has(3))
  expect(await found(inDefault, 'label.day<3 status:failed')).toEqual(['w2', 'w1'])
  expect(await found(all, 'label.day<3 status:failed')).toEqual(['w2', 'w1'])
  expect(await found(inDefault, 'started<2026-01-02 or w3')).toEqual(['w3', 'w1'])
})

test.each([inDefault, all])('%s says where a search is wrong', async (path) => {
  const { code, json } = await api.ask(`${path}?query=a%20and%20stauts:failed`)
  expect([code, json]).toEqual([
    400,
    {
      code: 3,
      message: expect.stringMatching(
        /^query: there is no field stauts: did you mean status\?.* \(at character 7 of /,
      ),
      details: [
        expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: 'query' })] }),
      ],
    },
  ])
})

test.each([
  ['namespace=default', ['a', 'b', 'c']],
  ['namespace=argo', []],
  ['namePrefix=a', ['a']],
  ['listOptions.labelSelector=team', ['a', 'b']],
  ['listOptions.labelSelector=team!%3Dx', ['b', 'c']],
  ['listOptions.labelSelector=team in (x,y),n>3', ['b']],
  ['listOptions.labelSelector=!team', ['c']],
  ['listOptions.fieldSelector=metadata.name!%3Da', ['b', 'c']],
  ['listOptions.fieldSelector=spec.startedAt>2026-01-02T00:00:00Z', ['b', 'c']],
  ["listOptions.fieldSelector=metadata.name%3D' OR 1=1 --", []],
])('the archive has of %s %j', async (query, expected) => {
  await ended('a', 1, { team: 'x', n: '2' })
  await ended('b', 2, { team: 'y', n: '7' })
  await ended('c', 3)
  await until(all, has(3))
  expect(names((await api.ask(`${all}?${query}`)).json).sort()).toEqual(expected)
})

test('labels are known', async () => {
  await ended('a', 1, { team: 'x' })
  await ended('b', 2, { team: 'y', size: 'l' })
  await until(all, has(2))
  expect((await api.ask(`${all}-label-keys`)).json).toEqual({ items: ['size', 'team'] })
  const values = (query: string) => api.ask(`${all}-label-values?${query}`)
  expect((await values('listOptions.labelSelector=team')).json).toEqual({ items: ['x', 'y'] })
  expect((await values('listOptions.labelSelector=team&namespace=argo')).json).toEqual({
    items: [],
  })
  expect((await values('')).json['message']).toBe('only allow 1 labelRequirement, found 0')
  expect((await values('listOptions.labelSelector=a%3Db')).json['message']).toBe(
    'operation = is not supported',
  )
})

test('an archived workflow is retried when it is gone, and resubmitted', async () => {
  const uid = await ended('a', 1)
  await until(all, has(1))
  const again = (what: string) =>
    api.ask(`${all}/${uid}/${what}`, { method: 'PUT', body: { namespace: 'default' } })
  const refused = await again('retry')
  expect([refused.code, refused.json]).toEqual([
    409,
    { code: 6, message: 'Workflow already exists on cluster, use argo retry {name} instead' },
  ])
  await remove('a')
  const { json } = await again('retry')
  expect(json).toMatchObject({ metadata: { name: 'a' }, status: { phase: '' } })
  expect((json['metadata'] as { uid: string }).uid).not.toBe(uid)
  expect((await again('resubmit')).json['metadata']).toMatchObject({
    labels: { 'workflows.argoproj.io/resubmitted-from-workflow': 'a' },
  })
})
