import {
  BadWire,
  delimited,
  encodeMessage,
  type Message,
  messageIn,
  undelimited,
  zigzag,
} from '@argosy/kube/protobuf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockIn, fileStatusIn, locatedIn } from './blocks.ts'
import { callFrame, greeting, replyIn } from './rpc.ts'

const clientId = Buffer.from('0123456789abcdef')

test('a connection begins with the protocol, its version and who calls', () => {
  const bytes = greeting('root', clientId)
  expect(bytes.subarray(0, 7)).toEqual(Buffer.from('hrpc\x09\x00\x00', 'latin1'))
  expect(bytes.readUInt32BE(7)).toBe(bytes.length - 11)
  const { message: header, rest } = undelimited(bytes.subarray(11))
  expect([header.number(1), header.number(3), header.text(4)]).toEqual([
    ...[2, zigzag(-3), clientId.toString()],
  ])
  const { message: context } = undelimited(rest)
  expect(context.message(2)?.text(1)).toBe('root')
  expect(context.text(3)).toBe('org.apache.hadoop.hdfs.protocol.ClientProtocol')
})

test('a call says what is called, and how often it was sent', () => {
  const request = encodeMessage([1, '/a'])
  const frame = callFrame({ clientId, id: 7, retry: 1, method: 'getFileInfo', request })
  const { message: header, rest } = undelimited(frame.subarray(4))
  expect([header.number(3), header.number(5)]).toEqual([zigzag(7), zigzag(1)])
  const { message: what, rest: body } = undelimited(rest)
  expect([what.text(1), what.number(3)]).toEqual(['getFileInfo', 1])
  expect(undelimited(body).message.text(1)).toBe('/a')
})

test('an answer is a message', () => {
  const body = delimited(encodeMessage([1, 'yes']))
  const reply = replyIn(Buffer.concat([delimited(encodeMessage([1, 7], [2, 0])), body]))
  expect(reply).toMatchObject({ id: 7, answer: { raw: encodeMessage([1, 'yes']) } })
})

test('what a name node throws is told without where in Hadoop it happened', () => {
  const head = encodeMessage([1, 7], [2, 1], [4, 'a.b.SomeException'], [5, 'no\n\tat Some.java:1'])
  expect(replyIn(delimited(head))).toEqual({
    id: 7,
    thrown: { exception: 'a.b.SomeException', message: 'no' },
  })
})

test('whatever a stranger answers is understood or refused', () => {
  const readers = [replyIn, ...[blockIn, fileStatusIn, locatedIn].map(read)]
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...readers), (bytes, reader) => {
      try {
        reader(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(BadWire)
      }
    }),
    { numRuns: 2000 },
  )
})

function read(understand: (message: Message) => unknown): (bytes: Uint8Array) => unknown {
  return (bytes) => understand(messageIn(bytes))
}
