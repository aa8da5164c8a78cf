import { encodeMessage, messageIn } from '@argosy/kube/protobuf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checksumIn, checksumMessage, heartbeat, packetBytes, readPacket } from './packets.ts'

const packet = { seqno: 3, offset: 1024, last: false, data: Buffer.from('x'.repeat(700)) }
const checksum = { type: 2, bytesPerChecksum: 512 }

function reader(bytes: Uint8Array) {
  let at = 0
  return async (length: number) => {
    const taken = Buffer.from(bytes.subarray(at, at + length))
    at += length
    return taken
  }
}

test('what is packed is read back, whatever the sums', async () => {
  const types = fc.constantFrom(0, 1, 2)
  const data = fc.uint8Array({ maxLength: 3000 })
  await fc.assert(
    fc.asyncProperty(types, fc.nat(), fc.boolean(), data, async (type, offset, last, data) => {
      const checksum = { type, bytesPerChecksum: 512 }
      const bytes = packetBytes({ seqno: 9, offset, last, data }, checksum)
      const read = await readPacket(reader(bytes), checksum)
      expect({ ...read, data: [...read.data] }).toEqual({ seqno: 9, offset, last, data: [...data] })
    }),
  )
})

test('the layout is Hadoop’s: lengths, header, a sum for every 512 bytes, data', () => {
  const bytes = packetBytes(packet, checksum)
  expect(bytes.length).toBe(6 + 25 + 2 * 4 + 700)
  expect([bytes.readInt32BE(0), bytes.readInt16BE(4)]).toEqual([4 + 2 * 4 + 700, 25])
  expect(heartbeat(checksum).subarray(6).toString('hex')).toBe(
    `09${'00'.repeat(8)}11${'ff'.repeat(8)}18002500000000`,
  )
})

describe('what is damaged is refused', () => {
  test('a flipped bit', async () => {
    const bytes = packetBytes(packet, checksum)
    bytes[bytes.length - 1] = 0
    await expect(readPacket(reader(bytes), checksum)).rejects.toThrow(
      'wrong checksum near byte 1024 of the block',
    )
  })

  test('lengths that do not agree, or are absurd', async () => {
    const bytes = packetBytes(packet, checksum)
    bytes.writeInt32BE(5, 0)
    await expect(readPacket(reader(bytes), checksum)).rejects.toThrow('lengths do not agree')
    bytes.writeInt32BE(2 ** 30, 0)
    await expect(readPacket(reader(bytes), checksum)).rejects.toThrow(
      'a packet of 1073741820 bytes',
    )
  })

  test('a kind of sum that nobody knows', () => {
    const message = messageIn(encodeMessage([1, 9], [2, 512]))
    expect(() => checksumIn(message)).toThrow('the unknown type 9')
    expect(checksumIn(messageIn(checksumMessage(checksum)))).toEqual(checksum)
  })
})
