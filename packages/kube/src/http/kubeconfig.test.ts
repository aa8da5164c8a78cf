import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readContext } from './kubeconfig.ts'
import type { Overrides } from './overrides.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argosy-kubeconfig-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const config = (user: string, more = '') => `apiVersion: v1
kind: Config
current-context: here
contexts:
- name: here
  context: {cluster: one, user: me, namespace: mine}
- name: bare
  context: {cluster: one}
clusters:
- name: one
  cluster: {server: 'https://127.0.0.1:6443/', certificate-authority: ca.pem, tls-server-name: api}
users:
- name: me
  user: ${user}
${more}`

test('a context names its server, its authority and its namespace', async () => {
  await file('ca.pem', 'PEM')
  const kubeconfig = await file('token', config('{token: secret}'))
  const { access, namespace, name } = await readContext({ kubeconfig })
  expect([name, namespace]).toEqual(['here', 'mine'])
  expect(access).toMatchObject({ server: 'https://127.0.0.1:6443', ca: 'PEM', servername: 'api' })
  expect(await access.authorization?.()).toBe('Bearer secret')
  const bare = await readContext({ kubeconfig, context: 'bare' })
  expect(bare.namespace).toBe('default')
  expect(bare.access.authorization).toBeUndefined()
})

test('who asks is told by certificate, password, file, program or a name to act under', async () => {
  const pem = Buffer.from('CERT').toString('base64')
  const access = async (user: string) =>
    (await readContext({ kubeconfig: await file('user', config(user)) })).access
  const certified = await access(`{client-certificate-data: ${pem}, client-key-data: ${pem}}`)
  expect(certified).toMatchObject({ cert: 'CERT', key: 'CERT' })
  const basic = await access('{username: a, password: b}')
  expect(await basic.authorization?.()).toBe(`Basic ${Buffer.from('a:b').toString('base64')}`)
  await file('t', 'from-file\n')
  expect(await (await access('{tokenFile: t}')).authorization?.()).toBe('Bearer from-file')
  const program = await file(
    'plugin',
    '#!/bin/sh\necho "{\\"status\\": {\\"token\\": \\"$1-$WHO\\"}}"\n',
  )
  await chmod(program, 0o755)
  const exec = `{exec: {command: ${program}, args: [x], env: [{name: WHO, value: z}]}}`
  expect(await (await access(exec)).authorization?.()).toBe('Bearer x-z')
  const other = await access('{token: a, as: someone, as-groups: [g]}')
  expect(other.impersonate).toEqual({ user: 'someone', groups: ['g'] })
})

test('what is said goes before the kubeconfig, and stands for what it replaces', async () => {
  await file('ca.pem', 'PEM')
  await file('own.pem', 'OWN')
  const pem = Buffer.from('CERT').toString('base64')
  const kubeconfig = await file('said', config(`{token: t, client-certificate-data: ${pem}}`))
  const read = (overrides: Overrides) => readContext({ kubeconfig, overrides })
  const own = join(folder, 'own.pem')
  const { access } = await read({
    cluster: { server: 'https://other:1', 'certificate-authority': own },
    user: { 'client-certificate': own, as: 'ada', 'as-groups': ['g'], 'as-uid': 'u' },
  })
  expect(access).toMatchObject({ server: 'https://other:1', ca: 'OWN', cert: 'OWN' })
  expect(access.servername).toBeUndefined()
  expect(access.impersonate).toEqual({ user: 'ada', groups: ['g'], uid: 'u' })
  expect(await access.authorization?.()).toBe('Bearer t')
  const insecure = await read({
    cluster: { 'insecure-skip-tls-verify': true },
    user: { username: 'a', password: 'b' },
  })
  expect([insecure.access.insecure, insecure.access.ca]).toEqual([true, undefined])
  expect(await insecure.access.authorization?.()).toMatch(/^Basic /)
  await expect(read({ userName: 'nobody' })).rejects.toThrow('no user "nobody"; it has me')
})

test('an address and a token are enough', async () => {
  const overrides = { cluster: { server: 'https://h:1' }, user: { token: 'x' } }
  const found = await readContext({ overrides, env: { HOME: join(folder, 'nobody') } })
  expect([found.access.server, found.namespace]).toEqual(['https://h:1', 'default'])
  expect(await found.access.authorization?.()).toBe('Bearer x')
})

test('the files of $KUBECONFIG are taken together, and the first that says something wins', async () => {
  const first = await file('first', 'current-context: bare\n')
  const second = await file('second', config('{token: t}'))
  const env = { KUBECONFIG: `${join(folder, 'absent')}:${first}:${second}` }
  expect((await readContext({ env })).name).toBe('bare')
})

test.each([
  ['nothing', '', 'it is empty'],
  ['no context', config('{}').replace('current-context: here', ''), 'no current-context'],
  [
    'a name',
    config('{}').replace('current-context: here', 'current-context: there'),
    'no context "there"; it has here, bare',
  ],
  ['a server', config('{}').replace('https://127.0.0.1:6443/', 'nowhere'), 'no address: nowhere'],
  ['a file', config('{client-certificate: absent.pem}'), 'client-certificate absent.pem: ENOENT'],
  ['yaml', 'a: [', 'kubeconfig'],
])('a kubeconfig with a mistake in %s is refused in words', async (_, text, words) => {
  const kubeconfig = await file('broken', text)
  await expect(readContext({ kubeconfig })).rejects.toThrow(words)
})

test('without a file, and outside of a cluster, the place to look at is named', async () => {
  const env = { HOME: join(folder, 'nobody') }
  await expect(readContext({ env })).rejects.toThrow(`${folder}/nobody/.kube/config is not there`)
})

test('a socket of this machine is taken when it is there, and when nothing else is said of the server', async () => {
  const path = join(folder, 'api.sock')
  const extension = `extensions: [{name: argosy.dev/socket, extension: {path: '${path}'}}]`
  const withSocket = (user: string) => config(user).replace('tls-server-name: api', extension)
  const kubeconfig = await file('local', withSocket('{token: secret}'))
  const socketOf = async (choice: Parameters<typeof readContext>[0]) =>
    (await readContext(choice)).access.socket
  expect(await socketOf({ kubeconfig })).toBeUndefined()
  await file('api.sock', 'no socket')
  expect(await socketOf({ kubeconfig })).toBeUndefined()
  await rm(path)
  const server = createServer().listen(path)
  await once(server, 'listening')
  expect(await socketOf({ kubeconfig })).toBe(path)
  const overrides = { cluster: { server: 'https://elsewhere:6443' } }
  expect(await socketOf({ kubeconfig, overrides })).toBeUndefined()
  const pem = Buffer.from('CERT').toString('base64')
  const certified = withSocket(`{client-certificate-data: ${pem}, client-key-data: ${pem}}`)
  expect(await socketOf({ kubeconfig: await file('certified', certified) })).toBeUndefined()
  server.close()
})
