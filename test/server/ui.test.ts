import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArgoApi, openArgoApi } from './argo-api.ts'

let api: ArgoApi
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argosy-ui-'))
  const uiDirectory = join(folder, 'ui')
  await mkdir(join(uiDirectory, 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(
    join(uiDirectory, 'index.html'),
    '<base href="/"><meta name="argosy-auth-modes" content=""><meta name="argosy-managed-namespace" content="">',
  )
  await writeFile(join(uiDirectory, 'assets/main.js'), 'run()')
  api = await openArgoApi({
    ...{ uiDirectory, baseHref: '/argo/', modes: ['client'], managedNamespace: 'team' },
  })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

test('the UI is there for everybody, and knows where it is', async () => {
  for (const path of ['/', '/workflows/argo', '/index.html', '/..%2Fsecret.txt']) {
    const { code, text, headers } = await api.ask(path)
    expect([path, code, text]).toEqual([
      path,
      200,
      '<base href="/argo/"><meta name="argosy-auth-modes" content="client"><meta name="argosy-managed-namespace" content="team">',
    ])
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'.*ancestors 'none'$/)
  }
  const script = await api.ask('/assets/main.js')
  expect([script.text, script.headers.get('content-type')]).toEqual([
    'run()',
    'text/javascript; charset=utf-8',
  ])
  expect(script.headers.get('cache-control')).toContain('immutable')
})

test('the API beside it asks who you are, and does not answer with a page', async () => {
  expect((await api.ask('/api/v1/version')).code).toBe(401)
  const unknown = await api.ask('/api/v1/nothing')
  expect([unknown.code, unknown.json['code']]).toEqual([501, 12])
})
