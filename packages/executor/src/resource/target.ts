import type { KubeObject } from '@argosy/engine'
import type { Client, Clock, Ref, Resource } from '@argosy/kube'
import { StatusError } from '@argosy/kube'
import type { Flags } from './flags.ts'
import { kindNamed, kindOf } from './kinds.ts'
import { type Manifest, objectIn, readManifest } from './manifest.ts'

/** One call of kubectl. */
export interface Call {
  readonly client: Client
  readonly clock: Clock
  /** Of the pod: where objects are that name no namespace. */
  readonly namespace: string
  readonly manifest: Manifest
  readonly flags: Flags
  readonly signal: AbortSignal
}

/** Which object of which kind; `object` is the manifest that says so. */
export interface Target {
  readonly ref: Ref
  readonly object?: KubeObject
}

/** The objects that a call is about. */
export async function targets(call: Call): Promise<readonly Target[]> {
  if (call.flags.words.length > 0) return fromWords(call)
  return [await fromManifest(call)]
}

/** The object of the manifest. */
export async function fromManifest(call: Call): Promise<Target & { readonly object: KubeObject }> {
  const { manifest, client } = call
  if (readManifest(manifest) === undefined) throw new Error('error: no objects passed')
  const object = objectIn(manifest)
  const { apiVersion, kind, metadata } = object
  const resource = await kindOf(apiVersion, kind, client)
  if (!resource) throw noSuchKind(object, manifest.path)
  const wanted = call.flags.values.get('namespace')
  if (wanted !== undefined && metadata.namespace && metadata.namespace !== wanted) {
    throw new Error(
      `error: the namespace from the provided object "${metadata.namespace}" does not match the namespace "${wanted}". You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
    )
  }
  const place = resource.namespaced
    ? { namespace: metadata.namespace ?? wanted ?? call.namespace }
    : {}
  const ref = { resource, ...place, name: metadata.name ?? '' }
  return { ref, object: { ...object, metadata: { ...metadata, ...place } } }
}

function noSuchKind({ apiVersion, kind, metadata }: KubeObject, path: string): Error {
  const { name = '', namespace = '' } = metadata
  return new Error(
    `error: resource mapping not found for name: "${name}" namespace: "${namespace}" from "${path}": ` +
      `no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
  )
}

/** `TYPE NAME…`, `TYPE/NAME…`, or a type and a selector. */
async function fromWords(call: Call): Promise<readonly Target[]> {
  const { words, values } = call.flags
  if (words.every((word) => word.includes('/'))) {
    const pairs = words.map((word) => word.split('/'))
    return Promise.all(pairs.map(([kind = '', name = '']) => oneOf(kind, name, call)))
  }
  const [kind = '', ...names] = words
  if (names.length > 0) return Promise.all(names.map((name) => oneOf(kind, name, call)))
  const labelSelector = values.get('selector')
  const fieldSelector = values.get('field-selector')
  const selects = labelSelector !== undefined || fieldSelector !== undefined || values.has('all')
  if (!selects) throw new Error('error: resource(s) were provided, but no name was specified')
  const resource = await named(kind, call)
  const place = placeOf(resource, call)
  const { items } = await call.client.list<KubeObject>({
    resource,
    ...place,
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  })
  return items.map(({ metadata }) => ({
    ref: { resource, ...place, name: metadata.name ?? '' },
  }))
}

async function oneOf(kind: string, name: string, call: Call): Promise<Target> {
  const resource = await named(kind, call)
  return { ref: { resource, ...placeOf(resource, call), name } }
}

async function named(kind: string, { client }: Call): Promise<Resource> {
  const resource = await kindNamed(kind, client)
  if (resource) return resource
  throw new Error(`error: the server doesn't have a resource type "${kind}"`)
}

function placeOf(resource: Resource, { flags, namespace }: Call): { readonly namespace?: string } {
  return resource.namespaced ? { namespace: flags.values.get('namespace') ?? namespace } : {}
}

/** The object as it is; throws `NotFound` in Kubernetes' words. */
export async function fetched({ ref }: Target, { client, signal }: Call): Promise<KubeObject> {
  const object = await client.get<KubeObject>(ref, signal)
  if (object) return object
  throw notFound(ref)
}

export function notFound({ resource: { plural, group }, name }: Ref): StatusError {
  const what = group === '' ? plural : `${plural}.${group}`
  return new StatusError('NotFound', `${what} "${name}" not found`)
}
