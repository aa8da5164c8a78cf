import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import type { Client, Resource } from '@argosy/kube'
import { type KnownKind, knownKinds } from './known-kinds.table.ts'

/** The kind of a manifest: one that is known anyway, or that a CustomResourceDefinition describes. */
export async function kindOf(
  apiVersion: string,
  kind: string,
  client: Client,
): Promise<Resource | undefined> {
  const slash = apiVersion.indexOf('/')
  const [group, version] =
    slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
  const fits = ({ resource }: KnownKind) => resource.kind === kind && resource.group === group
  const found = knownKinds.find(fits) ?? (await customKinds(client)).find(fits)
  return found && { ...found.resource, version }
}

/** The kind that a user names as kubectl lets him: `pod`, `pods`, `po`, `workflows.argoproj.io`, `Job`. */
export async function kindNamed(name: string, client: Client): Promise<Resource | undefined> {
  const [plain = '', ...rest] = name.toLowerCase().split('.')
  const fits = ({ resource: { kind, plural, group, version }, shortNames }: KnownKind) => {
    const named = [plural, kind.toLowerCase(), ...shortNames].includes(plain)
    const place = rest.join('.')
    return named && ['', group, `${version}.${group}`, `${version}.`].includes(place)
  }
  return (knownKinds.find(fits) ?? (await customKinds(client)).find(fits))?.resource
}

const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

async function customKinds(client: Client): Promise<readonly KnownKind[]> {
  const { items } = await client.list<KubeObject & { readonly spec?: JsonObject }>({
    resource: definitions,
  })
  return items.flatMap(({ spec }) => (spec ? [customKind(spec)] : []))
}

function customKind(spec: JsonObject): KnownKind {
  const names = isObject(spec['names']) ? spec['names'] : {}
  const versions = Array.isArray(spec['versions']) ? spec['versions'] : []
  const shortNames = names['shortNames']
  return {
    resource: {
      group: String(spec['group'] ?? ''),
      version: String(versions.find(isObject)?.['name'] ?? ''),
      kind: String(names['kind'] ?? ''),
      plural: String(names['plural'] ?? ''),
      namespaced: spec['scope'] !== 'Cluster',
    },
    shortNames: Array.isArray(shortNames) ? shortNames.map(String) : [],
  }
}
