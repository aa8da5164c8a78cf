import { createHash, createPrivateKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { KubeObject } from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'

const [secretName, keyName] = ['sso', 'cookieEncryptionPrivateKey']
const resource = resources.secrets

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/**
 * The key of all sessions: upstream's, from the same secret, which is made when it is not there. Who moves over stays
 * logged in, and whoever deletes the secret logs everybody out.
 */
export async function sessionKey(client: Client, namespace: string): Promise<Uint8Array> {
  const place = { resource, namespace, name: secretName }
  let secret = await client.get<Secret>(place)
  if (!secret) {
    await client.create(resource, await fresh(namespace)).catch(ignore('AlreadyExists'))
    secret = await client.get<Secret>(place)
  }
  const der = Buffer.from(secret?.data?.[keyName] ?? '', 'base64')
  if (!isPrivateKey(der)) {
    throw new Error(
      `secret ${secretName} has no private key in ${keyName}: delete it, and log in again`,
    )
  }
  return createHash('sha256').update(der).digest()
}

async function fresh(namespace: string): Promise<Secret> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const der = privateKey.export({ type: 'pkcs1', format: 'der' })
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace },
    data: { [keyName]: der.toString('base64') },
  }
}

function isPrivateKey(der: Buffer): boolean {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }).type === 'private'
  } catch {
    return false
  }
}
