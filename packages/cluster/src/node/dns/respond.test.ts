import { decode, encode, RECURSION_DESIRED } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { respond, serverFailure } from './respond.ts'
import { Zone } from './zone.ts'

const many = Array.from({ length: 60 }, (_, index) => `127.10.0.${index}`)
const zone = new Zone([
  {
    ...{ namespace: 'default', name: 'web', addresses: ['127.250.0.9'], hosts: [] },
    ...{ ports: [], isHeadless: false },
  },
  {
    ...{ namespace: 'default', name: 'many', addresses: many, hosts: [] },
    ...{ ports: [], isHeadless: true },
  },
])
const question = (name: string, more: object = {}) =>
  encode({
    ...{ type: 'query', id: 7, flags: RECURSION_DESIRED },
    questions: [{ type: 'A', name: `${name}.default.svc.cluster.local` }],
    ...more,
  })
const answered = (message: Buffer, isUdp = true) => {
  const response = respond(message, zone, isUdp)
  if (response.do !== 'answer') throw new Error(response.do)
  return { packet: decode(response.message), size: response.message.length }
}
const option = { type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options: [] } as never

test('a question is answered under its id, by who may', () => {
  const { packet } = answered(question('web'))
  expect(packet).toMatchObject({ id: 7, type: 'response', rcode: 'NOERROR', flag_aa: true })
  expect(packet.answers).toMatchObject([{ type: 'A', data: '127.250.0.9', ttl: 5 }])
  expect(packet.questions).toMatchObject([{ name: 'web.default.svc.cluster.local' }])
})

test('a name that is not there is said to be that, with how long it holds', () => {
  const { packet } = answered(question('none'))
  expect(packet).toMatchObject({ rcode: 'NXDOMAIN', authorities: [{ type: 'SOA' }] })
})

test('what a datagram cannot hold is asked again over TCP', () => {
  const short = answered(question('many'))
  expect(short.size).toBeLessThanOrEqual(512)
  expect(short.packet).toMatchObject({ flag_tc: true, answers: [] })
  expect(answered(question('many', { additionals: [option] })).packet.answers).toHaveLength(60)
  expect(answered(question('many'), false).packet.answers).toHaveLength(60)
})

describe('what is no question', () => {
  const header = (byte: number, ...rest: number[]) =>
    Buffer.from([0, 9, byte, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...rest])

  test.each([
    ['an answer is ignored', header(0x80), 'ignore'],
    ['less than a header is ignored', Buffer.from([1, 2, 3]), 'ignore'],
  ])('%s', (_, message, want) => {
    expect(respond(message, zone, true).do).toBe(want)
  })

  test.each([
    ['an update is not for us', header(0x28), 'NOTIMP'],
    ['a question without a name is malformed', header(0), 'FORMERR'],
    ['a name that points at itself is malformed', header(0, 0xc0, 12, 0, 1, 0, 1), 'FORMERR'],
    [
      'two questions are malformed',
      encode({
        type: 'query',
        id: 9,
        questions: [
          { type: 'A', name: 'a' },
          { type: 'A', name: 'b' },
        ],
      }),
      'FORMERR',
    ],
  ])('%s', (_, message, rcode) => {
    const { packet } = answered(message)
    expect(packet).toMatchObject({ id: 9, rcode })
  })
})

test('nothing that comes can throw, whatever it is', () => {
  const bytes = fc.uint8Array({ maxLength: 600 })
  const bent = fc
    .tuple(fc.nat({ max: 60 }), fc.nat({ max: 255 }), fc.nat({ max: 3 }))
    .map(([at, value, cut]) => {
      const message = Buffer.from(question('web', { additionals: [option] }))
      message[at % message.length] = value
      return message.subarray(0, message.length - cut)
    })
  fc.assert(
    fc.property(fc.oneof(bytes, bent), fc.boolean(), (raw, isUdp) => {
      const message = Buffer.from(raw)
      const response = respond(message, zone, isUdp)
      expect(['answer', 'forward', 'complete', 'ignore']).toContain(response.do)
      if (response.do !== 'answer') return
      expect(response.message.readUInt16BE()).toBe(message.readUInt16BE())
      expect((response.message[2] ?? 0) & 0x80).toBe(0x80)
      if (isUdp) expect(response.message.length).toBeLessThanOrEqual(4096)
    }),
    { numRuns: 3000 },
  )
})

test('names of every length and kind are answered or passed on', () => {
  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9_-]{1,63}$/),
    fc.constantFrom('web', 'default', 'svc', 'pod', 'cluster', 'local', 'in-addr', 'arpa'),
    fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('.')),
  )
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
      const name = labels.join('.')
      fc.pre(Buffer.byteLength(name) < 240 && labels.every((one) => Buffer.byteLength(one) < 64))
      const message = encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] })
      expect(['answer', 'forward']).toContain(respond(message, zone, true).do)
    }),
  )
})

test('a failure has the id of its question', () => {
  expect(decode(serverFailure(question('web')))).toMatchObject({ id: 7, rcode: 'SERVFAIL' })
})
