import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, glob, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@argosy/kube/free-port'
import pg from 'pg'

/** A PostgreSQL of its own on the loopback. */
export interface Postgres extends AsyncDisposable {
  /** The url of a new, empty database. */
  database(): Promise<string>
}

const run = promisify(execFile)

/** Needs Debian's postgresql, and, of root, its account `postgres`: the server refuses to be root's. */
export async function startPostgres(): Promise<Postgres> {
  const bin = await programs()
  const folder = await mkdtemp(join(tmpdir(), 'argosy-postgres-'))
  const owner = await ownerOf(folder)
  const data = join(folder, 'data')
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'argosy', '-A', 'trust', '--no-sync', '-E', 'UTF8'],
    owner,
  )
  const port = await freePort()
  const flags = [
    '-F',
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    '-c',
    'listen_addresses=127.0.0.1',
  ]
  const server = spawn(join(bin, 'postgres'), flags, { ...owner, stdio: 'ignore' })
  const url = (name: string) => `postgres://argosy@127.0.0.1:${port}/${name}`
  await listening(url('postgres'), () => server.exitCode)
  let made = 0
  return {
    async database() {
      const name = `archive_${made++}`
      await asking(url('postgres'), `CREATE DATABASE ${name}`)
      return url(name)
    },
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Debian keeps them out of the way. */
async function programs(): Promise<string> {
  const found: string[] = []
  for await (const folder of glob('/usr/lib/postgresql/*/bin')) found.push(folder)
  const newest = found.toSorted().at(-1)
  if (newest !== undefined) return newest
  throw new Error('these tests need PostgreSQL: apt-get install postgresql')
}

async function ownerOf(folder: string): Promise<{ uid?: number; gid?: number; cwd: string }> {
  if (process.getuid?.() !== 0) return { cwd: folder }
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  const [uid, gid] = [await id('-u'), await id('-g')]
  await chown(folder, uid, gid)
  return { uid, gid, cwd: folder }
}

async function asking(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

async function listening(url: string, exitCode: () => number | null): Promise<void> {
  for (;;) {
    if (exitCode() !== null) throw new Error(`postgres ended with ${exitCode()}`)
    try {
      return await asking(url, 'SELECT 1')
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
