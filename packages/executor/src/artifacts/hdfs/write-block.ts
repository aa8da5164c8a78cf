import { zigzag } from '@argosy/kube/protobuf'
import type { Block } from './blocks.ts'
import type { ByteSource } from './byte-source.ts'
import { refusalIn, statusName, writeRequest } from './data-node-request.ts'
import { type FileSystem, openDataNode } from './file-system.ts'
import { heartbeat, type Packet, packetBytes } from './packets.ts'
import type { Wire } from './wire.ts'

const checksum = { type: 2, bytesPerChecksum: 512 }
/** What goes in one packet: whole sums, as many as Hadoop takes. */
const packetData = 126 * checksum.bytesPerChecksum
/** A data node waits a minute for the next packet. */
const heartbeatMs = 20_000

export interface Writing {
  readonly fs: FileSystem
  readonly blockSize: number
  readonly source: ByteSource
}

/** A block that could not be written, and whose fault it seems: a place in its line of data nodes. */
export class BadPipeline extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.name = 'BadPipeline'
    this.at = at
  }
}

/** Fills a block from `source`; the result is how many bytes it has. Throws `BadPipeline`. */
export async function writeBlock(block: Block, writing: Writing): Promise<number> {
  const [first] = block.nodes
  if (!first) throw new Error(`block blk_${block.id} has no data node`)
  const fault = (error: Error) => {
    writing.fs.patience.signal?.throwIfAborted()
    throw error instanceof BadPipeline || error instanceof SourceFailed
      ? error
      : new BadPipeline(0, error.message)
  }
  const wire = await openDataNode(writing.fs, first).catch(fault)
  try {
    await wire.write(writeRequest(block, writing.fs.clientName, checksum))
    const answer = await wire.message()
    const refusal = refusalIn(answer)
    if (refusal !== undefined) throw new BadPipeline(badLink(block, answer.text(2)), refusal)
    return await sendPackets(wire, writing)
  } catch (error) {
    return fault(error as Error)
  } finally {
    wire.close()
  }
}

/** The data node that another one could not reach. */
function badLink({ nodes }: Block, name: string): number {
  const at = nodes.findIndex(({ address }) => name === `${address.host}:${address.port}`)
  return Math.max(0, at)
}

/** What made the bytes failed, not what took them. */
class SourceFailed extends Error {}

async function sendPackets(wire: Wire, { source, blockSize }: Writing): Promise<number> {
  const sent = { last: Number.NaN }
  const acknowledged = readAcks(wire, sent)
  // Whoever is sending hears of it by the connection.
  acknowledged.catch(() => wire.close())
  const beat = setInterval(() => wire.write(heartbeat(checksum)).catch(() => {}), heartbeatMs)
  const send = (packet: Omit<Packet, 'last'>, last = false) =>
    wire.write(packetBytes({ ...packet, last }, checksum)).catch(async () => {
      wire.close()
      // An acknowledgement that says no tells more than a connection that is closed.
      await acknowledged
    })
  try {
    let [offset, seqno] = [0, 0]
    while (offset < blockSize) {
      const data = await taken(source, Math.min(packetData, blockSize - offset))
      if (data.length === 0) break
      await send({ seqno, offset, data })
      offset += data.length
      seqno += 1
    }
    sent.last = seqno
    await send({ seqno, offset, data: Buffer.alloc(0) }, true)
    await acknowledged
    return offset
  } finally {
    clearInterval(beat)
  }
}

/** Until that of the last packet. */
async function readAcks(wire: Wire, sent: { readonly last: number }): Promise<void> {
  for (;;) {
    const ack = await wire.message()
    const replies = ack.numbers(2)
    const bad = replies.findIndex((status) => status !== 0)
    if (bad >= 0) throw new BadPipeline(bad, statusName(replies[bad] ?? 0))
    if (ack.number(1) === zigzag(sent.last)) return
  }
}

async function taken(source: ByteSource, size: number): Promise<Buffer> {
  try {
    return await source.take(size)
  } catch (cause) {
    throw new SourceFailed((cause as Error).message, { cause })
  }
}
