import type { JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { Driver } from './driver.ts'
import type { Reach } from './http-auth.ts'
import { objectDriver } from './object-driver.ts'
import { s3Opener } from './s3.ts'
import type { S3Credentials } from './s3-place.ts'
import { type Secrets, secretText } from './secrets.ts'
import { isOn, neededText, objectOf, refuseFields, textOf } from './settings.ts'

/** Alibaba's OSS, through the S3 dialect that it speaks beside its own. */
export function ossDriver(reach: Reach, env: Env = process.env): Driver {
  const open = s3Opener(reach)
  return objectDriver('oss', async ({ oss }) => {
    const place = objectOf(oss)
    return open(asS3(place), await credentialsOf(place, reach.secrets, env))
  })
}

type Env = Readonly<Record<string, string | undefined>>

async function credentialsOf(
  place: JsonObject,
  secrets: Secrets,
  env: Env,
): Promise<S3Credentials> {
  if (isOn(place, 'useSDKCreds')) return credentialsIn(env)
  const read = (field: string) => secretText(secrets, place[field], `oss.${field}`)
  const id = await read('accessKeySecret')
  const secret = await read('secretKeySecret')
  if (id !== undefined && secret !== undefined)
    return keys(id, secret, textOf(place, 'securityToken'))
  const words = 'oss.accessKeySecret and oss.secretKeySecret are needed, or oss.useSDKCreds'
  throw new StatusError('Invalid', words)
}

/** What Alibaba's programs read first. */
function credentialsIn(env: Env): S3Credentials {
  const names = ['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'SECURITY_TOKEN']
  const [id, secret, token] = names.map((name) => env[`ALIBABA_CLOUD_${name}`])
  if (id && secret) return keys(id, secret, token)
  const words =
    'oss.useSDKCreds: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set (nothing else is looked into: no profile, no OIDC, no role of a machine)'
  throw new StatusError('BadRequest', words)
}

function keys(id: string, secret: string, token: string | undefined): S3Credentials {
  return { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) }
}

/** The same place in the words of S3. */
export function asS3(oss: JsonObject): JsonObject {
  refuseFields(oss, 'oss', {
    lifecycleRule: 'objects do not change their class or go by themselves',
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
