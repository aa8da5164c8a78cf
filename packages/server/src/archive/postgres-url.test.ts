import { expect, test } from 'vitest'
import { postgresUrl } from './postgres-url.ts'

const secrets: Readonly<Record<string, string>> = { user: 'ann', password: 'p@ss/word' }
const secret = async ({ key }: { readonly key?: unknown }) => secrets[String(key)] ?? ''

const settings = {
  host: 'db.example',
  port: 5433,
  database: 'argo',
  tableName: 'argo_workflows',
  userNameSecret: { name: 's', key: 'user' },
  passwordSecret: { name: 's', key: 'password' },
}

test("upstream's settings name a database", async () => {
  expect(await postgresUrl(settings, secret)).toBe(
    'postgres://ann:p%40ss%2Fword@db.example:5433/argo',
  )
  expect(await postgresUrl({ ...settings, ssl: true, sslMode: 'verify-full' }, secret)).toBe(
    'postgres://ann:p%40ss%2Fword@db.example:5433/argo?sslmode=verify-full',
  )
})

test.each([
  ['host', { ...settings, host: '' }],
  ['database', { ...settings, database: 7 }],
  ['passwordSecret', { ...settings, passwordSecret: 'x' }],
])('%s must be there', async (name, odd) => {
  await expect(postgresUrl(odd, secret)).rejects.toThrow(
    `persistence.postgresql.${name} is missing`,
  )
})
