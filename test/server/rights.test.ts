import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from './access.table.ts'
import { type AccessWorld, accessWorld } from './access-world.ts'
import { type ArgoApi, openArgoApi } from './argo-api.ts'

let world: AccessWorld
beforeAll(async () => {
  world = await accessWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const every = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
const reading = ['get', 'list', 'watch']

async function rightsOf(role: Role, place = 'default') {
  const headers = { authorization: `Bearer ${role}` }
  const { json } = await world.api.ask(`/api/v1/rights/${place}`, { headers })
  return json
}

test('everybody is told what he may do, and no more', async () => {
  const all = await Promise.all(
    (['none', 'reader', 'submitter', 'admin'] as const).map(async (role) => rightsOf(role)),
  )
  const verbs = all.map((one) => one['verbs'] as Record<string, readonly string[]>)
  expect(all.map(({ user, namespace }) => [user, namespace])).toEqual(
    ['none', 'reader', 'submitter', 'admin'].map((user) => [user, 'default']),
  )
  expect(verbs.map(({ workflows }) => workflows)).toEqual([[], reading, ['create'], every])
  expect(verbs.map(({ workflowtemplates }) => workflowtemplates)).toEqual([
    [],
    reading,
    ['get'],
    every,
  ])
  expect(verbs.map(({ cronworkflows }) => cronworkflows)).toEqual([[], reading, [], every])
  expect(verbs.map(({ pods }) => pods)).toEqual([[], reading, [], every])
})

test('all namespaces may be asked for at once, and one object by its name', async () => {
  expect(await rightsOf('reader', '')).toMatchObject({
    namespace: '',
    verbs: { workflows: reading },
  })
  expect(await rightsOf('reader', 'default?name=w')).toMatchObject({
    verbs: { workflows: reading },
  })
})

test('where everybody is the server, everybody may do what it may', async () => {
  const api: ArgoApi = await openArgoApi()
  try {
    const { json } = await api.ask('/api/v1/rights/default')
    expect(json).toMatchObject({ verbs: { workflows: every, sensors: every } })
  } finally {
    await api[Symbol.asyncDispose]()
  }
})
