import { createHash } from 'node:crypto'
import type { JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { type Secrets, secretBytes, secretText } from './secrets.ts'
import { isOn, neededText, objectOf, textOf } from './settings.ts'

/** An `s3` location as it was understood: nothing is left to look up. */
export interface S3Place {
  readonly bucket: string
  /** Undefined: Amazon's own. */
  readonly endpoint: string | undefined
  readonly region: string | undefined
  readonly pathStyle: boolean
  readonly ca: string | undefined
  readonly credentials: S3Credentials
  readonly create: { readonly objectLocking: boolean } | undefined
  /** What goes with every upload. */
  readonly encryption: Readonly<Record<string, string>>
  /** What goes with uploads and downloads alike: a key that the server does not keep. */
  readonly customerKey: Readonly<Record<string, string>>
}

export type S3Credentials =
  | {
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly sessionToken?: string
    }
  | { readonly roleArn: string }
  /** The chain of the SDK: environment, profile, web identity, the machine's own role. */
  | 'sdk'

/** `given` are the credentials of who does not look for them as S3's clients do. */
export async function s3Place(
  place: JsonObject,
  secrets: Secrets,
  given?: S3Credentials,
): Promise<S3Place> {
  const named = neededText(place, 'endpoint', 's3')
  const amazon = /^(?:.*\.)?s3(?:[.-]([a-z0-9-]+))?\.amazonaws\.com(?:\.cn)?$/.exec(named)
  const scheme = isOn(place, 'insecure') ? 'http' : 'https'
  const style = textOf(place, 'addressingStyle') ?? 'auto'
  if (!['auto', 'path', 'virtual-hosted'].includes(style)) {
    throw new StatusError(
      'Invalid',
      `s3.addressingStyle: expected auto, path or virtual-hosted, not ${style}`,
    )
  }
  const create = place['createBucketIfNotPresent']
  return {
    bucket: neededText(place, 'bucket', 's3'),
    endpoint: amazon ? undefined : `${scheme}://${named}`,
    region: textOf(place, 'region') ?? amazon?.[1],
    pathStyle: style === 'path' || (style === 'auto' && !isVirtualHosted(named)),
    ca: await secretText(secrets, place['caSecret'], 's3.caSecret'),
    credentials: given ?? (await credentialsOf(place, secrets)),
    create: create ? { objectLocking: isOn(objectOf(create), 'objectLocking') } : undefined,
    ...(await encryptionOf(place, secrets)),
  }
}

// argo: minio's automatic choice.
function isVirtualHosted(endpoint: string): boolean {
  return /\.amazonaws\.com(?:\.cn)?$|\.googleapis\.com$|\.aliyuncs\.com$/.test(endpoint)
}

// argo: the order of the s3 client. Without anything it asks the machine's role; the SDK's chain does that last.
async function credentialsOf(place: JsonObject, secrets: Secrets): Promise<S3Credentials> {
  const accessKeyId = await secretText(secrets, place['accessKeySecret'], 's3.accessKeySecret')
  const secretAccessKey = await secretText(secrets, place['secretKeySecret'], 's3.secretKeySecret')
  const token = await secretText(secrets, place['sessionTokenSecret'], 's3.sessionTokenSecret')
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, ...(token !== undefined && { sessionToken: token }) }
  }
  if (accessKeyId !== undefined || secretAccessKey !== undefined) {
    throw new StatusError('Invalid', 's3: accessKeySecret and secretKeySecret go together')
  }
  const roleArn = textOf(place, 'roleARN')
  return roleArn === undefined ? 'sdk' : { roleArn }
}

async function encryptionOf(
  place: JsonObject,
  secrets: Secrets,
): Promise<Pick<S3Place, 'encryption' | 'customerKey'>> {
  const options = objectOf(place['encryptionOptions'])
  if (!isOn(options, 'enableEncryption')) return { encryption: {}, customerKey: {} }
  const field = 's3.encryptionOptions.serverSideCustomerKeySecret'
  const key = await secretBytes(secrets, options['serverSideCustomerKeySecret'], field)
  const kms = textOf(options, 'kmsKeyId')
  if (key && kms) {
    const words = `${field} and kmsKeyId exclude each other`
    throw new StatusError('Invalid', words)
  }
  if (key && isOn(place, 'insecure')) {
    throw new StatusError('Invalid', `${field} needs TLS: s3.insecure must be off`)
  }
  if (key) return { encryption: {}, customerKey: customerKeyOf(key) }
  if (kms)
    return { encryption: kmsOf(kms, textOf(options, 'kmsEncryptionContext')), customerKey: {} }
  return { encryption: { ServerSideEncryption: 'AES256' }, customerKey: {} }
}

function customerKeyOf(key: Buffer): S3Place['customerKey'] {
  return {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  }
}

function kmsOf(keyId: string, context: string | undefined): S3Place['encryption'] {
  return {
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: keyId,
    ...(context && { SSEKMSEncryptionContext: Buffer.from(context).toString('base64') }),
  }
}
