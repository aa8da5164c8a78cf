import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Keys, signature, uint32 } from './digest-md5.ts'
import { rc4 } from './rc4.ts'
import type { Protection } from './wire.ts'

/** The messages of SASL: each sealed as a whole, signed and numbered. */
export interface Messages {
  wrap(message: Uint8Array): Buffer
  /** Throws for one that somebody has changed. */
  unwrap(wrapped: Uint8Array): Buffer
}

const signed = 10
const type = Buffer.from([0, 1])
const trailer = type.length + 4

export function saslMessages({ signOurs, signTheirs, sealOurs, sealTheirs }: Keys): Messages {
  const [seal, open] = [rc4(sealOurs), rc4(sealTheirs)]
  let [sent, received] = [0, 0]
  return {
    wrap(message) {
      const number = sent++
      const sealed = seal(Buffer.concat([message, signature(signOurs, number, message)]))
      return Buffer.concat([sealed, type, uint32(number)])
    },
    unwrap(wrapped) {
      const number = received++
      const end = wrapped.length - trailer
      if (end < signed) throw new Error('a protected message that is too short')
      const plain = open(wrapped.subarray(0, end))
      const message = plain.subarray(0, -signed)
      const wanted = [signature(signTheirs, number, message), type, uint32(number)]
      const found = [plain.subarray(-signed), wrapped.subarray(end)]
      if (Buffer.concat(wanted).equals(Buffer.concat(found))) return message
      throw new Error('a protected message that somebody has changed')
    },
  }
}

/** What the other side takes at once is 64 KiB. */
const mostBytes = 32 * 1024
/** More than anybody sends. */
const mostWrapped = 16 * 2 ** 20

/** A stream of such messages, each with its length before it. */
export function saslProtection({ wrap, unwrap }: Messages): Protection {
  let held = Buffer.alloc(0)
  return {
    seal(bytes) {
      const parts: Buffer[] = []
      for (let at = 0; at < bytes.length; at += mostBytes) {
        const wrapped = wrap(bytes.subarray(at, at + mostBytes))
        parts.push(uint32(wrapped.length), wrapped)
      }
      return Buffer.concat(parts)
    },
    async open(length, read) {
      while (held.length < length) {
        const size = (await read(4)).readUInt32BE()
        if (size > mostWrapped) throw new Error(`a protected message of ${size} bytes`)
        held = Buffer.concat([held, unwrap(await read(size))])
      }
      const plain = held.subarray(0, length)
      held = held.subarray(length)
      return plain
    },
  }
}

export interface StreamKey {
  readonly key: Uint8Array
  readonly iv: Uint8Array
}

/** AES in counter mode, with a key for each direction. */
export function aesProtection(ours: StreamKey, theirs: StreamKey): Protection {
  const algorithm = ({ key }: StreamKey) => `aes-${key.length * 8}-ctr`
  const seal = createCipheriv(algorithm(ours), ours.key, ours.iv)
  const open = createDecipheriv(algorithm(theirs), theirs.key, theirs.iv)
  return {
    seal: (bytes) => seal.update(bytes),
    open: async (length, read) => open.update(await read(length)),
  }
}
