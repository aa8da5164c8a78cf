import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { archiveContract } from './archive.contract.ts'
import { type Postgres, startPostgres } from './postgres.fixture.ts'
import { openPostgresArchive } from './postgres-archive.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

/** Nothing is said but that the server goes away, when it does. */
const quiet = (line: string): void => {
  if (!line.includes('terminating connection due to administrator command')) throw new Error(line)
}

describe("Debian's PostgreSQL", () => {
  archiveContract(async () => openPostgresArchive(await postgres.database(), quiet))
})

test('two servers put into one archive at once, and neither takes a place of the other', async () => {
  const url = await postgres.database()
  const [a, b] = await Promise.all([
    openPostgresArchive(url, quiet),
    openPostgresArchive(url, quiet),
  ])
  const puts = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? a : b).put([ended(`w${at}`)]))
  await Promise.all(puts)
  expect(await a.notDeleted()).toHaveLength(40)
  await Promise.all([a, b].map((one) => one[Symbol.asyncDispose]()))
})

test('a database that is not there is told of', async () => {
  await expect(openPostgresArchive('postgres://127.0.0.1:1/none', quiet)).rejects.toThrow(
    /ECONNREFUSED/,
  )
})

function ended(name: string) {
  const at = '2026-01-01T00:00:00Z'
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: at },
    spec: {},
    status: { phase: 'Succeeded', startedAt: at, finishedAt: at },
  } as const
}
