import { constants, deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeaderWriter } from './compress.fixture.ts'
import { spdyDictionary, spdyDictionaryId } from './dictionary.table.ts'
import {
  control,
  controlFrame,
  dataFrame,
  type SpdyFrame,
  SpdyFrameReader,
  words,
} from './frames.ts'
import { emptyHeaders, HeaderReader, parseHeaders } from './headers.ts'

describe('SPDY/3 frames', () => {
  it('are written byte for byte as the specification draws them', () => {
    expect(dataFrame(5, Buffer.from('hi'), false).toString('hex')).toBe('00000005000000026869')
    expect(dataFrame(5, Buffer.alloc(0), true).toString('hex')).toBe('0000000501000000')
    expect(controlFrame(control.ping, 0, words(7)).toString('hex')).toBe('800300060000000400000007')
    expect(controlFrame(control.reset, 0, words(3, 5)).toString('hex')).toBe(
      '80030003000000080000000300000005',
    )
  })

  it('are read the same however the bytes are cut', () => {
    const frames = fc.oneof(
      fc.record({ stream: fc.nat(100), data: fc.uint8Array({ maxLength: 40 }), fin: fc.boolean() }),
      fc.record({
        kind: fc.integer({ min: 1, max: 9 }),
        payload: fc.uint8Array({ maxLength: 40 }),
      }),
    )
    fc.assert(
      fc.property(fc.array(frames), fc.array(fc.integer({ min: 1, max: 30 })), (given, cuts) => {
        const bytes = Buffer.concat(
          given.map((one) =>
            'kind' in one
              ? controlFrame(one.kind, 1, Buffer.from(one.payload))
              : dataFrame(one.stream, Buffer.from(one.data), one.fin),
          ),
        )
        expect(sums(read(bytes, cuts))).toEqual(sums(read(bytes, [])))
        expect(read(bytes, []).length).toBe(given.length)
      }),
    )
  })

  it('another version, and a control frame of megabytes, is refused', () => {
    expect(() => read(Buffer.from('8002000100000000', 'hex'), [])).toThrow('version 2')
    expect(() => read(Buffer.from('8003000100ffffff', 'hex'), [])).toThrow('16777215 bytes')
  })
})

describe('SPDY/3 headers', () => {
  it('the dictionary is the specification’s', () => {
    const head = deflateSync('', { dictionary: spdyDictionary() })
    expect([spdyDictionary().length, head.readUInt32BE(2)]).toEqual([1423, spdyDictionaryId])
  })

  it('blocks are read one after the other, each compressed against those before', async () => {
    const writer = new HeaderWriter()
    const reader = new HeaderReader()
    for (const type of ['error', 'data', 'error']) {
      const compressed = await writer.write({ Streamtype: type, port: '8080' })
      expect(Object.fromEntries(await reader.read(compressed))).toEqual({
        streamtype: type,
        port: '8080',
      })
    }
    reader.close()
  })

  it('a block that is none is refused', async () => {
    const reader = new HeaderReader()
    await expect(reader.read(Buffer.from('nonsense'))).rejects.toThrow()
    expect(() => parseHeaders(words(1, 100))).toThrow('cut short')
  })

  it('a block that would grow without end is refused', async () => {
    const compressed = await new HeaderWriter().write({ a: 'x'.repeat(10_000_000) })
    await expect(new HeaderReader().read(compressed)).rejects.toThrow('too large')
  })

  it('our own empty blocks are what zlib understands, the first and each after it', () => {
    const stream = Buffer.concat([emptyHeaders(true), emptyHeaders(false)])
    const options = { dictionary: spdyDictionary(), finishFlush: constants.Z_SYNC_FLUSH }
    expect(inflateSync(stream, options)).toEqual(Buffer.alloc(8))
  })
})

function read(bytes: Buffer, cuts: readonly number[]): SpdyFrame[] {
  const reader = new SpdyFrameReader()
  const frames: SpdyFrame[] = []
  let at = 0
  for (const cut of [...cuts, bytes.length]) {
    frames.push(...reader.read(bytes.subarray(at, at + cut)))
    at += cut
  }
  return frames
}

/** What each stream got in all, and every control frame. */
function sums(frames: readonly SpdyFrame[]) {
  const data = new Map<number, string>()
  const rest: string[] = []
  for (const frame of frames) {
    if (frame.type === 'control') {
      rest.push(`${frame.kind} ${frame.flags} ${frame.payload.toString('hex')}`)
    } else {
      const before = data.get(frame.stream) ?? ''
      data.set(frame.stream, before + frame.data.toString('hex') + (frame.fin ? ' fin ' : ''))
    }
  }
  return { rest, data: Object.fromEntries(data) }
}
