import { setTimeout as sleep } from 'node:timers/promises'
import { StatusError } from '@argosy/kube'
import type { Content } from '../object-store.ts'
import { type DataNode, nameOfAddress } from './blocks.ts'
import { ByteSource } from './byte-source.ts'
import type { Defaults, FileSystem, Written } from './file-system.ts'
import { isThrown } from './thrown.ts'
import { BadPipeline, writeBlock } from './write-block.ts'

/** How often a file is begun anew without the data node that failed. */
const mostAttempts = 4
/** The name node takes a file from a writer who says nothing for long. */
const renewMs = 30_000
/** For data nodes that tell the name node of a block a little later than us: eight seconds in all. */
const patienceMs: readonly number[] = [10, 50, 100, 200, 400, 800, 1600, 2400, 2400]

/** Writes a file, over one that has its name. A data node that fails is left out, and all is sent again. */
export async function writeFile(fs: FileSystem, path: string, content: Content): Promise<void> {
  await fs.transferKey()
  const defaults = await fs.defaults()
  const failed: DataNode[] = []
  const failures: string[] = []
  const renewing = setInterval(() => fs.renewLease().catch(() => {}), renewMs)
  try {
    for (let attempt = 1; ; attempt++) {
      const failure = await attemptFile(fs, path, { content, defaults, failed }).catch((error) => {
        throw failures.length > 0 && error instanceof StatusError
          ? unwritable(path, [...failures, error.message])
          : error
      })
      if (!failure) return
      failures.push(`${nameOfAddress(failure.node.address)}: ${failure.message}`)
      failed.push(failure.node)
      if (attempt === mostAttempts) throw unwritable(path, failures)
    }
  } finally {
    clearInterval(renewing)
  }
}

function unwritable(path: string, failures: readonly string[]): StatusError {
  const words = `hdfs: ${path} cannot be written: ${failures.join('; ')}`
  return new StatusError('ServiceUnavailable', words)
}

interface Attempt {
  readonly content: Content
  readonly defaults: Defaults
  /** Data nodes that have failed. */
  readonly failed: readonly DataNode[]
}

interface Failure {
  readonly node: DataNode
  readonly message: string
}

/** The result is which data node failed, if one did. */
async function attemptFile(
  fs: FileSystem,
  path: string,
  { content, defaults, failed }: Attempt,
): Promise<Failure | undefined> {
  const source = new ByteSource(await content.open())
  try {
    let file: Written = { path, fileId: await fs.create(path, defaults), previous: undefined }
    while (!(await source.isDone())) {
      const block = await patiently(fs, () => addBlock(fs, file, failed))
      const writing = { fs, blockSize: defaults.blockSize, source }
      const length = await writeBlock(block, writing).catch((error: Error) => error)
      if (length instanceof Error) return failureOf(length, block.nodes)
      file = { ...file, previous: { ...block, length } }
    }
    await patiently(fs, async () => (await fs.complete(file)) || undefined)
    return undefined
  } finally {
    await source.close()
  }
}

function failureOf(error: Error, nodes: readonly DataNode[]): Failure {
  const node = error instanceof BadPipeline && (nodes[error.at] ?? nodes[0])
  if (node) return { node, message: error.message }
  throw error
}

/** Undefined while the block before it is not where it should be. */
function addBlock(fs: FileSystem, file: Written, failed: readonly DataNode[]) {
  return fs.addBlock(file, failed).catch((error) => {
    if (isThrown(error, 'NotReplicatedYetException')) return undefined
    throw error
  })
}

async function patiently<T>(fs: FileSystem, ask: () => Promise<T | undefined>): Promise<T> {
  const { signal } = fs.patience
  for (const ms of patienceMs) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(ms, undefined, { ...(signal && { signal }) })
  }
  const words = 'hdfs: too few data nodes have told the name node that they have a block'
  throw new StatusError('ServiceUnavailable', words)
}
