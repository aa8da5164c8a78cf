import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import type { ObjectStore } from './object-store.ts'
import type { S3Place } from './s3-place.ts'

const mebibyte = 1024 * 1024
/** S3 allows this many parts; what grows while it is sent may then be 80 GiB long. */
const mostParts = 10_000
const partSize = 8 * mebibyte
const partsAtOnce = 4

type Sdk = typeof import('@aws-sdk/client-s3')

/** One bucket, through the SDK: it signs, retries what is worth it, and sends large objects in parts. */
export function s3Store(sdk: Sdk, client: S3Client, place: S3Place): ObjectStore {
  const { bucket: Bucket, encryption, customerKey } = place
  const options = (signal: AbortSignal | undefined) => (signal ? { abortSignal: signal } : {})
  return {
    async get(Key, signal) {
      const wanted = new sdk.GetObjectCommand({ Bucket, Key, ...customerKey })
      try {
        const { Body } = await client.send(wanted, options(signal))
        return Body instanceof Readable ? Body : Readable.from([])
      } catch (error) {
        if (isAbsent(sdk, error)) return undefined
        throw error
      }
    },
    async put(Key, content, signal) {
      const { Upload } = await import('@aws-sdk/lib-storage')
      const Body = await content.open()
      const upload = new Upload({
        client,
        params: { Bucket, Key, Body, ...encryption, ...customerKey },
        partSize: Math.max(partSize, Math.ceil((content.size ?? 0) / mostParts)),
        queueSize: partsAtOnce,
      })
      const stop = () => void upload.abort()
      signal?.addEventListener('abort', stop, { once: true })
      try {
        signal?.throwIfAborted()
        await upload.done()
      } finally {
        signal?.removeEventListener('abort', stop)
        Body.destroy()
      }
    },
    async *list(Prefix, signal) {
      const pages = sdk.paginateListObjectsV2({ client }, { Bucket, Prefix }, options(signal))
      for await (const { Contents = [] } of pages) {
        for (const { Key } of Contents) if (Key !== undefined) yield Key
      }
    },
    async remove(Key, signal) {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), options(signal))
    },
    ...(place.create && { prepare: (signal) => createBucket(sdk, client, place, signal) }),
  }
}

function isAbsent(sdk: Sdk, error: unknown): boolean {
  return error instanceof sdk.NoSuchKey || error instanceof sdk.NotFound
}

async function createBucket(
  sdk: Sdk,
  client: S3Client,
  { bucket, region, create }: S3Place,
  signal: AbortSignal | undefined,
): Promise<void> {
  const elsewhere = region !== undefined && region !== 'us-east-1'
  const wanted = new sdk.CreateBucketCommand({
    Bucket: bucket,
    ...(create?.objectLocking && { ObjectLockEnabledForBucket: true }),
    ...(elsewhere && {
      CreateBucketConfiguration: { LocationConstraint: region as never },
    }),
  })
  try {
    await client.send(wanted, signal ? { abortSignal: signal } : {})
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name !== 'BucketAlreadyExists' && name !== 'BucketAlreadyOwnedByYou') throw error
  }
}
