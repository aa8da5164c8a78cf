import { resources } from '@argosy/kube'
import { clientContract } from '@argosy/kube/contract'
import { Connection, httpClient } from '@argosy/kube/remote'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './api.fixture.ts'

let api: TestApi
let connection: Connection
let count = 0

beforeAll(async () => {
  api = await openTestApi()
  connection = new Connection(api.access)
})
afterAll(async () => {
  connection[Symbol.dispose]()
  await api[Symbol.asyncDispose]()
})

async function freshNamespace(): Promise<string> {
  const name = `contract-${count++}`
  await api.client.create(resources.namespaces, {
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  })
  return name
}

describe('the client over HTTPS keeps the promises of the port', () => {
  for (const { name, run } of clientContract) {
    it(name, async () => {
      await run({ client: httpClient(connection), namespace: await freshNamespace() })
    })
  }
})

it('who has no right is told so, and a server that is not there is named', async () => {
  using stranger = new Connection({ ...api.access, authorization: async () => 'Bearer wrong' })
  await expect(httpClient(stranger).list({ resource: resources.pods })).rejects.toMatchObject({
    reason: 'Unauthorized',
  })
  using nowhere = new Connection({ server: 'https://127.0.0.1:1' })
  await expect(httpClient(nowhere).list({ resource: resources.pods })).rejects.toMatchObject({
    reason: 'ServiceUnavailable',
    message: expect.stringContaining('https://127.0.0.1:1 cannot be reached'),
  })
})

it('a watch of a version that is gone is refused as expired, one that is aborted just ends', async () => {
  const client = httpClient(connection)
  const query = { resource: resources.pods, resourceVersion: '999999999' }
  const never = new AbortController().signal
  const reading = client.watch(query, never)[Symbol.asyncIterator]()
  await expect(reading.next()).rejects.toMatchObject({ name: 'StatusError' })
  const stop = new AbortController()
  const { resourceVersion } = await client.list({ resource: resources.pods })
  const watch = client.watch({ ...query, resourceVersion }, stop.signal)[Symbol.asyncIterator]()
  const next = watch.next()
  stop.abort()
  expect(await next).toMatchObject({ done: true })
})
