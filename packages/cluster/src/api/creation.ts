import type { Json, JsonObject, KubeObject } from '@argosy/engine'
import { apiVersionOf, resources } from '@argosy/kube'
import type { Key, ObjectVersion } from '../store/object-version.ts'
import { firstStatus } from './first-status.table.ts'
import { collectionOf, type Kind } from './kinds.ts'
import { checkLabels, checkName, generatedName } from './names.ts'
import { flawOf } from './parts/schema/flaw.ts'
import { badRequest, forbidden, invalid, notFound } from './refusals.ts'
import { rfc3339 } from './time.ts'

/** What creation takes from the world. */
export interface Surroundings {
  readonly now: number
  readonly random: () => number
  readonly uid: () => string
  readonly namespace: (name: string) => ObjectVersion | undefined
}

export interface Admitted {
  readonly key: Key
  readonly admitted: KubeObject
}

/** Completes a new object with what the server fills in, or throws what is wrong with it. */
export function admitNew(kind: Kind, object: KubeObject, world: Surroundings): Admitted {
  checkType(kind, object)
  const { metadata } = object
  if (metadata.resourceVersion) {
    throw badRequest('resourceVersion should not be set on objects to be created')
  }
  const name = metadata.name || nameFor(metadata.generateName, world)
  const namespace = metadata.namespace ?? ''
  checkName(kind, name)
  checkNamespace(kind, { namespace, name }, world)
  checkLabels(kind, metadata)
  const completed = completeMetadata(kind, metadata as JsonObject, { name, namespace }, world)
  return {
    key: { collection: collectionOf(kind.resource), namespace, name },
    admitted: withContent(kind, object, completed),
  }
}

interface Place {
  readonly namespace: string
  readonly name: string
}

function checkType(kind: Kind, object: KubeObject): void {
  const wanted = apiVersionOf(kind.resource)
  if (object.apiVersion !== wanted) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${wanted})`,
    )
  }
  if (object.kind !== kind.resource.kind) {
    throw badRequest(
      `the kind in the data (${object.kind}) does not match the expected kind (${kind.resource.kind})`,
    )
  }
}

function nameFor(base: string | undefined, world: Surroundings): string {
  return base ? generatedName(base, world.random) : ''
}

function checkNamespace({ resource }: Kind, { namespace, name }: Place, world: Surroundings): void {
  if (!resource.namespaced) {
    if (namespace === '') return
    const why = 'not allowed on this type'
    throw invalid(resource, name, [flawOf.forbidden('metadata.namespace', why)])
  }
  if (namespace === '') throw badRequest('an empty namespace may not be set during creation')
  const found = world.namespace(namespace)
  if (!found) throw notFound(resources.namespaces, namespace)
  if (found.metadata.deletionTimestamp === undefined) return
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  throw forbidden(resource, name, why)
}

function completeMetadata(
  kind: Kind,
  given: JsonObject,
  place: Place,
  world: Surroundings,
): JsonObject {
  const metadata: Record<string, Json | undefined> = { ...given, name: place.name }
  if (place.namespace !== '') metadata['namespace'] = place.namespace
  for (const name of [
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'generation',
  ]) {
    delete metadata[name]
  }
  metadata['uid'] = world.uid()
  metadata['creationTimestamp'] = rfc3339(world.now)
  if (kind.generation !== 'none') metadata['generation'] = 1
  return metadata
}

function withContent(kind: Kind, object: KubeObject, metadata: JsonObject): KubeObject {
  const { resource } = kind
  const admitted: Record<string, Json | undefined> = {
    ...(object as unknown as JsonObject),
    metadata,
  }
  if (kind.hasStatus) delete admitted['status']
  const status = firstStatus(resource)
  if (status !== undefined) admitted['status'] = status
  if (resource.group === '' && resource.kind === 'Namespace') {
    const labels = {
      ...(metadata['labels'] as JsonObject),
      'kubernetes.io/metadata.name': metadata['name'],
    }
    admitted['metadata'] = { ...metadata, labels }
    admitted['spec'] = { ...(admitted['spec'] as JsonObject), finalizers: ['kubernetes'] }
  }
  return admitted as unknown as KubeObject
}
