import { chmodSync, mkdtempSync, readdirSync, readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type FolderProcess, processesOf } from './processes-of.ts'

/** What many tests share, and what programs that are not ours keep for the next time. */
const shared = ['argosy-contract-cache', 'argosy-launcher', 'node-compile-cache']
const prefix = 'argosy-tests-'
const memory = '/dev/shm'

let folder = ''

/**
 * All temporary folders of a run of tests lie in one of its own: so what it leaves behind is known from what others have
 * that run at the same time.
 */
export async function setup(): Promise<void> {
  await sweep()
  folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  // Like /tmp: some tests are ordinary users.
  chmodSync(folder, 0o1777)
  process.env['TMPDIR'] = folder
}

/**
 * Removes what is left; a test that left a process or a folder is an error. With `ARGOSY_KEEP=1` all of it stays to be
 * looked at, until the next run.
 */
export async function teardown(): Promise<void> {
  if (process.env['ARGOSY_KEEP']) {
    process.stderr.write(`kept: ${folder}\n`)
    return
  }
  const processes = await lastingProcesses()
  const states = stateFolders(folder)
  const folders = namesIn(folder).filter((name) => !shared.includes(name))
  await clear(folder)
  const left = [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...[...states, ...folders].map((name) => `folder: ${name}`),
  ]
  if (left.length > 0) throw new Error(`tests left behind:\n${left.join('\n')}`)
}

/** Of runs that were killed, or interrupted before they came to their end. */
async function sweep(): Promise<void> {
  for (const name of namesIn(tmpdir())) {
    const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? []
    if (pid !== undefined && !isAlive(Number(pid))) await clear(join(tmpdir(), name))
  }
}

async function clear(path: string): Promise<void> {
  for (const { pid } of strangersIn(path)) signal(pid, 'SIGKILL')
  for (const each of [...stateFolders(path), path])
    await rm(each, { recursive: true, force: true, maxRetries: 20 })
}

/** Launchers go by themselves a moment after the program that they served. */
async function lastingProcesses(): Promise<readonly FolderProcess[]> {
  for (let tries = 0; ; tries++) {
    const found = strangersIn(folder)
    if (found.length === 0 || tries === 50) return found
    await delay(100)
  }
}

/** All but the workers of this run. */
function strangersIn(path: string): readonly FolderProcess[] {
  return processesOf(path).filter(({ pid, parent }) => ![pid, parent].includes(process.pid))
}

function isAlive(pid: number): boolean {
  return signal(pid, 0)
}

/** Whether it is there. */
function signal(pid: number, what: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, what)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What the data directories in a folder have in memory: packages/cluster/src/node/state-dir.ts. */
function stateFolders(path: string): readonly string[] {
  const states = namesIn(memory).map((name) => join(memory, name))
  return states.filter((state) => dataDirOf(state).startsWith(`${path}/`))
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function dataDirOf(state: string): string {
  try {
    return readlinkSync(join(state, 'data-dir'))
  } catch {
    return ''
  }
}
