import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifact } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { driverOf, localDrivers } from '../../packages/executor/src/index.ts'
import { type ArgoApi, openArgoApi, put } from './argo-api.ts'

let api: ArgoApi
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argosy-artifacts-'))
  const drivers = localDrivers(join(folder, 'kept'))
  await mkdir(join(folder, 'd/sub'), { recursive: true })
  await writeFile(join(folder, 'f.txt'), 'hi\n')
  await writeFile(join(folder, 'd/<b>.html'), '<p>')
  await writeFile(join(folder, 'd/sub/x.json'), '{}')
  await mkdir(join(folder, 'site'))
  await writeFile(join(folder, 'site/index.html'), 'welcome')
  const none = { archive: { none: {} } }
  const artifacts: Artifact[] = [
    { name: 'f', ...none, disk: { key: 'w/f.txt' } },
    { name: 'd', ...none, disk: { key: 'w/d' } },
    { name: 'site', ...none, disk: { key: 'w/site' } },
  ]
  for (const [at, file] of ['f.txt', 'd', 'site'].entries()) {
    const artifact = artifacts[at]!
    const source = { path: join(folder, file), settled: false }
    await driverOf(drivers, artifact).save(source, artifact)
  }
  const gone = { name: 'gone', disk: { key: 'w/f.txt' }, deleted: true }
  const absent = { name: 'absent', disk: { key: 'w/no' } }
  api = await openArgoApi({ drivers: () => drivers }, { archived: true })
  await put(api.client, 'w', {
    status: {
      phase: 'Succeeded',
      nodes: {
        n: {
          inputs: { artifacts: [artifacts[0]] },
          outputs: { artifacts: [...artifacts, gone, absent] },
        },
      },
    },
  })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const files = '/artifact-files/default/workflows/w/n/outputs'

test.each(['/artifacts/default/w/n/f', '/input-artifacts/default/w/n/f', `${files}/f`])(
  '%s is the artifact, without scripts',
  async (path) => {
    const { code, text, headers } = await api.ask(path)
    expect([code, text]).toEqual([200, 'hi\n'])
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('filename="f.txt"')
    expect(headers.get('content-security-policy')).toMatch(/^sandbox allow-same-origin; /)
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
  },
)

test('a directory is a page that leads to its files', async () => {
  const bare = await api.ask(`${files}/d`)
  expect([bare.code, bare.headers.get('location')]).toEqual([307, `${files}/d/`])
  const page = await api.ask(`${files}/d/`)
  expect(page.text).toContain('<li><a href="./%3Cb%3E.html">&#60;b&#62;.html</a></li>')
  expect(page.text).toContain('<a href="./sub/">')
  expect((await api.ask(`${files}/d/%3Cb%3E.html`)).text).toBe('<p>')
  expect((await api.ask(`${files}/d/sub/x.json`)).text).toBe('{}')
  const site = await api.ask(`${files}/site/`)
  expect([site.code, site.headers.get('location')]).toEqual([307, `${files}/site/index.html`])
})

test.each([
  ['/artifacts/default/no/n/f', 404, 'workflows.argoproj.io "no" not found'],
  ['/artifacts/default/w/no/f', 404, 'workflow w has no node no'],
  ['/artifacts/default/w/n/no', 404, 'node n has no artifact no in its outputs'],
  ['/artifacts/default/w/n/gone', 404, 'artifact gone of node n was deleted'],
  ['/artifacts/default/w/n/absent', 404, expect.any(String)],
  ['/artifacts-by-uid/no/n/f', 404, 'workflow not yet archived'],
  [
    `${files}/d/..%2F..%2Ff.txt`,
    400,
    'a path within an artifact has no . and no ..: "../../f.txt"',
  ],
  ['/artifact-files/default/pods/w/n/outputs/f', 400, expect.any(String)],
])('%s is answered with %i', async (path, code, message) => {
  const answer = await api.ask(path)
  expect([answer.code, answer.json['message']]).toEqual([code, message])
})

test('artifacts are there as long as the archive knows of them', async () => {
  const ref = { resource: resources.workflows, namespace: 'default', name: 'w' }
  const uid = (await api.client.get(ref))?.metadata.uid
  await api.client.remove(ref)
  expect((await api.ask(`/artifacts-by-uid/${uid}/n/f`)).text).toBe('hi\n')
  expect((await api.ask(`/input-artifacts-by-uid/${uid}/n/f`)).text).toBe('hi\n')
  expect(
    (await api.ask(`/artifact-files/default/archived-workflows/${uid}/n/outputs/f`)).text,
  ).toBe('hi\n')
})
