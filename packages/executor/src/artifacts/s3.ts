import type { LookupFunction } from 'node:net'
import type { JsonObject } from '@argosy/engine'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { Driver } from './driver.ts'
import type { Reach } from './http-auth.ts'
import { objectDriver } from './object-driver.ts'
import type { ObjectStore } from './object-store.ts'
import { type S3Credentials, type S3Place, s3Place } from './s3-place.ts'
import { s3Store } from './s3-store.ts'
import { objectOf } from './settings.ts'

/** Artifacts in S3 and in whatever speaks like it. The SDK is loaded with the first artifact. */
export function s3Driver(reach: Reach): Driver {
  const open = s3Opener(reach)
  return objectDriver('s3', ({ s3 }) => open(objectOf(s3)))
}

/** Opens buckets; connections of one place are shared. */
export function s3Opener({
  secrets,
  lookup,
}: Reach): (place: JsonObject, credentials?: S3Credentials) => Promise<ObjectStore> {
  const clients = new Map<string, S3Client>()
  return async (settings, given) => {
    const place = await s3Place(settings, secrets, given)
    const sdk = await import('@aws-sdk/client-s3')
    const { endpoint, region, credentials, pathStyle, ca } = place
    const id = JSON.stringify([endpoint, region, credentials, pathStyle, ca])
    const client = clients.get(id) ?? new sdk.S3Client(await configOf(place, lookup))
    clients.set(id, client)
    return s3Store(sdk, client, place)
  }
}

async function configOf(
  place: S3Place,
  lookup: LookupFunction | undefined,
): Promise<S3ClientConfig> {
  const { endpoint, region, pathStyle, ca } = place
  const credentials = await credentialsOf(place)
  return {
    ...(endpoint !== undefined && { endpoint }),
    region: region ?? 'us-east-1',
    // Amazon says where a bucket is; nobody else has regions that matter.
    followRegionRedirects: endpoint === undefined,
    forcePathStyle: pathStyle,
    maxAttempts: 5,
    // Checksums in trailers are Amazon's; many of the others store them as part of the object.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(credentials && { credentials }),
    requestHandler: {
      httpAgent: { ...(lookup && { lookup }) },
      httpsAgent: { ...(lookup && { lookup }), ...(ca !== undefined && { ca }) },
    },
  }
}

async function credentialsOf({ credentials, region }: S3Place) {
  if (credentials === 'sdk') return undefined
  if (!('roleArn' in credentials)) return credentials
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers')
  return fromTemporaryCredentials({
    params: { RoleArn: credentials.roleArn, RoleSessionName: 'argosy' },
    ...(region !== undefined && { clientConfig: { region } }),
  })
}
