import { StatusError } from '@argosy/kube'
import { type Block, type DataNode, type FileStatus, nameOfAddress } from './blocks.ts'
import { readRequest, readWell, refusalIn } from './data-node-request.ts'
import { type FileSystem, openDataNode } from './file-system.ts'
import { checksumIn, readPacket } from './packets.ts'

/** So many blocks are asked for at once: a large file has thousands, and tokens that grow old. */
const blocksAtOnce = 64

/** The bytes of a file, a packet at a time. */
export async function* readFile(
  fs: FileSystem,
  path: string,
  { kind, length, blockSize }: FileStatus,
): AsyncGenerator<Buffer> {
  if (kind !== 'file') throw unreadable(path, `it is a ${kind}`)
  await fs.transferKey()
  for (let at = 0; at < length; ) {
    const located = await fs.locate(path, at, Math.max(1, blockSize) * blocksAtOnce)
    if (located?.hindrance) throw unreadable(path, located.hindrance)
    if (located?.fileLength !== length) throw unreadable(path, 'it changed while it was read')
    const before = at
    for (const block of located.blocks) {
      yield* readBlock(fs, path, block)
      at = block.offset + block.length
    }
    if (at <= before) throw unreadable(path, `nobody says where byte ${at} is`)
  }
}

/** From the first data node that has it; when one fails midway, the next one goes on from there. */
async function* readBlock(fs: FileSystem, path: string, block: Block): AsyncGenerator<Buffer> {
  const failures: string[] = []
  let at = 0
  for (const node of block.nodes) {
    const packets = readFrom(fs, node, { block, at })
    try {
      for (;;) {
        // Only what the data node does is caught here, not what the reader of these bytes does.
        const next = await packets.next().catch((error: Error) => error)
        if (next instanceof Error) {
          fs.patience.signal?.throwIfAborted()
          failures.push(`${nameOfAddress(node.address)}: ${next.message}`)
          break
        }
        if (next.done) return
        at += next.value.length
        yield next.value
      }
    } finally {
      // Whoever has read enough leaves no connection open.
      await packets.return()
    }
  }
  const why = failures.length > 0 ? failures.join('; ') : 'no data node has it now'
  throw new StatusError('ServiceUnavailable', `hdfs: block blk_${block.id} of ${path}: ${why}`)
}

interface Part {
  readonly block: Block
  /** Where in the block to begin. */
  readonly at: number
}

async function* readFrom(
  fs: FileSystem,
  node: DataNode,
  { block, at }: Part,
): AsyncGenerator<Buffer, void> {
  const wire = await openDataNode(fs, node)
  try {
    const part = { offset: at, length: block.length - at }
    await wire.write(readRequest(block, fs.clientName, part))
    const answer = await wire.message()
    const refusal = refusalIn(answer)
    if (refusal !== undefined) throw new Error(refusal)
    const info = answer.message(4)
    const checksum = checksumIn(info?.message(1) ?? answer)
    let wanted = at
    for (;;) {
      const { offset, data, last } = await readPacket((length) => wire.read(length), checksum)
      // It begins at a whole sum, which may be before what was asked for, and may go on behind it.
      const fresh = data.subarray(wanted - offset, block.length - offset)
      if (offset > wanted) throw new Error(`bytes ${wanted} to ${offset} of the block are missing`)
      wanted += fresh.length
      if (fresh.length > 0) yield Buffer.from(fresh.buffer, fresh.byteOffset, fresh.length)
      if (last) break
    }
    if (wanted < block.length) throw new Error(`the block ends at byte ${wanted}`)
    await wire.writeMessage(readWell)
  } finally {
    wire.close()
  }
}

function unreadable(path: string, why: string): StatusError {
  return new StatusError('BadRequest', `hdfs: ${path} cannot be read: ${why}`)
}
