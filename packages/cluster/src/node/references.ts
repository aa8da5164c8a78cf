import type { KubeObject } from '@argosy/engine'
import { type Client, type Resource, resources } from '@argosy/kube'
import { Refusal } from './refusal.ts'

/** The keys of a ConfigMap or Secret, as bytes. */
export type Keys = ReadonlyMap<string, Buffer>

/** The ConfigMaps and Secrets of one namespace, each read once. */
export interface References {
  /** Undefined when it does not exist. */
  configMap(name: string): Promise<Keys | undefined>
  secret(name: string): Promise<Keys | undefined>
}

interface Data extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly binaryData?: Readonly<Record<string, string>>
}

export function readReferences(client: Client, namespace: string): References {
  const read = new Map<string, Promise<Keys | undefined>>()
  const once = (resource: Resource, name: string, decode: (object: Data) => Keys) => {
    const id = `${resource.plural}/${name}`
    const found =
      read.get(id) ??
      client
        .get<Data>({ resource, namespace, name })
        .then((object) => (object ? decode(object) : undefined))
    read.set(id, found)
    return found
  }
  return {
    configMap: (name) => once(resources.configMaps, name, configMapKeys),
    secret: (name) => once(resources.secrets, name, secretKeys),
  }
}

function configMapKeys({ data, binaryData }: Data): Keys {
  return new Map([...decoded(data, 'utf8'), ...decoded(binaryData, 'base64')])
}

function secretKeys({ data }: Data): Keys {
  return new Map(decoded(data, 'base64'))
}

function decoded(data: Data['data'], encoding: BufferEncoding): [string, Buffer][] {
  return Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)])
}

export type ReferenceKind = 'configMap' | 'secret'

/** All keys; undefined when absent and `optional`. Throws the kubelet's `Refusal` when absent. */
export async function requiredKeys(
  references: References,
  kind: ReferenceKind,
  { name, optional }: { readonly name: string; readonly optional?: boolean | undefined },
): Promise<Keys | undefined> {
  const keys = await references[kind](name)
  if (keys || optional) return keys
  throw new Refusal('CreateContainerConfigError', `${kind.toLowerCase()} "${name}" not found`)
}
