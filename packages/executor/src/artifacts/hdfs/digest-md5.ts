import { createHash, createHmac } from 'node:crypto'

/** What a data node asks of whoever connects, by RFC 2831. */
export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly qop: readonly string[]
  readonly ciphers: readonly string[]
}

export interface Credentials {
  readonly user: string
  readonly password: string
  readonly cnonce: string
}

/** How what follows is protected: keys of each direction. */
export interface Keys {
  readonly signOurs: Buffer
  readonly signTheirs: Buffer
  readonly sealOurs: Buffer
  readonly sealTheirs: Buffer
}

export interface Response {
  readonly text: string
  /** What the other side says when it knows the password too. */
  readonly expected: string
  readonly keys: Keys
}

const noBody = '0'.repeat(32)

export function challengeIn(text: string): Challenge {
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, plain] of text.matchAll(
    /([a-z-]+)=(?:"([^"]*)"|([^",\s]*))/gi,
  )) {
    fields.set(name.toLowerCase(), quoted ?? plain ?? '')
  }
  const list = (name: string) => (fields.get(name) ?? '').split(',').filter(Boolean)
  const [realm = '', nonce = ''] = [fields.get('realm'), fields.get('nonce')]
  return { realm, nonce, qop: list('qop'), ciphers: list('cipher') }
}

/** The answer to a challenge that leads to a connection with these properties. */
export function respond(
  { realm, nonce }: Challenge,
  { user, password, cnonce }: Credentials,
  { uri, qop, cipher }: { readonly uri: string; readonly qop: string; readonly cipher?: string },
): Response {
  const secret = md5([user, realm, password].join(':'))
  const a1 = md5(Buffer.concat([secret, Buffer.from(`:${nonce}:${cnonce}`)]))
  const proof = (method: string) => {
    const a2 = `${method}:${uri}${qop === 'auth' ? '' : `:${noBody}`}`
    const parts = [hex(a1), nonce, '00000001', cnonce, qop, hex(md5(a2))]
    return hex(md5(parts.join(':')))
  }
  const text = [
    `username="${user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `cnonce="${cnonce}"`,
    'nc=00000001',
    `qop=${qop}`,
    `digest-uri="${uri}"`,
    `response=${proof('AUTHENTICATE')}`,
    'charset=utf-8',
    ...(cipher === undefined ? [] : [`cipher=${cipher}`]),
  ].join(',')
  return { text, expected: `rspauth=${proof('')}`, keys: keysOf(a1) }
}

function keysOf(a1: Buffer): Keys {
  const key = (words: string) => md5(Buffer.concat([a1, Buffer.from(`${words} magic constant`)]))
  return {
    signOurs: key('Digest session key to client-to-server signing key'),
    signTheirs: key('Digest session key to server-to-client signing key'),
    sealOurs: key('Digest H(A1) to client-to-server sealing key'),
    sealTheirs: key('Digest H(A1) to server-to-client sealing key'),
  }
}

/** What stands behind a message of that number: who changes it must know the key. */
export function signature(key: Buffer, number: number, message: Uint8Array): Buffer {
  const hmac = createHmac('md5', key).update(uint32(number)).update(message)
  return hmac.digest().subarray(0, 10)
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function md5(data: string | Uint8Array): Buffer {
  return createHash('md5').update(data).digest()
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex')
}
