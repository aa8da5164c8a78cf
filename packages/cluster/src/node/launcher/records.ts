import { readFile } from 'node:fs/promises'
import type { Exit, Mount, Root } from '../runtime.ts'

/** How to find a container's files again: what the machine sees of its paths. */
export interface View {
  readonly kind: 'sandbox' | 'process'
  readonly root: Root
  readonly mounts: readonly Mount[]
  /** For programs that are started in it later. */
  readonly workingDir?: string
  readonly user?: { readonly uid: number; readonly gid: number }
}

/** Where a container writes; a sandbox keeps its `upper`, `work` and `tmp` there. Often a link to a larger disk. */
export function scratchOf(dir: string): string {
  return `${dir}/scratch`
}

/** Where a sandbox keeps what is written to its `index`-th mount, when that is a layered one. */
export function layerOf(dir: string, index: number): string {
  return `${scratchOf(dir)}/mounts/${index}`
}

export interface PidRecord {
  readonly pid: number
  /** In clock ticks since boot: with `bootId` it tells a process from a later one of the same number. */
  readonly startTime: string
  readonly bootId: string
  readonly startedAt: number
  readonly view: View | undefined
}

/** The exit record of a container's directory; undefined while there is none. */
export async function readExit(dir: string): Promise<Exit | undefined> {
  const text = await read(`${dir}/exit`)
  if (text === undefined) return undefined
  const record = JSON.parse(text) as Required<Exit>
  const exit = exitOf(record, record.startError, record.outOfMemory)
  return record.shortage ? { ...exit, shortage: true } : exit
}

/** Leaves out what does not apply, so that records and answers make equal exits. */
export function exitOf(
  { code, signal, finishedAt }: { code: number; signal: number; finishedAt: number },
  startError: string | undefined,
  outOfMemory: boolean,
): Exit {
  return {
    code,
    finishedAt,
    ...(signal > 0 && { signal }),
    ...(startError !== undefined && { startError }),
    ...(outOfMemory && { outOfMemory }),
  }
}

/** What was written when the container started. `pid` is 0 when its starter died halfway. */
export async function readPid(dir: string): Promise<PidRecord | undefined> {
  const text = await read(`${dir}/pid`)
  if (text === undefined) return undefined
  const end = text.indexOf('\n')
  const [pid = '0', startTime = '0', bootId = '', startedAt = '0'] = text
    .slice(0, Math.max(end, 0))
    .split(' ')
  const rest = text.slice(end + 1)
  return {
    pid: Number(pid),
    startTime,
    bootId,
    startedAt: Number(startedAt),
    view: end < 0 || rest === '' ? undefined : (JSON.parse(rest) as View),
  }
}

/** The same until the machine restarts. */
export async function bootId(): Promise<string> {
  return ((await read('/proc/sys/kernel/random/boot_id')) ?? '').trim()
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
