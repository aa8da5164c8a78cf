import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi } from './argo-api.ts'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const all = '/api/v1/sync/default'
const send = (method: string, path: string, body?: object) =>
  api.ask(path, { method, ...(body && { body }) })

test('limits of semaphores are kept in a ConfigMap', async () => {
  const own = { namespace: 'default', cmName: 'c', key: 'k' }
  const made = await send('POST', all, { cmName: 'c', key: 'k', limit: 2 })
  expect(made.json).toEqual({ ...own, limit: 2 })
  await send('POST', all, { cmName: 'c', key: 'l', limit: 1 })
  expect((await send('PUT', `${all}/k`, { cmName: 'c', limit: 3 })).json).toEqual({
    ...own,
    limit: 3,
  })
  expect((await send('GET', `${all}/k?cmName=c`)).json).toEqual({ ...own, limit: 3 })
  expect((await send('DELETE', `${all}/k?cmName=c`)).json).toEqual({})
  expect((await send('GET', `${all}/k?cmName=c`)).json).toEqual({
    code: 5,
    message: 'key k not found in configmap default/c',
  })
  expect((await send('GET', `${all}/l?cmName=c`)).json).toMatchObject({ limit: 1 })
})

test('limits of semaphores in the database are kept by their keys alone', async () => {
  const own = { namespace: 'default', type: 'DATABASE', key: 'd' }
  const made = await send('POST', all, { key: 'd', limit: 2, type: 1 })
  expect(made.json).toEqual({ ...own, limit: 2 })
  expect((await send('POST', all, { key: 'd', limit: 2, type: 1 })).json).toMatchObject({
    message: 'Database sync limit already exists in namespace "default".',
  })
  await send('PUT', `${all}/d`, { limit: 5, type: 'DATABASE' })
  expect((await send('GET', `${all}/d?type=DATABASE`)).json).toEqual({ ...own, limit: 5 })
  expect((await send('DELETE', `${all}/d?type=1`)).json).toEqual({})
  const gone = { message: 'Database sync limit not found in namespace "default".' }
  expect((await send('GET', `${all}/d?type=1`)).json).toMatchObject(gone)
  expect((await send('DELETE', `${all}/d?type=1`)).json).toMatchObject(gone)
})

test.each([
  ['POST', all, { cmName: 'x', key: 'k', limit: 0 }, 400, 'limit must be greater than zero'],
  [
    'POST',
    all,
    { cmName: 'x', key: 'k', limit: 1, type: 2 },
    400,
    'unsupported sync config type: 2',
  ],
  [
    'PUT',
    `${all}/none`,
    { limit: 1, type: 'DATABASE' },
    404,
    'Database sync limit not found in namespace "default".',
  ],
  ['PUT', `${all}/k`, { cmName: 'x', limit: 1 }, 404, 'configmaps "x" not found'],
  ['POST', all, { limit: 1 }, 400, 'cmName and key are needed'],
] as const)('%s %s %j is answered with %i', async (method, path, body, code, message) => {
  const answer = await send(method, path, body)
  expect([answer.code, answer.json['message']]).toEqual([code, message])
})
