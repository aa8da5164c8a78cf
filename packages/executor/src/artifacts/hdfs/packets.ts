import { crc32 } from 'node:zlib'
import { encodeMessage, type Message, messageIn } from '@argosy/kube/protobuf'
import { crc32c } from './crc32c.ts'

/** Which sum a data node keeps, for how many bytes each. */
export interface Checksum {
  /** Hadoop's numbers: 0 none, 1 CRC32, 2 CRC32C. */
  readonly type: number
  readonly bytesPerChecksum: number
}

export interface Packet {
  readonly seqno: number
  /** Where in the block its bytes begin. */
  readonly offset: number
  readonly last: boolean
  readonly data: Uint8Array
}

const sumSize = 4
/** What says that somebody is still there. */
const heartbeatSeqno = -1

const sums: Readonly<Record<number, (bytes: Uint8Array) => number>> = {
  1: (bytes) => crc32(bytes),
  2: crc32c,
}

/** Throws for a kind of sum that is not known. */
export function checksumIn(message: Message): Checksum {
  const type = message.number(1)
  if (type !== 0 && !sums[type]) throw new Error(`checksums of the unknown type ${type}`)
  return { type, bytesPerChecksum: message.number(2) }
}

export function checksumMessage({ type, bytesPerChecksum }: Checksum): Buffer {
  return encodeMessage([1, type], [2, bytesPerChecksum])
}

/** A packet as it is sent: lengths, a header of fixed size, the sums, the data. */
export function packetBytes({ seqno, offset, last, data }: Packet, checksum: Checksum): Buffer {
  const header = headerBytes({ seqno, offset, last, length: data.length })
  const checksums = sumsOf(data, checksum)
  const lengths = Buffer.alloc(6)
  lengths.writeInt32BE(4 + checksums.length + data.length)
  lengths.writeInt16BE(header.length, 4)
  return Buffer.concat([lengths, header, checksums, data])
}

export function heartbeat(checksum: Checksum): Buffer {
  const packet = { seqno: heartbeatSeqno, offset: 0, last: false, data: Buffer.alloc(0) }
  return packetBytes(packet, checksum)
}

/** The most of a packet that is taken: nobody sends more than a few megabytes. */
const mostBytes = 16 * 2 ** 20

/** Reads one packet by `read`, and holds its data against the sums. Throws for a packet that is damaged. */
export async function readPacket(
  read: (length: number) => Promise<Buffer>,
  checksum: Checksum,
): Promise<Packet> {
  const lengths = await read(6)
  const length = lengths.readInt32BE(0) - 4
  if (length < 0 || length > mostBytes) throw new Error(`a packet of ${length} bytes`)
  const header = headerIn(await read(lengths.readInt16BE(4)))
  const sumsLength = length - header.length
  if (header.length < 0 || sumsLength !== sumsSize(header.length, checksum)) {
    throw new Error('a packet whose lengths do not agree')
  }
  const kept = await read(sumsLength)
  const data = await read(header.length)
  if (!kept.equals(sumsOf(data, checksum))) {
    throw new Error(`wrong checksum near byte ${header.offset} of the block`)
  }
  const { seqno, offset, last } = header
  return { seqno, offset, last, data }
}

function sumsSize(length: number, { type, bytesPerChecksum }: Checksum): number {
  return type === 0 ? 0 : Math.ceil(length / bytesPerChecksum) * sumSize
}

function sumsOf(data: Uint8Array, checksum: Checksum): Buffer {
  const { type, bytesPerChecksum } = checksum
  const sum = sums[type]
  const bytes = Buffer.alloc(sumsSize(data.length, checksum))
  if (!sum) return bytes
  for (let at = 0, to = 0; at < data.length; at += bytesPerChecksum, to += sumSize) {
    bytes.writeUInt32BE(sum(data.subarray(at, at + bytesPerChecksum)), to)
  }
  return bytes
}

interface Header {
  readonly seqno: number
  readonly offset: number
  readonly last: boolean
  readonly length: number
}

/** Its numbers have fixed sizes, which protobuf has tags of their own for. */
function headerBytes({ seqno, offset, last, length }: Header): Buffer {
  const bytes = Buffer.alloc(25)
  bytes.writeUInt8(0x09, 0)
  bytes.writeBigInt64LE(BigInt(offset), 1)
  bytes.writeUInt8(0x11, 9)
  bytes.writeBigInt64LE(BigInt(seqno), 10)
  bytes.writeUInt8(0x18, 18)
  bytes.writeUInt8(last ? 1 : 0, 19)
  bytes.writeUInt8(0x25, 20)
  bytes.writeInt32LE(length, 21)
  return bytes
}

function headerIn(bytes: Uint8Array): Header {
  const message = messageIn(bytes)
  const long = (number: number) => {
    const field = message.bytes(number)
    return field?.length === 8 ? Number(Buffer.from(field).readBigInt64LE()) : 0
  }
  const length = message.bytes(4)
  return {
    offset: long(1),
    seqno: long(2),
    last: message.number(3) === 1,
    length: length?.length === 4 ? Buffer.from(length).readInt32LE() : -1,
  }
}
