/** An engine for tests, and images for it: made here, of this machine's busybox and nothing from a registry. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Engine, openEngine } from './engine.ts'

export const busybox = 'argosy-test/busybox:1'
const programs = ['/bin/busybox', '/usr/bin/busybox']

/** Where the engine of the tests listens (test/real-tools.ts), or why there is none. */
export function testSocket(): { readonly socket: string } | { readonly missing: string } {
  const { ARGOSY_DOCKER: socket, ARGOSY_DOCKER_MISSING: missing } = process.env
  return socket ? { socket } : { missing: missing ?? 'ARGOSY_DOCKER names no socket' }
}

/** Opens the engine of the tests with the image `busybox` in it. */
export async function testEngine(): Promise<Engine> {
  const found = testSocket()
  if ('missing' in found) throw new Error(found.missing)
  const engine = await openEngine(found.socket)
  await imageOfBusybox(engine, busybox, ['CMD ["sh"]'])
  return engine
}

export function imageOfBusybox(
  engine: Engine,
  image: string,
  changes: readonly string[],
): Promise<void> {
  return importImage(engine, image, busyboxTar(), changes)
}

export async function importImage(
  engine: Engine,
  image: string,
  tar: Buffer,
  changes: readonly string[] = [],
): Promise<void> {
  const [repo = '', tag = 'latest'] = image.split(':')
  const query = changes.map((one) => `&changes=${encodeURIComponent(one)}`).join('')
  await engine.json({
    method: 'POST',
    path: `/images/create?fromSrc=-&repo=${repo}&tag=${tag}${query}`,
    headers: { 'Content-Type': 'application/x-tar' },
    upload: tar,
  })
}

export function tarOfDirectory(root: string): Buffer {
  return execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 2 ** 28 })
}

let cached: Buffer | undefined

/** A small system: one static program under many names. */
function busyboxTar(): Buffer {
  cached ??= makeBusybox()
  return cached
}

function makeBusybox(): Buffer {
  const program = programs.find((path) => fs.existsSync(path))
  if (!program) throw new Error('busybox-static is not installed')
  const root = fs.mkdtempSync(join(tmpdir(), 'argosy-busybox-'))
  for (const name of ['usr/bin', 'etc', 'tmp', 'root', 'mnt', 'srv']) {
    fs.mkdirSync(`${root}/${name}`, { recursive: true })
  }
  fs.chmodSync(`${root}/tmp`, 0o1777)
  fs.symlinkSync('usr/bin', `${root}/bin`)
  fs.copyFileSync(program, `${root}/usr/bin/busybox`)
  fs.chmodSync(`${root}/usr/bin/busybox`, 0o755)
  const applets = execFileSync(program, ['--list'], { encoding: 'utf8' }).trim().split('\n')
  for (const name of applets.filter((one) => one !== 'busybox')) {
    fs.symlinkSync('busybox', `${root}/usr/bin/${name}`)
  }
  fs.writeFileSync(
    `${root}/etc/passwd`,
    'root:x:0:0:root:/root:/bin/sh\nuser:x:1234:1235::/:/bin/sh\n',
  )
  fs.writeFileSync(`${root}/etc/group`, 'root:x:0:\nuser:x:1235:\n')
  const tar = tarOfDirectory(root)
  fs.rmSync(root, { recursive: true })
  return tar
}

export interface OwnEngine {
  readonly socket: string
  stop(): Promise<void>
}

const ways = [
  [],
  ['--bridge=none'],
  ['--storage-driver=vfs'],
  ['--bridge=none', '--storage-driver=vfs'],
]

/** A `dockerd` with directories of its own. Rejects with what it said when it does not come to life in any way. */
export async function startEngine(dir: string, more: readonly string[] = []): Promise<OwnEngine> {
  const reasons: string[] = []
  for (const flags of ways) {
    const started = await tryEngine(dir, [...flags, ...more]).catch((error: Error) => error)
    if (!(started instanceof Error)) return started
    reasons.push(`${flags.join(' ')}: ${started.message}`)
  }
  throw new Error(`dockerd cannot run here: ${reasons.join('; ')}`)
}

async function tryEngine(dir: string, more: readonly string[]): Promise<OwnEngine> {
  fs.mkdirSync(dir, { recursive: true })
  const socket = join(dir, 'docker.sock')
  const log = join(dir, 'log')
  const out = fs.openSync(log, 'a')
  const places = ['data-root', 'exec-root'].map((name) => `--${name}=${join(dir, name)}`)
  const flags = [...places, `--pidfile=${join(dir, 'pid')}`, `--host=unix://${socket}`]
  const network = ['--iptables=false', '--ip6tables=false', ...more]
  const child = spawn('dockerd', [...flags, ...network], { stdio: ['ignore', out, out] })
  fs.closeSync(out)
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`dockerd ended with ${code}: ${fs.readFileSync(log, 'utf8').slice(-500)}`)),
    )
  })
  failed.catch(() => undefined)
  await Promise.race([answers(socket, child), failed])
  return {
    socket,
    stop: () => end(child),
  }
}

async function answers(socket: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    try {
      const engine = await openEngine(socket)
      return engine.close()
    } catch {
      await delay(50)
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
