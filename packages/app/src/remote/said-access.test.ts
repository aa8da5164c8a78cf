import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { overridesOf, traceOf } from './said-access.ts'

test('what is said is told in the words of a kubeconfig, and nothing else', () => {
  expect(overridesOf({})).toEqual({ cluster: {}, user: {} })
  const flags = {
    ...{ server: 'https://h:1', cluster: 'one', user: 'me', insecureSkipTlsVerify: true },
    ...{ as: 'ada', asGroup: ['g'], asUid: 'u', token: 't', tlsServerName: 'api' },
    ...{ clientCertificate: 'c.pem', clientKey: 'k.pem' },
  }
  expect(overridesOf(flags)).toEqual({
    ...{ clusterName: 'one', userName: 'me' },
    cluster: {
      ...{ server: 'https://h:1', 'tls-server-name': 'api', 'insecure-skip-tls-verify': true },
    },
    user: {
      ...{ token: 't', as: 'ada', 'as-groups': ['g'], 'as-uid': 'u' },
      ...{ 'client-certificate': resolve('c.pem'), 'client-key': resolve('k.pem') },
    },
  })
})

test.each([
  [{}, undefined],
  [{ loglevel: 'warn' }, undefined],
  [{ verbose: true }, 'argosy: GET https://h/x: 200 after 2 ms\n'],
  [{ loglevel: 'debug' }, 'argosy: GET https://h/x: 200 after 2 ms\n'],
  [
    { verbose: true, logFormat: 'json' },
    '{"level":"debug","msg":"GET https://h/x: 200 after 2 ms"}\n',
  ],
])('with %j a request is told as %j', (flags, expected) => {
  let said: string | undefined
  const trace = traceOf('https://h', flags, {
    write: (text) => {
      said = text
    },
  })
  trace?.({ method: 'GET', path: '/x', code: 200, ms: 1.6 })
  expect(said).toBe(expected)
})

test('levels and formats that there are not are refused', () => {
  const stderr = { write: () => undefined }
  expect(() => traceOf('', { loglevel: 'loud' }, stderr)).toThrow(
    '--loglevel loud: expected one of',
  )
  expect(() => traceOf('', { logFormat: 'xml' }, stderr)).toThrow('expected text or json')
})
