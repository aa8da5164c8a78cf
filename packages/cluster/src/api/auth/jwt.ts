import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { isObject, type JsonObject } from '@argosy/engine'

/** A key that signs tokens, under the name by which others find it. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A key's name is its thumbprint (RFC 7638). */
export function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const { e, kty, n } = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url')
  return { kid, privateKey, publicKey }
}

const algorithm = 'RS256'
const digest = 'RSA-SHA256'
const signed = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, bytes: Buffer) => void) =>
    sign(digest, data, key, done),
)

/** A signed token that says `claims`; the signing happens beside the event loop. */
export async function signJwt(
  claims: JsonObject,
  { kid, privateKey }: SigningKey,
): Promise<string> {
  const text = `${encoded({ alg: algorithm, kid })}.${encoded(claims)}`
  const signature = await signed(Buffer.from(text), privateKey)
  return `${text}.${signature.toString('base64url')}`
}

/**
 * What a token says, if one of the keys has signed it; what it says is not judged.
 * The algorithm is ours, whatever the token says: it may only agree.
 */
export function readJwt(token: string, keys: readonly SigningKey[]): JsonObject | undefined {
  const [head = '', body = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || signature === '') return undefined
  const header = decoded(head)
  if (header?.['alg'] !== algorithm || header['crit'] !== undefined) return undefined
  const key = keys.find(({ kid }) => kid === header['kid'])
  if (!key) return undefined
  const bytes = Buffer.from(signature, 'base64url')
  // One signature has one spelling: a cache or a log may know tokens by their text.
  if (bytes.toString('base64url') !== signature) return undefined
  const isOurs = verify(digest, Buffer.from(`${head}.${body}`), key.publicKey, bytes)
  return isOurs ? decoded(body) : undefined
}

/** The public keys, as whoever verifies our tokens elsewhere reads them. */
export function keySet(keys: readonly SigningKey[]) {
  return {
    keys: keys.map(({ kid, publicKey }) => {
      const { kty, n, e } = publicKey.export({ format: 'jwk' })
      return { use: 'sig', kty, kid, alg: algorithm, n, e }
    }),
  }
}

function encoded(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decoded(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
