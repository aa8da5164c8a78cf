import type { AddressInfo } from 'node:net'
import { encodeMessage } from '@argosy/kube/protobuf'
import { expect, test } from 'vitest'
import { challengeIn, type Keys, respond } from './digest-md5.ts'
import { encryptWire } from './handshake.ts'
import { aesProtection, saslMessages, saslProtection } from './protections.ts'
import { listening } from './stand-in.fixture.ts'
import { Wire } from './wire.ts'

const patience = { timeoutMs: 5000, pausesMs: [], signal: undefined }
const secret = { id: 4294967295, pool: 'BP-1', nonce: Buffer.from('n'), key: Buffer.from('key') }
const challenge =
  'realm="0",nonce="abc",qop="auth-conf",charset=utf-8,cipher="3des,rc4",algorithm=md5-sess'
/** Both of the node's directions. */
const turn = ({ signOurs, signTheirs, sealOurs, sealTheirs }: Keys): Keys => ({
  signOurs: signTheirs,
  signTheirs: signOurs,
  sealOurs: sealTheirs,
  sealTheirs: sealOurs,
})

interface Node {
  readonly offer?: string
  readonly password?: string
  readonly aes?: boolean
}

/** Connects to a data node of that kind, which says what it hears, in capitals. */
async function connected(node: Node): Promise<string> {
  const server = await listening((socket) => {
    serve(Wire.over(socket, patience), node).catch(() => socket.destroy())
  })
  const { port } = server.address() as AddressInfo
  const wire = await Wire.open({ host: '127.0.0.1', port }, patience)
  try {
    await encryptWire(wire, secret)
    await wire.write(Buffer.from('hello'))
    return (await wire.read(5)).toString()
  } finally {
    wire.close()
    server.close()
  }
}

async function serve(wire: Wire, node: Node): Promise<void> {
  const { offer = challenge, password = 'a2V5', aes = false } = node
  expect((await wire.read(4)).toString('hex')).toBe('deadbeef')
  await wire.message()
  await wire.writeMessage(encodeMessage([1, 0], [2, offer]))
  const text = (await wire.message()).text(2)
  const [, user = ''] = /username="([^"]*)"/.exec(text) ?? []
  const [, cnonce = ''] = /cnonce="([^"]*)"/.exec(text) ?? []
  const credentials = { user, password, cnonce }
  const asked = { uri: 'hdfs/0', qop: 'auth-conf', cipher: 'rc4' }
  const answer = respond(challengeIn(offer), credentials, asked)
  if (user !== '-1 BP-1 bg==' || (password === 'a2V5' && answer.text !== text)) {
    return wire.writeMessage(encodeMessage([1, 1], [3, 'unknown key']))
  }
  const messages = saslMessages(turn(answer.keys))
  const [one, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)]
  const option = aes
    ? encodeMessage(
        [1, 2],
        [2, messages.wrap(one)],
        [3, one],
        [4, messages.wrap(other)],
        [5, other],
      )
    : undefined
  await wire.writeMessage(encodeMessage([1, 0], [2, answer.expected], [4, option]))
  const [theirs, ours] = [one, other].map((bytes) => ({ key: bytes, iv: bytes }))
  if (aes && ours && theirs) wire.protect(aesProtection(ours, theirs))
  else wire.protect(saslProtection(messages))
  await wire.write(Buffer.from((await wire.read(5)).toString().toUpperCase()))
}

test.each([{ aes: false }, { aes: true }])('both understand each other: %o', async (node) => {
  expect(await connected(node)).toBe('HELLO')
})

test('a node that does not know the key is not believed', async () => {
  await expect(connected({ password: 'other' })).rejects.toThrow('does not know the key')
})

test('a node that encrypts by other means is told of', async () => {
  const offer = challenge.replace('3des,rc4', '3des,des')
  await expect(connected({ offer })).rejects.toThrow(
    'encryption by rc4 or AES is not offered, but auth-conf with 3des, des',
  )
  await expect(connected({ offer: 'qop="auth"' })).rejects.toThrow('but auth with no cipher')
})
