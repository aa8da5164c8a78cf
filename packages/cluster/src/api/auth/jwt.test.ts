import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { keySet, readJwt, signingKey, signJwt } from './jwt.ts'

const rsa = signingKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const curve = signingKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

test.each([rsa, curve])('$alg signs, and another key does not vouch for it', (key) => {
  const token = signJwt({ sub: 'x' }, key)
  expect(readJwt(token, [rsa, curve])).toEqual({ sub: 'x' })
  expect(readJwt(token, [key === rsa ? curve : rsa])).toBeUndefined()
})

test('the published keys tell nothing that is private', () => {
  const [first, second] = keySet([rsa, curve]).keys
  const named = { use: 'sig', kid: expect.any(String) }
  expect(first).toEqual({ ...named, alg: 'RS256', kty: 'RSA', n: expect.any(String), e: 'AQAB' })
  expect(second).toEqual({
    ...{ ...named, alg: 'ES256', kty: 'EC', crv: 'P-256' },
    ...{ x: expect.any(String), y: expect.any(String) },
  })
})

test('other kinds of keys are refused', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  expect(() => signingKey(privateKey)).toThrow('RSA and EC P-256 can')
})
