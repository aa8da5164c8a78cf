import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import { StatusError } from '@argosy/kube'
import type { FileSystem } from './file-system.ts'

/** Hadoop's own word for what is still being written; a name that begins with a dot is passed over by its readers. */
const ending = '._COPYING_'

export function isDraft(name: string): boolean {
  return name.startsWith('.') && name.endsWith(ending)
}

/** A name beside `path`, on the same disk as it were: what is written there takes its place at once. */
export function draftOf(path: string): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.${randomUUID()}${ending}`)
}

/** Without `force` nothing may be at the path. */
export async function refuseOccupied(fs: FileSystem, path: string): Promise<void> {
  if (!(await fs.status(path))) return
  const words = `hdfs: ${path} is there already; hdfs.force lets it be replaced`
  throw new StatusError('AlreadyExists', words)
}

/** Gives a draft its name. What has the name now goes: a file in the same moment, a directory just before. */
export async function putInPlace(fs: FileSystem, draft: string, path: string): Promise<void> {
  const [before, after] = [await fs.status(path), await fs.status(draft)]
  if (!before) return fs.rename(draft, path)
  if (before.kind === 'file' && after?.kind === 'file') return fs.replace(draft, path)
  const aside = draftOf(path)
  await fs.rename(path, aside)
  await fs.rename(draft, path)
  await fs.remove(aside)
}
