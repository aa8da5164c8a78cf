/**
 * The launcher for machines without launcher.c: the same protocol, the same files, in a small Node process of its own,
 * which starts bwrap, unshare or plain programs. Usage: node helper.ts process|bwrap|unshare
 */
import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname } from 'node:path'
import type { Mount } from '../runtime.ts'
import { resolver, settle } from '../runtimes/view.ts'
import { isShortage } from '../shortage.ts'
import { canExecute, lookUp } from './look-up.ts'
import { layerOf, scratchOf, type View } from './records.ts'
import { type Order, parseOrder, RequestReader } from './requests.ts'
import {
  type Fallback,
  opaqueScript,
  type Surroundings,
  sandboxCommand,
  toolsOf,
} from './sandbox-command.ts'

type Mode = 'process' | Fallback

const mode = (process.argv[2] ?? 'process') as Mode
const bootId = readText('/proc/sys/kernel/random/boot_id').trim()
const rootless = process.getuid?.() !== 0
/** What lives, by the id of its start or adoption: a process id may be another's by now. */
const living = new Map<string, number>()
const around: Surroundings = { tools: findTools(), rootless, tops: topDirectories() }

main()

function main(): void {
  const missing = mode === 'process' ? [] : toolsOf[mode].filter((name) => !around.tools[name])
  const refused = missing.length > 0 ? `not installed: ${missing.join(', ')}` : ''
  process.stdout.on('error', () => {})
  answer(`V 1 ${rootless ? 1 : 0} . ${refused}`)
  if (refused !== '') return
  const reader = new RequestReader()
  process.stdin.on('data', (chunk: Buffer) => {
    for (const fields of reader.read(chunk)) request(fields)
  })
  process.stdin.on('error', () => {})
}

function request([op = '', id = '', ...rest]: readonly string[]): void {
  const [first = '', second = ''] = rest
  if (op === 'S') void start(id, parseOrder(rest.slice(1)))
  else if (op === 'K') kill(living.get(id), Number(first))
  else if (op === 'A') void watchOther(id, Number(first), second)
  else if (op === 'R') remove(id, first)
  else if (op === 'O') answer(`O ${id} ${isOpaque(first) ? 1 : 0}`)
}

async function start(id: string, order: Order): Promise<void> {
  const pidFile = claim(order.dir)
  if (typeof pidFile !== 'number') {
    const words = pidFile.code === 'EEXIST' ? 'already started' : pidFile.message
    answer(`F ${id} ${Date.now()} ${isShortage(pidFile) ? 1 : 0} ${order.dir}: ${words}`)
    return
  }
  try {
    await startClaimed(id, order, pidFile)
  } catch (error) {
    fail(id, order.dir, error as Error)
  } finally {
    fs.closeSync(pidFile)
  }
}

async function startClaimed(id: string, order: Order, pidFile: number): Promise<void> {
  const view = JSON.parse(order.view) as View
  const program = await prepare(order, view)
  if (typeof program === 'string') {
    fail(id, order.dir, new Error(program))
    return
  }
  const [out, err] = [openLog(order.stdout), openLog(order.stderr)]
  const child = spawn(program.file, program.args, {
    ...{ cwd: program.cwd, env: program.env, detached: true, stdio: ['ignore', out, err] },
    ...(mode === 'process' && order.uid >= 0 && { uid: order.uid, gid: order.gid }),
    ...(program.argv0 !== undefined && { argv0: program.argv0 }),
  })
  fs.closeSync(out)
  fs.closeSync(err)
  child.on('error', (error) => fail(id, order.dir, error))
  const { pid } = child
  if (pid === undefined) return
  const startedAt = Date.now()
  living.set(id, pid)
  child.on('exit', (code, signal) => {
    living.delete(id)
    ended(id, order.dir, pid, code, signal)
  })
  fs.writeSync(pidFile, `${pid} ${startTime(pid)} ${bootId} ${startedAt}\n${order.view}`)
  answer(`S ${id} ${pid} ${startedAt}`)
}

function openLog(path: string): number {
  fs.mkdirSync(dirname(path), { recursive: true })
  return fs.openSync(path, 'a')
}

interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Record<string, string>
  readonly argv0?: string
}

/** What to run, or why it cannot be run, in the same words as launcher.c. */
async function prepare(order: Order, view: View): Promise<Program | string> {
  const { dir, argv, workingDir } = order
  const env = Object.fromEntries(order.env.map(pair))
  for (const { source } of view.mounts) {
    if (source.startsWith(`${dir}/`)) fs.writeFileSync(source, '', { mode: 0o666 })
  }
  const missing = view.mounts.find(({ source }) => !fs.existsSync(source))
  if (missing) return `mount ${missing.source}: no such file or directory`
  makeScratch(order)
  if (mode !== 'process') makeLayers(dir, view)
  const find = resolver(dir, view, async () => false)
  const file = await lookUp(argv[0] ?? '', { path: env['PATH'], workingDir, find })
  if ('problem' in file) return file.problem
  if (mode === 'process') {
    if (!fs.existsSync(workingDir)) return `chdir to cwd: ${workingDir}: no such file or directory`
    return { file: file.path, args: argv.slice(1), cwd: workingDir, env, argv0: argv[0] ?? '' }
  }
  const mounts = await Promise.all(
    view.mounts.map(async (m) => ({ ...m, target: await settle(dir, view, m.target) })),
  )
  const settled = { ...order, workingDir: await settle(dir, view, workingDir) }
  const command = sandboxCommand(mode, settled, { ...view, mounts: mounts.map(ofFile) }, around)
  return { ...command, cwd: '/', env: { ARGOSY_DIR: dir, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } }
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}

function makeLayers(dir: string, view: View): void {
  const layers = scratchOf(dir)
  for (const name of ['root', 'upper', 'work', 'tmp']) fs.mkdirSync(`${layers}/${name}`)
  for (const [index, mount] of view.mounts.entries())
    if (mount.layered) makeLayer(dir, mount, index)
  fs.chmodSync(`${layers}/tmp`, 0o1777)
  if (!rootless || view.root.kind === 'dir') return
  for (const name of fs.readdirSync('/', { withFileTypes: true })) {
    if (name.isSymbolicLink()) {
      fs.symlinkSync(fs.readlinkSync(`/${name.name}`), `${layers}/upper/${name.name}`)
    }
  }
  for (const top of around.tops) {
    fs.mkdirSync(`${layers}/upper${top}`)
    fs.mkdirSync(`${layers}/work${top}`)
  }
  for (const top of ['/proc', '/sys', '/dev', '/tmp', '/run']) fs.mkdirSync(`${layers}/upper${top}`)
}

/** As sandbox.h's open_layered. */
function makeLayer(dir: string, { source }: Mount, index: number): void {
  const at = layerOf(dir, index)
  for (const name of ['upper', 'work', 'at']) fs.mkdirSync(`${at}/${name}`, { recursive: true })
  const stats = fs.statSync(source)
  if (!stats.isDirectory()) return
  if (!rootless) fs.chownSync(`${at}/upper`, stats.uid, stats.gid)
  fs.chmodSync(`${at}/upper`, stats.mode & 0o7777)
  fs.utimesSync(`${at}/upper`, stats.atime, stats.mtime)
}

function ofFile(mount: Mount) {
  return { ...mount, isFile: mount.layered === true && !fs.statSync(mount.source).isDirectory() }
}

function ended(
  id: string,
  dir: string,
  pid: number,
  status: number | null,
  signal: NodeJS.Signals | null,
): void {
  if (fs.existsSync(`${dir}/setup-error`)) {
    fail(id, dir, new Error(readText(`${dir}/setup-error`).trim()))
    return
  }
  if (mode === 'process') signalGroup(pid)
  const number = signal ? constants.signals[signal] : 0
  const code = signal ? 128 + number : (status ?? 0)
  const finishedAt = Date.now()
  writeExit(dir, { code, signal: number, finishedAt, outOfMemory: false })
  answer(`E ${id} ${code} ${number} ${finishedAt} 0`)
}

function fail(id: string, dir: string, error: Error): void {
  const finishedAt = Date.now()
  const [startError, shortage] = [error.message, isShortage(error)]
  writeExit(dir, { code: 128, signal: 0, finishedAt, outOfMemory: false, startError, shortage })
  answer(`F ${id} ${finishedAt} ${shortage ? 1 : 0} ${startError}`)
}

function writeExit(dir: string, record: object): void {
  fs.writeFileSync(`${dir}/exit.new`, `${JSON.stringify(record)}\n`)
  fs.renameSync(`${dir}/exit.new`, `${dir}/exit`)
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody was left.
  }
}

// The program is the grandchild of what was started: below it is process 1 of the namespace, which ignores signals.
function kill(pid: number | undefined, signal: number): void {
  if (pid === undefined) return
  const target = mode === 'process' ? pid : (firstChild(firstChild(pid)) ?? pid)
  try {
    process.kill(target, signal)
  } catch {
    // It has ended.
  }
}

function firstChild(pid: number | undefined): number | undefined {
  const first = pid && readText(`/proc/${pid}/task/${pid}/children`).split(' ')[0]
  return first ? Number(first) : undefined
}

async function watchOther(id: string, pid: number, started: string): Promise<void> {
  const isThere = () => fs.existsSync(`/proc/${pid}`) && startTime(pid) === started
  if (isThere()) living.set(id, pid)
  while (isThere()) await new Promise((resolve) => setTimeout(resolve, 20))
  living.delete(id)
  answer(`G ${id}`)
}

// The kernel makes the overlay's own directories unreadable, also to their owner.
function remove(id: string, dir: string): void {
  const scratch = realScratch(dir)
  for (const work of [`${scratch}/work`, ...fs.globSync(`${scratch}/mounts/*/work`)]) {
    if (fs.existsSync(work)) open(work)
  }
  const rest = () => fs.rm(dir, { recursive: true, force: true }, () => answer(`R ${id}`))
  fs.rm(scratch, { recursive: true, force: true }, rest)
}

function realScratch(dir: string): string {
  try {
    return fs.readlinkSync(scratchOf(dir))
  } catch {
    return scratchOf(dir)
  }
}

function open(dir: string): void {
  fs.chmodSync(dir, 0o700)
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) open(`${dir}/${entry.name}`)
  }
}

/**
 * Node cannot read extended attributes. So the kernel is asked: does a file shine through from below?
 * The overlay's root itself is never opaque, hence one directory more.
 */
function isOpaque(path: string): boolean {
  if (mode === 'process') return false
  const at = path.lastIndexOf('/')
  const name = path.slice(at + 1)
  const probe = fs.mkdtempSync(`${tmpdir()}/argosy-opaque-`)
  try {
    fs.mkdirSync(`${probe}/below/${name}/mark`, { recursive: true })
    fs.mkdirSync(`${probe}/at`)
    fs.symlinkSync(path.slice(0, at), `${probe}/layer`)
    const script = opaqueScript(around)
    const args = ['-m', '--propagation', 'private', '--', around.tools['sh'] ?? 'sh', '-c', script]
    const ran = spawnSync(
      around.tools['unshare'] ?? 'unshare',
      [...(rootless ? ['-U', '-r'] : []), ...args, 'sh', name],
      { cwd: probe, stdio: 'ignore' },
    )
    return ran.status === 3
  } finally {
    fs.rmSync(probe, { recursive: true, force: true })
  }
}

/** The error is why not. */
function claim(dir: string): number | NodeJS.ErrnoException {
  try {
    fs.mkdirSync(dir)
    return fs.openSync(`${dir}/pid`, 'wx')
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
}

function makeScratch({ dir, scratch }: Order): void {
  if (scratch === '') {
    if (mode !== 'process') fs.mkdirSync(scratchOf(dir))
    return
  }
  fs.mkdirSync(scratch)
  fs.symlinkSync(scratch, scratchOf(dir))
}

/** Field 22 of stat; what Linux alone has is 0 elsewhere, and then a process is known by its number only. */
function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function answer(line: string): void {
  process.stdout.write(`${line}\0`)
}

function findTools(): Record<string, string> {
  const tools: Record<string, string> = {}
  const dirs = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']
  for (const name of new Set(Object.values(toolsOf).flat())) {
    const dir = dirs.find((at) => canExecute(`${at}/${name}`))
    if (dir !== undefined) tools[name] = `${dir}/${name}`
  }
  return tools
}

function topDirectories(): string[] {
  const own = ['proc', 'sys', 'dev', 'tmp', 'run', 'boot', 'lost+found']
  return fs
    .readdirSync('/', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !own.includes(entry.name))
    .map((entry) => `/${entry.name}`)
}
