import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Change } from './feed.ts'
import { Store } from './store.ts'

const work = mkdtempSync(join(tmpdir(), 'argosy-crash-'))
const writer = join(work, 'writer.cjs')
const lanes = 4
const killsPerLane = 52

type Picture = ReadonlyMap<string, number>

/** What one look at the store found. */
interface Look {
  readonly revision: number
  readonly picture: Picture
}

/** Lets a child write until it has acknowledged so many writes, kills it in the middle of more, returns what it said. */
async function writeUntilKilled(
  directory: string,
  seed: number,
  enough: number,
): Promise<string[]> {
  const args = [writer, directory, String(seed), String(enough + 200)]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (said.length === enough) child.kill('SIGKILL')
  }
  expect(said.length).toBeGreaterThanOrEqual(enough)
  return said
}

function picture(store: Store): Picture {
  return new Map(store.list('things').map((version) => [version.name, count(version.value)]))
}

function count(value: unknown): number {
  return (value as { status: { n: number } }).status.n
}

async function changesSince(store: Store, after: number): Promise<Change[]> {
  const changes: Change[] = []
  if (after === store.revision) return changes
  const stop = new AbortController()
  const query = { collection: 'things', after, pick: (change: Change) => change }
  for await (const batch of store.follow(query, stop.signal)) {
    changes.push(...batch)
    if (changes.at(-1)?.version.revision === store.revision) stop.abort()
  }
  return changes
}

async function lookAfterCrash(
  directory: string,
  before: Look,
  said: readonly string[],
): Promise<Look> {
  const fatal = (error: Error) => expect.fail(error.message)
  const store = new Store({ directory, fatal, window: { rows: 500, bytes: 2 ** 20 } })
  const changes = await changesSince(store, before.revision)
  const now = { revision: store.revision, picture: picture(store) }
  await store[Symbol.asyncDispose]()

  const revisions = changes.map(({ version }) => version.revision)
  expect(revisions).toEqual(changes.map((_, index) => before.revision + index + 1))
  const done = changes.map(({ type, version }) => {
    const n = type === 'DELETED' ? -1 : count(version.value)
    return `${version.revision} ${type} ${version.name} ${n}`
  })
  expect(done).toEqual(expect.arrayContaining([...said]))
  const learned = new Map(before.picture)
  for (const { type, version } of changes) {
    if (type === 'DELETED') learned.delete(version.name)
    else learned.set(version.name, count(version.value))
  }
  expect([...learned].sort()).toEqual([...now.picture].sort())
  return now
}

async function lane(number: number): Promise<number> {
  const directory = join(work, `lane-${number}`)
  let look: Look = { revision: 0, picture: new Map() }
  for (let kill = 0; kill < killsPerLane; kill++) {
    const seed = number * 1_000 + kill
    const said = await writeUntilKilled(directory, seed, 1 + ((seed * 7_919) % 90))
    look = await lookAfterCrash(directory, look, said)
  }
  return killsPerLane
}

/** One file starts several times faster than many. */
beforeAll(() =>
  build({
    entryPoints: [fileURLToPath(new URL('./fixtures/writer.ts', import.meta.url))],
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  }),
)

afterAll(() => rmSync(work, { recursive: true }))

it('208 times killed while writing: every acknowledged write is there, no revision is missing or doubled', async () => {
  const kills = await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  expect(kills.reduce((sum, each) => sum + each)).toBe(208)
}, 240_000)
