import { expect, test } from 'vitest'
import { aPod } from './fixture.ts'
import { registryLogins } from './registry-logins.ts'

async function logins(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const pod = aPod('p', {
    imagePullSecrets: [...Object.keys(secrets), 'missing'].map((name) => ({ name })),
  })
  const found = await registryLogins(pod, {
    configMap: async () => undefined,
    secret: async (name) => {
      const keys = Object.entries(secrets[name] ?? {})
      return keys.length === 0
        ? undefined
        : new Map(keys.map(([key, text]) => [key, Buffer.from(text)]))
    },
  })
  return Object.fromEntries(found)
}

const auth = Buffer.from('me:se:cret').toString('base64')

test('logins are found by the host of a registry, in both forms of a secret', async () => {
  const auths = {
    'https://index.docker.io/v1/': { auth },
    'https://r.example:5000/x': { username: 'a', password: 'b' },
  }
  expect(
    await logins({
      new: { '.dockerconfigjson': JSON.stringify({ auths }) },
      old: { '.dockercfg': JSON.stringify({ 'quay.io': { identitytoken: 't' } }) },
    }),
  ).toEqual({
    'docker.io': {
      serveraddress: 'https://index.docker.io/v1/',
      username: 'me',
      password: 'se:cret',
    },
    'r.example:5000': { serveraddress: 'https://r.example:5000/x', username: 'a', password: 'b' },
    'quay.io': { serveraddress: 'quay.io', identitytoken: 't' },
  })
})

test('the first secret wins, and one that nobody can read says nothing', async () => {
  const one = (username: string) => JSON.stringify({ auths: { h: { username, password: 'p' } } })
  const found = await logins({
    broken: { '.dockerconfigjson': '{' },
    first: { '.dockerconfigjson': one('a') },
    second: { '.dockerconfigjson': one('b') },
  })
  expect(found).toEqual({ h: { serveraddress: 'h', username: 'a', password: 'p' } })
})
