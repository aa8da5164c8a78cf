import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { isObject, type JsonObject } from '@argosy/engine'

/** A key that signs tokens, under the name by which others find it. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly alg: Algorithm
}

/** ES256 costs a twentieth of RS256, which is for keys from elsewhere. */
type Algorithm = 'ES256' | 'RS256'

/** A key's name is its thumbprint (RFC 7638). Throws when it is neither RSA nor on the curve P-256. */
export function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const { alg, names } = sortOf(publicKey)
  const jwk = publicKey.export({ format: 'jwk' })
  const named = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  const kid = createHash('sha256').update(named).digest('base64url')
  return { kid, privateKey, publicKey, alg }
}

/** How such a key signs, and which members of its JWK are its name, in their order. */
function sortOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject) {
  if (type === 'rsa') return { alg: 'RS256', names: ['e', 'kty', 'n'] } as const
  if (type === 'ec' && details?.namedCurve === 'prime256v1') {
    return { alg: 'ES256', names: ['crv', 'kty', 'x', 'y'] } as const
  }
  throw new Error(`a key of type ${type} cannot sign tokens: RSA and EC P-256 can`)
}

const digest = 'sha256'
/** As JWS has it (RFC 7518); RSA has but one. */
const dsaEncoding = 'ieee-p1363'

/** A signed token that says `claims`. */
export function signJwt(claims: JsonObject, { kid, alg, privateKey }: SigningKey): string {
  const text = `${encoded({ alg, kid })}.${encoded(claims)}`
  const signature = sign(digest, Buffer.from(text), { key: privateKey, dsaEncoding })
  return `${text}.${signature.toString('base64url')}`
}

/**
 * What a token says, if one of the keys has signed it; what it says is not judged.
 * The algorithm is the key's, whatever the token says: it may only agree.
 */
export function readJwt(token: string, keys: readonly SigningKey[]): JsonObject | undefined {
  const [head = '', body = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || signature === '') return undefined
  const header = decoded(head)
  if (!header || header['crit'] !== undefined) return undefined
  const key = keys.find(({ kid }) => kid === header['kid'])
  if (!key || header['alg'] !== key.alg) return undefined
  const bytes = Buffer.from(signature, 'base64url')
  // One signature has one spelling: a cache or a log may know tokens by their text.
  if (bytes.toString('base64url') !== signature) return undefined
  const by = { key: key.publicKey, dsaEncoding } as const
  const isOurs = verify(digest, Buffer.from(`${head}.${body}`), by, bytes)
  return isOurs ? decoded(body) : undefined
}

/** The public keys, as whoever verifies our tokens elsewhere reads them. */
export function keySet(keys: readonly SigningKey[]) {
  return {
    keys: keys.map(({ kid, alg, publicKey }) => {
      return { use: 'sig', kid, alg, ...publicKey.export({ format: 'jwk' }) }
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
