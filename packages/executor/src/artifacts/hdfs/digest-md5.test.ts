import { expect, test } from 'vitest'
import { challengeIn, respond } from './digest-md5.ts'

// RFC 2831, 4
const challenge =
  'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8'

test('a challenge is read, with and without quotes', () => {
  expect(challengeIn(`${challenge},cipher="3des,rc4"`)).toEqual({
    realm: 'elwood.innosoft.com',
    nonce: 'OA6MG9tEQGm2hh',
    qop: ['auth'],
    ciphers: ['3des', 'rc4'],
  })
  expect(challengeIn('realm="0", qop="auth-conf,auth"').qop).toEqual(['auth-conf', 'auth'])
})

test('the response, and the one that is expected, are those of the standard’s example', () => {
  const { text, expected } = respond(
    challengeIn(challenge),
    { user: 'chris', password: 'secret', cnonce: 'OA6MHXh6VqTrRk' },
    { uri: 'imap/elwood.innosoft.com', qop: 'auth' },
  )
  expect(text).toContain('response=d388dad90d4bbd760a152321f2143af7')
  expect(expected).toBe('rspauth=ea40f60335c427b5527b84dbabcdfffd')
})
