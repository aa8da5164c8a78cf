import { lstat, mkdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { Readable } from 'node:stream'
import { StatusError } from '@argosy/kube'
import { download } from '../archive.ts'
import { inBatches } from '../in-batches.ts'
import { fileContent } from '../source-content.ts'
import { treeBelow } from '../tree-below.ts'
import type { FileStatus } from './blocks.ts'
import { isDraft } from './draft.ts'
import type { FileSystem } from './file-system.ts'
import { readFile } from './read-file.ts'
import { writeFile } from './write-file.ts'

interface Found {
  /** Below the directory that is walked through. */
  readonly name: string
  readonly status: FileStatus
}

/** All that is below a directory, each directory before what is in it. */
export async function* walk(fs: FileSystem, root: string, below = ''): AsyncGenerator<Found> {
  for await (const status of fs.list(posix.join(root, below))) {
    if (isDraft(status.name)) continue
    if (!isPlainName(status.name)) {
      throw new StatusError('Invalid', `hdfs: illegal file name in ${root}: ${status.name}`)
    }
    const name = posix.join(below, status.name)
    yield { name, status }
    if (status.kind === 'directory') yield* walk(fs, root, name)
  }
}

/** A name node is a stranger too: its names do not lead out of the directory. */
function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)
}

/** Makes a directory of this machine that has the files and directories of one in HDFS. */
export async function loadTree(fs: FileSystem, root: string, target: string): Promise<void> {
  await mkdir(target)
  const files: Found[] = []
  for await (const found of walk(fs, root)) {
    if (found.status.kind === 'directory') await mkdir(join(target, found.name))
    else files.push(found)
  }
  await inBatches(files, async ({ name, status }) => {
    const bytes = readFile(fs, posix.join(root, name), status)
    await download(Readable.from(bytes), join(target, name), fs.patience.signal)
  })
}

/** The other way. HDFS has no links; modes are those that the cluster gives. */
export async function saveTree(fs: FileSystem, source: string, root: string): Promise<void> {
  const { files, directories } = await treeBelow(source)
  for (const name of ['', ...directories]) await fs.makeDirectories(posix.join(root, name))
  await inBatches(files, async (name) => {
    const path = join(source, name)
    const { size } = await lstat(path)
    await writeFile(fs, posix.join(root, name), fileContent(path, size))
  })
}
