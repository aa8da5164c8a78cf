import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Container } from '@argosy/engine'
import type { Exit, Running } from './runtime.ts'

const messageLimit = 4096
const logLimit = 2048
const logLines = 80

/** The machine's file of a container's termination message: the runtime makes it where a mount asks for it. */
export function messageFileOf(dir: string): string {
  return `${dir}/message`
}

/** What a container left in its termination message file, or the end of its log where the pod asks for that. */
export async function terminationMessage(
  container: Container,
  exit: Exit,
  from: {
    readonly dir: string
    /** Standard output and error: one file, or two. */
    readonly logs: readonly string[]
    readonly running: Running
  },
): Promise<string | undefined> {
  const message = readEnd(messageFileOf(from.dir), messageLimit) ?? (await inPlace(container, from))
  if (message !== undefined && message !== '') return message
  const fallback = container.terminationMessagePolicy === 'FallbackToLogsOnError' && exit.code !== 0
  if (!fallback) return undefined
  const ends = [...new Set(from.logs)].map((log) => readEnd(log, logLimit) ?? '')
  return ends.join('').split('\n').slice(-logLines).join('\n').slice(-logLimit)
}

/** A plain process has nothing mounted: it writes to the path itself. */
async function inPlace(
  { terminationMessagePath: path }: Container,
  { running }: { readonly running: Running },
): Promise<string | undefined> {
  const file = path ? await running.resolve(path) : undefined
  return file === undefined ? undefined : readEnd(file, messageLimit)
}

/** Read in one go: the file lies in memory nearly always. Undefined when there is none. */
function readEnd(path: string, limit: number): string | undefined {
  // Most have written nothing, and opening what is not there costs ten times as much as asking.
  const size = sizeOf(path)
  if (size === undefined || size === 0) return size === 0 ? '' : undefined
  const file = opened(path)
  if (file === undefined) return undefined
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) return undefined
    const { size } = stats
    const bytes = Buffer.alloc(Math.min(size, limit))
    if (size > 0) readSync(file, bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString()
  } finally {
    closeSync(file)
  }
}

/** Undefined when there is no file. */
function sizeOf(path: string): number | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats?.isFile() ? stats.size : undefined
  } catch {
    return undefined
  }
}

/** A step may have put anything there: a pipe must not keep us waiting. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}
