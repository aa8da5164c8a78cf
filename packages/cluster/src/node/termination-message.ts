import { open } from 'node:fs/promises'
import type { Container } from '@argosy/engine'
import type { Exit, Running } from './runtime.ts'

const messageLimit = 4096
const logLimit = 2048
const logLines = 80

/** What a container left in its termination message file, or the end of its log where the pod asks for that. */
export async function terminationMessage(
  container: Container,
  exit: Exit,
  files: {
    readonly messageFile?: string | undefined
    /** Standard output and error: one file, or two. */
    readonly logs: readonly string[]
    readonly running: Running
  },
): Promise<string | undefined> {
  const { terminationMessagePath: path } = container
  const file =
    files.messageFile ?? (path === undefined ? undefined : await files.running.resolve(path))
  const message = file === undefined ? '' : await readEnd(file, messageLimit)
  if (message !== '') return message
  const fallback = container.terminationMessagePolicy === 'FallbackToLogsOnError' && exit.code !== 0
  if (!fallback) return undefined
  const ends = await Promise.all([...new Set(files.logs)].map((log) => readEnd(log, logLimit)))
  return ends.join('').split('\n').slice(-logLines).join('\n').slice(-logLimit)
}

async function readEnd(path: string, limit: number): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, limit)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString()
  } finally {
    await file.close()
  }
}
