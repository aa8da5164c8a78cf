import { expect, test } from 'vitest'
import { fromArgoEnvironment } from './argo-environment.ts'
import { serverCommand } from './server.ts'

function read(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const command = serverCommand(() => undefined)
  command.exitOverride().action(() => fromArgoEnvironment(command, environment))
  command.parse([...args], { from: 'user' })
  return command.opts()
}

test("upstream's variables stand for flags that are not said", () => {
  const environment = {
    ...{ ARGO_BASE_HREF: '/argo', ARGO_AUTH_MODE: 'sso', ARGO_SECURE: 'false', ARGO_HSTS: '0' },
    ...{ ARGO_API_RATE_LIMIT: '7', ARGO_NAMESPACED: 'T', ARGO_LOG_FORMAT: 'json' },
  }
  expect(read([], environment)).toMatchObject({
    ...{ baseHref: '/argo', authMode: ['sso'], secure: false, hsts: false },
    ...{ apiRateLimit: 7, namespaced: true, logFormat: 'json' },
  })
  const said = ['--base-href', '/x', '--auth-mode', 'client', '--secure', '--hsts']
  expect(read(said, environment)).toMatchObject({
    ...{ baseHref: '/x', authMode: ['client'], secure: true, hsts: true },
  })
})

test('what is ours is not read, nor what says nothing', () => {
  const own = read([], { ARGO_PORT: '1', ARGO_DATA_DIR: '/nowhere', ARGO_BASE_HREF: '' })
  expect([own['port'], own['baseHref']]).toEqual([6443, '/'])
  expect(own['dataDir']).not.toBe('/nowhere')
})

test.each([
  [{ ARGO_SECURE: 'perhaps' }, 'ARGO_SECURE=perhaps: expected true or false'],
  [{ ARGO_BASE_HREF: 'argo' }, 'ARGO_BASE_HREF=argo: expected a path that begins with /'],
  [{ ARGO_LOG_FORMAT: 'xml' }, 'ARGO_LOG_FORMAT=xml: Allowed choices are text, json.'],
])('%j is refused by its name', (environment, words) => {
  expect(() => read([], environment)).toThrow(words)
})
