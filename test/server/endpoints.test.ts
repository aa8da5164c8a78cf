import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiRoutes } from '../../packages/server/src/api-routes.ts'
import { router } from '../../packages/server/src/http/router.ts'
import { accesses, type Role, roles } from './access.table.ts'
import { accessDocument } from './access-document.ts'
import { type AccessWorld, accessWorld } from './access-world.ts'

const all = Object.keys(roles) as Role[]

let world: AccessWorld
beforeAll(async () => {
  world = await accessWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe.each(accesses.map((one) => [one.method, one.path, one] as const))(
  '%s %s',
  (...[, , access]) => {
    test.each(all)('lets in %s only if it may', async (role) => {
      const refused = role === 'anonymous' ? (access.unknown ?? 401) : 403
      const wanted = access.for.includes(role) ? (access.code ?? 200) : refused
      const got = await world.ask(access, role)
      expect(got, world.api.log.join('\n')).toBe(wanted)
    })
  },
)

test('no endpoint is left out', () => {
  // Nobody asks what is in them.
  const routes = apiRoutes({ archive: {}, drivers: () => undefined } as never)
  const find = router(routes)
  const known = accesses.filter(({ path }) => !path.startsWith('/oauth2/'))
  const found = new Set(
    known.map(({ method, path }) => find(method, path.split('?')[0] ?? '').route),
  )
  const left = routes.filter((route) => !found.has(route))
  expect(left.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

test('docs/access.md is what this table says; test/server/write-access.ts renews it', async () => {
  const path = new URL('../../docs/access.md', import.meta.url)
  expect(await readFile(path, 'utf8')).toBe(accessDocument())
})
