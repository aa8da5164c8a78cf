import { randomBytes } from 'node:crypto'
import { encodeMessage, type Message } from '@argosy/kube/protobuf'
import { challengeIn, type Keys, respond } from './digest-md5.ts'
import { aesProtection, saslMessages, saslProtection } from './protections.ts'
import type { Protection, Wire } from './wire.ts'

/** What the name node gives to those who may talk to its data nodes, which know it too. */
export interface TransferKey {
  readonly id: number
  readonly pool: string
  readonly nonce: Uint8Array
  readonly key: Uint8Array
}

export function transferKeyIn(message: Message): TransferKey {
  return {
    id: message.number(1),
    pool: message.text(2),
    nonce: message.bytes(3) ?? new Uint8Array(),
    key: message.bytes(4) ?? new Uint8Array(),
  }
}

const magic = Buffer.from('deadbeef', 'hex')
const uri = 'hdfs/0'
const qop = 'auth-conf'
const cipher = 'rc4'
const aesCtr = 2

/** Agrees with a data node on how all that follows is encrypted: by AES if the node has it, else by SASL. */
export async function encryptWire(wire: Wire, secret: TransferKey): Promise<void> {
  await wire.write(magic)
  await wire.writeMessage(encodeMessage([1, 0]))
  const challenge = challengeIn(payloadIn(await wire.message()))
  if (!challenge.qop.includes(qop) || !challenge.ciphers.includes(cipher)) {
    const offer = `${challenge.qop.join(', ')} with ${challenge.ciphers.join(', ') || 'no cipher'}`
    throw new Error(`encryption by ${cipher} or AES is not offered, but ${offer}`)
  }
  const cnonce = randomBytes(16).toString('base64')
  const { text, expected, keys } = respond(
    challenge,
    { ...credentialsOf(secret), cnonce },
    { uri, qop, cipher },
  )
  await wire.writeMessage(encodeMessage([1, 0], [2, text], [4, encodeMessage([1, aesCtr])]))
  const answer = await wire.message()
  if (payloadIn(answer) !== expected) throw new Error('the data node does not know the key')
  wire.protect(protectionIn(answer, keys))
}

function credentialsOf({ id, pool, nonce, key }: TransferKey) {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  // Java’s numbers have a sign.
  return { user: `${id | 0} ${pool} ${base64(nonce)}`, password: base64(key) }
}

function payloadIn(answer: Message): string {
  if (answer.number(1) === 0) return answer.text(2)
  throw new Error(answer.text(3) || 'the data node refuses the key for encryption')
}

function protectionIn(answer: Message, keys: Keys): Protection {
  const messages = saslMessages(keys)
  const option = answer.message(4)
  if (option?.number(1) !== aesCtr) return saslProtection(messages)
  const bytes = (number: number) => option.bytes(number) ?? new Uint8Array()
  // "In" and "out" are the data node's words.
  const ours = { key: messages.unwrap(bytes(2)), iv: bytes(3) }
  const theirs = { key: messages.unwrap(bytes(4)), iv: bytes(5) }
  return aesProtection(ours, theirs)
}
