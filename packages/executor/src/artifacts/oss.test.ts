import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
    return ossDriver(async () => Buffer.from('word'))
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

test('what is not honoured is refused by name', () => {
  const lifecycleRule = { markDeletionAfterDays: 1 }
  expect(() => asS3({ bucket: 'b', endpoint: 'e', lifecycleRule })).toThrow(
    'oss.lifecycleRule is not supported: objects do not change their class or go by themselves',
  )
})
