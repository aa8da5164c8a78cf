import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { driverContract } from './driver.contract.ts'
import { s3Driver } from './s3.ts'
import { s3Place } from './s3-place.ts'
import type { Secrets } from './secrets.ts'

let server: FauxqsServer
let room: string

beforeAll(async () => {
  server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
  room = await mkdtemp(join(tmpdir(), 'argosy-s3-'))
})
afterAll(async () => {
  await server.stop()
  await rm(room, { recursive: true, force: true })
})

const kept: Readonly<Record<string, string>> = {
  'creds/access': 'id',
  'creds/secret': 'word',
  'creds/long': 'k'.repeat(32),
}
const secrets: Secrets = async (name, key) => {
  const value = kept[`${name}/${key}`]
  return value === undefined ? undefined : Buffer.from(value)
}

let buckets = 0

const place = (more: object = {}) => ({
  endpoint: `127.0.0.1:${server.port}`,
  insecure: true,
  bucket: `bucket-${buckets}`,
  accessKeySecret: { name: 'creds', key: 'access' },
  secretKeySecret: { name: 'creds', key: 'secret' },
  createBucketIfNotPresent: {},
  ...more,
})

driverContract({
  name: 's3',
  flat: true,
  open() {
    buckets += 1
    server.createBucket(`bucket-${buckets}`)
    return s3Driver({ secrets })
  },
  at: (key) => ({ s3: place({ key }) }),
})

test('a bucket is made when it is missing, and only when that was asked for', async () => {
  await writeFile(join(room, 'in'), 'text')
  const source = { path: join(room, 'in'), settled: false }
  const driver = s3Driver({ secrets })
  const fresh = { name: 'a', s3: place({ key: 'k', bucket: 'made-here' }) }
  await driver.save(source, fresh)
  await driver.save(source, fresh)
  expect(await driver.list(fresh)).toEqual([])
  const { createBucketIfNotPresent: _, ...plain } = fresh.s3
  const absent = { name: 'a', s3: { ...plain, bucket: 'not-made' } }
  await expect(driver.save(source, absent)).rejects.toThrow(/bucket/i)
})

test('a large file goes in parts and comes back whole', async () => {
  const path = join(room, 'large')
  const file = await open(path, 'w')
  const block = Buffer.alloc(1024 * 1024)
  for (let at = 0; at < 20; at++) await file.write(block.fill(at))
  await file.close()
  const driver = s3Driver({ secrets })
  const large = { name: 'a', s3: place({ key: 'large' }), archive: { none: {} } }
  await driver.save({ path, settled: false }, large)
  let size = 0
  let first = -1
  for await (const chunk of await driver.open(large)) {
    if (first < 0) first = chunk[0]
    size += chunk.length
  }
  expect([size, first]).toEqual([20 * 1024 * 1024, 0])
})

test('a whole bucket can be listed, and nothing else done with it', async () => {
  const driver = s3Driver({ secrets })
  await writeFile(join(room, 'in'), 'text')
  const source = { path: join(room, 'in'), settled: false }
  for (const key of ['a/x', 'y']) {
    const archive = { none: {} }
    await driver.save(source, { name: 'a', archive, s3: place({ key, bucket: 'whole' }) })
  }
  const whole = { name: 'a', s3: place({ bucket: 'whole' }) }
  expect([...(await driver.list(whole))].sort()).toEqual(['a/x', 'y'])
  await expect(driver.remove(whole)).rejects.toThrow('artifact a has no s3 key')
})

test('many objects are listed page by page', async () => {
  const driver = s3Driver({ secrets })
  server.createBucket('pages')
  const names = Array.from({ length: 1005 }, (_, at) => `many/${at}`)
  while (names.length > 0) await Promise.all(names.splice(0, 50).map(putObject))
  const listed = await driver.list({ name: 'a', s3: place({ key: 'many', bucket: 'pages' }) })
  expect(listed.length).toBe(1005)
})

async function putObject(key: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/pages/${key}`, {
    method: 'PUT',
    body: 'x',
  })
  expect(answer.status).toBe(200)
}

describe('a location is understood', () => {
  const read = (more: object) => s3Place({ endpoint: 'e', bucket: 'b', ...more }, secrets)

  test.each([
    ['s3.amazonaws.com', undefined, undefined, false],
    ['s3.eu-west-1.amazonaws.com', undefined, 'eu-west-1', false],
    ['s3-us-west-2.amazonaws.com', undefined, 'us-west-2', false],
    ['storage.googleapis.com', 'https://storage.googleapis.com', undefined, false],
    ['minio:9000', 'https://minio:9000', undefined, true],
  ])('the endpoint %s', async (endpoint, url, region, pathStyle) => {
    expect(await read({ endpoint })).toMatchObject({ endpoint: url, region, pathStyle })
  })

  test('whose keys are used', async () => {
    expect(await read({})).toMatchObject({ credentials: 'sdk' })
    expect(await read({ roleARN: 'arn' })).toMatchObject({ credentials: { roleArn: 'arn' } })
    const { accessKeySecret, secretKeySecret } = place()
    expect(await read({ accessKeySecret, secretKeySecret, roleARN: 'arn' })).toMatchObject({
      credentials: { accessKeyId: 'id', secretAccessKey: 'word' },
    })
    await expect(read({ accessKeySecret })).rejects.toThrow(/go together/)
    const wrong = { name: 'creds', key: 'none' }
    await expect(read({ accessKeySecret: wrong })).rejects.toThrow(
      's3.accessKeySecret: secret "creds" with key "none" not found',
    )
  })

  test('what else is read of the place: a certificate, a session, a lock on objects', async () => {
    const { accessKeySecret, secretKeySecret } = place()
    const secretOf = (key: string) => ({ name: 'creds', key })
    expect(await read({ caSecret: secretOf('long') })).toMatchObject({ ca: 'k'.repeat(32) })
    const sessionTokenSecret = secretOf('long')
    expect(await read({ accessKeySecret, secretKeySecret, sessionTokenSecret })).toMatchObject({
      credentials: { accessKeyId: 'id', sessionToken: 'k'.repeat(32) },
    })
    const createBucketIfNotPresent = { objectLocking: true }
    expect(await read({ createBucketIfNotPresent })).toMatchObject({
      create: { objectLocking: true },
    })
    expect(await read({ createBucketIfNotPresent: {} })).toMatchObject({
      create: { objectLocking: false },
    })
  })

  test('encryption at the other end', async () => {
    const options = (encryptionOptions: object, more: object = {}) =>
      read({ encryptionOptions: { enableEncryption: true, ...encryptionOptions }, ...more })
    expect(await options({})).toMatchObject({ encryption: { ServerSideEncryption: 'AES256' } })
    expect(await options({ kmsKeyId: 'k', kmsEncryptionContext: '{}' })).toMatchObject({
      encryption: { SSEKMSKeyId: 'k', SSEKMSEncryptionContext: 'e30=' },
    })
    const serverSideCustomerKeySecret = { name: 'creds', key: 'long' }
    expect(await options({ serverSideCustomerKeySecret })).toMatchObject({
      encryption: {},
      customerKey: { SSECustomerAlgorithm: 'AES256' },
    })
    await expect(options({ serverSideCustomerKeySecret }, { insecure: true })).rejects.toThrow(
      /needs TLS/,
    )
    await expect(options({ serverSideCustomerKeySecret, kmsKeyId: 'k' })).rejects.toThrow(
      /exclude each other/,
    )
  })

  test('what makes no sense is refused by name', async () => {
    await expect(read({ bucket: '' })).rejects.toThrow('s3.bucket is missing')
    await expect(read({ addressingStyle: 'wild' })).rejects.toThrow(/s3.addressingStyle: expected/)
  })
})
