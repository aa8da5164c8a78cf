import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject } from '@argosy/engine'
import { resources, StatusError } from '@argosy/kube'
import { Connection, httpClient } from '@argosy/kube/remote'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi } from './api.fixture.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argosy-socket-'))
})
afterAll(() => rm(folder, { recursive: true }))

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
const ref = { resource: resources.configMaps, namespace: 'default', name: 'a' }

test('a socket of the machine answers as the port does, to this user alone', async () => {
  const socket = join(folder, 'api.sock')
  await writeFile(socket, 'of one that was killed')
  await using api = await openTestApi({ socket })
  expect(api.server.socket).toBe(socket)
  expect((await stat(socket)).mode & 0o777).toBe(0o600)
  // Nothing listens there: only the socket can have answered.
  const server = 'https://127.0.0.1:1'
  const { authorization } = api.access
  using connection = new Connection({ server, socket, ...(authorization && { authorization }) })
  const client = httpClient(connection)
  await client.create(resources.configMaps, configMap)
  expect((await client.get<KubeObject>(ref))?.metadata.name).toBe('a')
  const stop = new AbortController()
  for await (const [event] of client.watch({ resource: resources.configMaps }, stop.signal)) {
    expect(event?.type).toBe('ADDED')
    break
  }
  stop.abort()
})

test('who shows no token there is nobody', async () => {
  const socket = join(folder, 'closed.sock')
  await using _api = await openTestApi({ socket })
  using connection = new Connection({ server: 'https://127.0.0.1:1', socket })
  const refused = await httpClient(connection)
    .get(ref)
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StatusError)
  expect(refused).toMatchObject({ reason: 'Unauthorized' })
})

test('the socket goes with the server', async () => {
  const socket = join(folder, 'brief.sock')
  const api = await openTestApi({ socket })
  await api[Symbol.asyncDispose]()
  await expect(stat(socket)).rejects.toThrow('ENOENT')
})

test('where there can be none the server answers at its port all the same', async () => {
  const said: string[] = []
  const socket = join(folder, 'x'.repeat(120))
  await using api = await openTestApi({ socket, log: (line) => said.push(line) })
  expect(api.server.socket).toBeUndefined()
  expect(said.join()).toContain(socket)
  expect((await api.ask('/version')).code).toBe(200)
})
