import type { JsonObject } from '@argosy/engine'
import type { Driver } from './driver.ts'
import { objectDriver } from './object-driver.ts'
import { s3Opener } from './s3.ts'
import type { Secrets } from './secrets.ts'
import { neededText, objectOf, refuseFields } from './settings.ts'

/** Alibaba's OSS, through the S3 dialect that it speaks beside its own. */
export function ossDriver(secrets: Secrets): Driver {
  const open = s3Opener(secrets)
  return objectDriver('oss', async ({ oss }) => open(asS3(objectOf(oss))))
}

/** The same place in the words of S3. */
export function asS3(oss: JsonObject): JsonObject {
  refuseFields(oss, 'oss', {
    lifecycleRule: 'objects do not change their class or go by themselves',
    securityToken: 'use keys that last',
    useSDKCreds: 'name accessKeySecret and secretKeySecret',
  })
  const { endpoint: _, key: __, createBucketIfNotPresent: create, ...rest } = oss
  const [, scheme = 'https://', host = ''] =
    /^(https?:\/\/)?([^/]*)\/*$/.exec(neededText(oss, 'endpoint', 'oss')) ?? []
  const region = /^(?:s3\.)?oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host)?.[1]
  return {
    ...rest,
    endpoint: host,
    insecure: scheme === 'http://',
    ...(region !== undefined && { region }),
    ...(create === true && { createBucketIfNotPresent: {} }),
  }
}
