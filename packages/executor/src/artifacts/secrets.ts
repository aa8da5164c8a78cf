import { isObject, type Json, type KubeObject } from '@argosy/engine'
import { type Client, resources, StatusError } from '@argosy/kube'

/** The keys of Secrets, by name and key; undefined when there is none. */
export type Secrets = (name: string, key: string) => Promise<Buffer | undefined>

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** Secrets are read when they are used, from the namespace of the workflow. */
export function secretsIn(client: Client, namespace: string): Secrets {
  return async (name, key) => {
    const secret = await client.get<Secret>({ resource: resources.secrets, namespace, name })
    const value = secret?.data?.[key]
    return value === undefined ? undefined : Buffer.from(value, 'base64')
  }
}

/** The text that a selector (`name`, `key`) of a location chooses; undefined when the location has no such selector. */
export async function secretText(
  secrets: Secrets,
  selector: Json | undefined,
  field: string,
): Promise<string | undefined> {
  return (await secretBytes(secrets, selector, field))?.toString('utf8')
}

export async function secretBytes(
  secrets: Secrets,
  selector: Json | undefined,
  field: string,
): Promise<Buffer | undefined> {
  if (!isObject(selector)) return undefined
  const { name, key, optional } = selector
  if (typeof name !== 'string' || name === '') return undefined
  if (typeof key !== 'string' || key === '') {
    throw new StatusError('Invalid', `${field}: the key of secret "${name}" is missing`)
  }
  const bytes = await secrets(name, key)
  if (bytes || optional === true) return bytes
  throw new StatusError('BadRequest', `${field}: secret "${name}" with key "${key}" not found`)
}
