import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { driverContract } from './driver.contract.ts'
import { asS3, ossDriver } from './oss.ts'

let server: FauxqsServer
let buckets = 0

beforeAll(async () => {
  server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
})
afterAll(() => server.stop())

driverContract({
  name: 'oss',
  flat: true,
  open() {
    buckets += 1
    server.createBucket(`bucket-${buckets}`)
    return ossDriver({ secrets: async () => Buffer.from('word') })
  },
  at: (key) => ({
    oss: {
      endpoint: `http://127.0.0.1:${server.port}`,
      bucket: `bucket-${buckets}`,
      accessKeySecret: { name: 'creds', key: 'access' },
      secretKeySecret: { name: 'creds', key: 'secret' },
      createBucketIfNotPresent: true,
      key,
    },
  }),
})

test('an endpoint of Alibaba names its region', () => {
  const place = { bucket: 'b', endpoint: 'http://oss-cn-hangzhou.aliyuncs.com', key: 'k' }
  expect(asS3(place)).toEqual({
    bucket: 'b',
    endpoint: 'oss-cn-hangzhou.aliyuncs.com',
    insecure: true,
    region: 'cn-hangzhou',
  })
  expect(asS3({ ...place, endpoint: 'oss-us-west-1-internal.aliyuncs.com' })).toMatchObject({
    insecure: false,
    region: 'us-west-1',
  })
})

describe('who asks', () => {
  let asked: IncomingHttpHeaders[] = []
  let listener: Server
  beforeAll(async () => {
    listener = createServer((request, response) => {
      asked.push(request.headers)
      response.end('bytes')
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => listener.close())
  beforeEach(() => {
    asked = []
  })
  const read = async (oss: object, env = {}) => {
    const endpoint = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
    const artifact = { name: 'a', oss: { endpoint, bucket: 'b', key: 'k', ...oss } }
    return text(
      await ossDriver({ secrets: async (_, key) => Buffer.from(key) }, env).open(artifact),
    )
  }
  const secrets = {
    accessKeySecret: { name: 'creds', key: 'access' },
    secretKeySecret: { name: 'creds', key: 'secret' },
  }

  test('says it with a token of short life, if there is one', async () => {
    expect(await read(secrets)).toBe('bytes')
    expect(await read({ ...secrets, securityToken: 'short' })).toBe('bytes')
    expect(asked.map((one) => one['x-amz-security-token'])).toEqual([undefined, 'short'])
    expect(asked[1]?.authorization).toMatch(/Credential=access\/.*SignedHeaders=.*security-token/)
  })

  test('is told by the environment, where the SDK would look', async () => {
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'me',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'word',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'short',
    }
    await read({ ...secrets, useSDKCreds: true }, env)
    expect(asked[0]?.authorization).toContain('Credential=me/')
    expect(asked[0]?.['x-amz-security-token']).toBe('short')
  })

  test('must be somebody', async () => {
    await expect(read({})).rejects.toThrow('oss.accessKeySecret and oss.secretKeySecret are needed')
    await expect(read({ useSDKCreds: true })).rejects.toThrow(
      'oss.useSDKCreds: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set',
    )
    expect(asked).toEqual([])
  })
})

test('what is not honoured is refused by name', () => {
  const lifecycleRule = { markDeletionAfterDays: 1 }
  expect(() => asS3({ bucket: 'b', endpoint: 'e', lifecycleRule })).toThrow(
    'oss.lifecycleRule is not supported: objects do not change their class or go by themselves',
  )
})
