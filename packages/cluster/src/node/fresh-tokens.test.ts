import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StatusError } from '@argosy/kube'
import { describe, expect, test } from 'vitest'
import { aPod, machine, phaseIs } from './fixture.ts'

const projected = {
  sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 1000, audience: 'vault' } }],
}
const spec = {
  volumes: [{ name: 'tokens', projected }],
  containers: [
    { name: 'main', image: 'busybox', volumeMounts: [{ name: 'tokens', mountPath: '/t' }] },
  ],
}
const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' }

describe('tokens in pods', () => {
  test('are there from the start, and new before they end', async () => {
    await using here = await machine()
    const asked: unknown[] = []
    let isGone = false
    const token = async (_: unknown, wish: object) => {
      asked.push(wish)
      if (isGone) throw new StatusError('NotFound', 'no account')
      return `token ${asked.length}`
    }
    await here.start({ api: { env, token } })
    const { metadata } = await here.create(aPod('p', spec))
    const container = await here.container('main')
    expect(container.spec.env).toMatchObject(env)
    const path = join(here.dataDir, 'pods', metadata.uid ?? '', 'volumes/tokens/token')
    expect(await readFile(path, 'utf8')).toBe('token 1')
    expect(asked).toEqual([{ audience: 'vault', seconds: 1000 }])
    here.clock.advance(799_000)
    expect(asked).toHaveLength(1)
    here.clock.advance(1000)
    await expect.poll(() => readFile(path, 'utf8')).toBe('token 2')
    isGone = true
    here.clock.advance(800_000)
    await expect.poll(() => asked.length).toBe(3)
    isGone = false
    await expect
      .poll(() => {
        here.clock.advance(60_000)
        return readFile(path, 'utf8')
      })
      .toBe('token 4')
    container.end(0)
    await here.until('p', phaseIs('Succeeded'))
  })

  test('are refused where there is no API', async () => {
    await using here = await machine()
    await here.start()
    await here.create(aPod('p', spec))
    const pod = await here.until('p', phaseIs('Failed'))
    expect(JSON.stringify(pod?.status)).toContain('serviceAccountToken needs an API server')
  })
})
