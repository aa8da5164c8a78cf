import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { artifactoryDriver, httpDriver } from './http.ts'
import { rawDriver } from './raw.ts'
import type { Secrets } from './secrets.ts'

let server: Server
let elsewhere: Server
let url: string
let far: string
let room: string
let out: string
const kept = new Map<string, Buffer>()
const seen: { method: string; path: string; headers: IncomingMessage['headers'] }[] = []

async function listening(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const one = createServer(handle)
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  return { server: one, url: `http://127.0.0.1:${(one.address() as AddressInfo).port}` }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname: path } = new URL(request.url ?? '', 'http://x')
  seen.push({ method: request.method ?? '', path, headers: request.headers })
  const { authorization } = request.headers
  if (path === '/bad') response.writeHead(503).end('no')
  else if (path === '/far') response.writeHead(307, { location: `${far}/kept` }).end()
  else if (path === '/near') response.writeHead(307, { location: '/kept' }).end()
  else if (path === '/around') response.writeHead(302, { location: '/around' }).end()
  else if (path === '/token') await giveToken(request, response)
  else if (path.startsWith('/locked') && authorization !== basic) response.writeHead(401).end()
  else if (request.method === 'PUT') {
    kept.set(path, await buffer(request))
    response.writeHead(201).end()
  } else if (kept.has(path)) response.end(kept.get(path))
  else response.writeHead(404).end()
}

const basic = `Basic ${Buffer.from('user:word').toString('base64')}`
let formOnly = false

async function giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams((await buffer(request)).toString())
  const known = formOnly
    ? form.get('client_secret') === 'word'
    : request.headers.authorization === basic
  if (!known) response.writeHead(401).end()
  else {
    const token = `${form.get('grant_type')}/${form.get('scope')}/${form.get('extra')}`
    response.end(JSON.stringify({ access_token: token, token_type: 'bearer' }))
  }
}

beforeAll(async () => {
  ;({ server, url } = await listening((...both) => void answer(...both)))
  ;({ server: elsewhere, url: far } = await listening((...both) => void answer(...both)))
  room = await mkdtemp(join(tmpdir(), 'argosy-http-'))
  await writeFile(join(room, 'in'), 'text')
})
afterAll(async () => {
  server.close()
  elsewhere.close()
  await rm(room, { recursive: true, force: true })
})
let outs = 0
beforeEach(() => {
  seen.length = 0
  kept.clear()
  kept.set('/kept', Buffer.from('kept'))
  outs += 1
  out = join(room, `out-${outs}`)
})

const secrets: Secrets = async (name, key) =>
  Buffer.from({ u: 'user', p: 'word', t: `${url}/token\n` }[key] ?? `${name}/${key}`)
const select = (key: string) => ({ name: 's', key })
const at = (path: string, more: object = {}) => ({ name: 'a', http: { url: url + path, ...more } })
const driver = httpDriver({ secrets })
const source = () => ({ path: join(room, 'in'), settled: false })

describe('read', () => {
  test('a file is fetched with its headers, repeated ones too', async () => {
    const headers = [
      { name: 'X-Token', value: 'abc' },
      { name: 'X-Token', value: 'def' },
    ]
    await driver.load(at('/kept', { headers }), out)
    expect(await readFile(out, 'utf8')).toBe('kept')
    expect(seen[0]?.headers['x-token']).toBe('abc, def')
  })

  test('what is at a URL cannot be listed', async () => {
    await expect(driver.list(at('/kept'))).rejects.toThrow('http artifacts cannot be listed')
  })

  test('404 is an absent artifact, anything else says what it was', async () => {
    await expect(driver.load(at('/gone'), out)).rejects.toMatchObject({ reason: 'NotFound' })
    await expect(driver.load(at('/bad'), out)).rejects.toThrow(
      `loading file from ${url}/bad failed with reason: 503 Service Unavailable`,
    )
    await expect(driver.load(at('/around'), out)).rejects.toThrow(/too many redirects/)
    const nowhere = { name: 'a', http: { url: 'http://127.0.0.1:4/' } }
    await expect(driver.load(nowhere, out)).rejects.toThrow(/GET .*ECONNREFUSED/)
    await expect(driver.load({ name: 'a', http: {} }, out)).rejects.toThrow('http.url is missing')
  })

  test('a redirect takes no credentials to another host', async () => {
    const auth = { basicAuth: { usernameSecret: select('u'), passwordSecret: select('p') } }
    await driver.load(at('/near', { auth }), out)
    await driver.load(at('/far', { auth }), `${out}-far`)
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      basic,
      basic,
      basic,
      undefined,
    ])
  })
})

describe('written', () => {
  test('an archive comes back as what it was', async () => {
    await mkdir(join(room, 'tree'), { recursive: true })
    await writeFile(join(room, 'tree/file'), 'one')
    await driver.save({ path: join(room, 'tree'), settled: false }, at('/new'))
    await driver.load(at('/new'), out)
    expect(await readFile(join(out, 'file'), 'utf8')).toBe('one')
  })

  test('a plain file is sent as it is, again where a redirect wants it', async () => {
    const plain = { ...at('/near'), archive: { none: {} } }
    await driver.save(source(), plain)
    expect(kept.get('/kept')?.toString()).toBe('text')
    const folder = driver.save({ path: room, settled: false }, plain)
    await expect(folder).rejects.toThrow(/a directory cannot be sent to one URL/)
  })

  test('what the server does not take is an error with its words', async () => {
    await expect(driver.save(source(), at('/bad'))).rejects.toThrow(
      `saving file ${room}/in to ${url}/bad failed with reason: 503 Service Unavailable`,
    )
    await expect(driver.remove(at('/kept'))).rejects.toThrow('http artifacts cannot be deleted')
  })
})

describe('whoever asks can say who it is', () => {
  test('by name and password', async () => {
    const auth = { basicAuth: { usernameSecret: select('u'), passwordSecret: select('p') } }
    await driver.save(source(), at('/locked', { auth }))
    await driver.load(at('/locked', { auth }), out)
    expect(await readFile(out, 'utf8')).toBe('text')
    await expect(driver.load(at('/locked'), out)).rejects.toThrow(/401 Unauthorized/)
  })

  test.each([false, true])('by a token of an OAuth 2 server (form only: %s)', async (only) => {
    formOnly = only
    const oauth2 = {
      clientIDSecret: select('u'),
      clientSecretSecret: select('p'),
      tokenURLSecret: select('t'),
      scopes: ['a', 'b'],
      endpointParams: [{ key: 'extra', value: 'more' }],
    }
    await driver.load(at('/kept', { auth: { oauth2 } }), out)
    expect(seen.at(-1)?.headers.authorization).toBe('Bearer client_credentials/a b/more')
  })

  test('half of what is needed is an error', async () => {
    const ask = (auth: object) => driver.load(at('/kept', { auth }), out)
    await expect(ask({ basicAuth: { usernameSecret: select('u') } })).rejects.toThrow(
      'http.auth.basicAuth: usernameSecret and passwordSecret go together',
    )
    await expect(ask({ clientCert: { clientKeySecret: select('u') } })).rejects.toThrow(
      'http.auth.clientCert: clientCertSecret and clientKeySecret go together',
    )
    await expect(ask({ oauth2: { clientIDSecret: select('u') } })).rejects.toThrow(
      /^http.auth.oauth2: .* go together$/,
    )
  })
})

test('Artifactory is http with a name and a password', async () => {
  const place = {
    name: 'a',
    artifactory: {
      url: `${url}/locked/x`,
      usernameSecret: select('u'),
      passwordSecret: select('p'),
    },
  }
  await artifactoryDriver({ secrets }).save(source(), place)
  await artifactoryDriver({ secrets }).load(place, out)
  expect(await readFile(out, 'utf8')).toBe('text')
})

test('a raw artifact is its text', async () => {
  await rawDriver.load({ name: 'a', raw: { data: 'text' } }, join(room, 'raw'))
  expect(await readFile(join(room, 'raw'), 'utf8')).toBe('text')
  await expect(
    rawDriver.save({ path: '/x', settled: true }, { name: 'a', raw: { data: '' } }),
  ).rejects.toThrow('Raw output artifacts unsupported')
})
