import { execFile, spawn } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gitDriver } from './git.ts'
import type { Secrets } from './secrets.ts'

let room: string
let out: string
let outs = 0
const url = (name: string) => `file://${join(room, name)}`
const run = async (cwd: string, ...args: string[]) => {
  const identity = ['-c', 'user.name=n', '-c', 'user.email=e@x', '-c', 'protocol.file.allow=always']
  const { stdout } = await promisify(execFile)('git', [...identity, ...args], { cwd })
  return stdout.trim()
}

async function commit(tree: string, name: string): Promise<string> {
  await writeFile(join(tree, name), name)
  await run(tree, 'add', '.')
  await run(tree, 'commit', '-qm', name)
  return run(tree, 'rev-parse', 'HEAD')
}

const commits: Record<string, string> = {}

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-git-'))
  await mkdir(join(room, 'sub'))
  await run(join(room, 'sub'), 'init', '-qb', 'main')
  await commit(join(room, 'sub'), 'inner')
  const tree = join(room, 'tree')
  await mkdir(tree)
  await run(tree, 'init', '-qb', 'main')
  commits['first'] = await commit(tree, 'first')
  await run(tree, 'tag', 'v1')
  await run(tree, 'checkout', '-qb', 'side')
  await commit(tree, 'beside')
  await run(tree, 'update-ref', 'refs/hidden/one', 'HEAD')
  await run(tree, 'checkout', '-q', 'main')
  await run(tree, 'submodule', '--quiet', 'add', url('sub'), 'module')
  await commit(tree, 'last')
  await run(room, 'clone', '-q', '--mirror', url('tree'), 'bare.git')
  await run(room, 'init', '-q', '--bare', 'empty.git')
})
afterAll(() => rm(room, { recursive: true, force: true }))
beforeEach(() => {
  outs += 1
  out = join(room, `out-${outs}`)
})

const none: Secrets = async () => undefined

async function cloned(git: object, secrets = none): Promise<readonly string[]> {
  await gitDriver(secrets).load(
    { name: 'code', git: { repo: url('bare.git'), ...git } as never },
    out,
  )
  return (await readdir(out)).filter((name) => !name.startsWith('.')).sort()
}

test('a certificate that nobody vouches for is refused, unless insecureSkipTLS says not to ask', async () => {
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=x']
  await promisify(execFile)('openssl', [...args, '-keyout', 'key.pem', '-out', 'cert.pem'], {
    cwd: room,
  })
  const [key, cert] = [
    await readFile(join(room, 'key.pem')),
    await readFile(join(room, 'cert.pem')),
  ]
  const tls = createTlsServer({ key, cert }, (_, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
  const repo = `https://127.0.0.1:${(tls.address() as AddressInfo).port}/x.git`
  await expect(cloned({ repo })).rejects.toThrow(/certificate/)
  await expect(cloned({ repo, insecureSkipTLS: true })).rejects.toThrow(/not found/)
  tls.close()
})

describe('what a clone has', () => {
  test('the default branch with its submodules', async () => {
    expect(await cloned({})).toEqual(['first', 'last', 'module'])
    expect(await readFile(join(out, 'module/inner'), 'utf8')).toBe('inner')
    expect((await lstat(join(out, '.git'))).isDirectory()).toBe(true)
  })

  test('no submodules when they are not wanted', async () => {
    await cloned({ disableSubmodules: true })
    expect(await readdir(join(out, 'module'))).toEqual([])
  })

  test.each([
    ['a tag', { revision: 'v1' }, ['first']],
    ['a branch', { revision: 'side' }, ['beside', 'first']],
    ['a tag of a shallow clone', { revision: 'v1', depth: 1 }, ['first']],
    ['one branch', { singleBranch: true, branch: 'side' }, ['beside', 'first']],
    ['a branch that nobody asked to be alone', { branch: 'side' }, ['first', 'last', 'module']],
    [
      'what is fetched besides',
      { fetch: ['refs/hidden/*:refs/hidden/*'], revision: 'refs/hidden/one' },
      ['beside', 'first'],
    ],
  ])('%s', async (_, git, files) => {
    expect(await cloned(git)).toEqual(files)
  })

  test('a commit', async () => {
    expect(await cloned({ revision: commits['first'] })).toEqual(['first'])
  })

  test('as much of the past as was asked for', async () => {
    await cloned({ depth: 1 })
    expect(await run(out, 'rev-list', '--count', 'HEAD')).toBe('1')
  })

  test('nothing, of an empty repository', async () => {
    expect(await cloned({ repo: url('empty.git'), revision: 'main' })).toEqual([])
  })
})

describe('what cannot be had leaves nothing and says why', () => {
  test.each([
    [{ repo: '' }, 'git.repo is missing'],
    [{ singleBranch: true }, 'single branch mode without a branch specified'],
    [{ revision: '--help' }, 'git.revision: "--help" begins with a dash'],
    [{ revision: 'nowhere' }, /^failed to get resolve revision: fatal: .*nowhere/],
    [{ repo: 'file:///none/such.git' }, /^failed to clone "file:\/\/\/none\/such.git": fatal: /],
    [{ repo: 'ext::sh -c true' }, /transport 'ext' not allowed/],
    [
      { usernameSecret: { name: 's', key: 'k' } },
      'git.usernameSecret: secret "s" with key "k" not found',
    ],
  ])('%j', async (git, words) => {
    await expect(cloned(git)).rejects.toThrow(words)
    expect((await readdir(room)).filter((name) => name.startsWith(`out-${outs}`))).toEqual([])
  })

  test('a work tree cannot be saved, deleted or read as a stream', async () => {
    const driver = gitDriver(none)
    const artifact = { name: 'code', git: { repo: url('bare.git') } }
    await expect(driver.save({ path: room, settled: true }, artifact)).rejects.toThrow(
      'git output artifacts unsupported',
    )
    await expect(driver.remove(artifact)).rejects.toThrow(/cannot be deleted/)
    await expect(driver.open(artifact)).rejects.toThrow(/is a work tree, not one stream/)
    await expect(driver.list(artifact)).rejects.toThrow(/cannot be listed/)
    expect(await driver.isDirectory(artifact)).toBe(true)
  })
})

test('over ssh with the key of a Secret, which is gone afterwards', async () => {
  const bin = join(room, 'bin')
  await mkdir(bin)
  // In the place of ssh: notes how it is called, and what the key file holds, and runs the command here.
  const script = `#!/bin/sh
echo "$@" > ${room}/called
for word in "$@"; do case "$word" in */key) cat "$word" > ${room}/key-seen; stat -c %a "$word" >> ${room}/key-seen;; esac; done
for last in "$@"; do :; done
eval "$last"
`
  await writeFile(join(bin, 'ssh'), script, { mode: 0o755 })
  const path = process.env['PATH']
  process.env['PATH'] = `${bin}:${path}`
  try {
    const repo = `ssh://somebody@host${room}/bare.git`
    const secret = { sshPrivateKeySecret: { name: 's', key: 'k' }, disableSubmodules: true }
    const keys: Secrets = async () => Buffer.from('the key')
    await cloned({ repo, ...secret, insecureIgnoreHostKey: true }, keys)
    const called = await readFile(join(room, 'called'), 'utf8')
    expect(called).toContain('-o BatchMode=yes -o StrictHostKeyChecking=no')
    expect(called).toContain('somebody@host')
    expect(await readFile(join(room, 'key-seen'), 'utf8')).toBe('the key\n600\n')
    const [, file = ''] = /-i (\S+)/.exec(called) ?? []
    await expect(lstat(file)).rejects.toThrow(/ENOENT/)
  } finally {
    process.env['PATH'] = path
  }
})

describe('over http', () => {
  let server: Server
  let base: string

  beforeAll(async () => {
    server = createServer((request, response) => {
      const wanted = `Basic ${Buffer.from('user:pass word').toString('base64')}`
      if (request.headers.authorization === wanted) backend(request, response)
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const keys: Secrets = async (_, key) => Buffer.from(key === 'u' ? 'user' : 'pass word')
  const login = {
    usernameSecret: { name: 's', key: 'u' },
    passwordSecret: { name: 's', key: 'p' },
    disableSubmodules: true,
  }

  test('with the name and password of a Secret, of which nothing stays', async () => {
    const files = await cloned(
      { ...login, repo: `${base}/bare.git`, revision: 'v1', depth: 1 },
      keys,
    )
    expect(files).toEqual(['first'])
    expect(await readFile(join(out, '.git/config'), 'utf8')).not.toMatch(/pass|credential/)
  })

  test('without them it is refused, and nobody is asked', async () => {
    await expect(cloned({ repo: `${base}/bare.git` })).rejects.toThrow(/could not read Username/)
  })

  /** Git's own server, as a CGI program. */
  function backend(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', base)
    const env = {
      ...process.env,
      GIT_PROJECT_ROOT: room,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    }
    const program = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    request.pipe(program.stdin)
    const chunks: Buffer[] = []
    program.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    program.on('close', () => {
      const all = Buffer.concat(chunks)
      const end = all.indexOf('\r\n\r\n')
      const head = all.toString('latin1', 0, end).split('\r\n')
      for (const line of head) {
        const [name = '', value = ''] = line.split(/: (.*)/)
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
        else response.setHeader(name, value)
      }
      response.end(all.subarray(end + 4))
    })
  }
})
