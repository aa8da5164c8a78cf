import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Resource, resources } from '@argosy/kube'
import { builtInKinds } from './kinds.table.ts'

/** How the API treats the objects of one resource. */
export interface Kind {
  readonly resource: Resource
  /** Status is written through a subresource of its own, and only there. */
  readonly hasStatus: boolean
  /** The first status of an object that has no node may say which one it is on (decision 0006). */
  readonly bindsByStatus?: true
  /** What raises metadata.generation: any change outside metadata, outside metadata and status (or of annotations), or nothing. */
  readonly generation: 'content' | 'spec' | 'spec and annotations' | 'none'
  readonly names: 'subdomain' | 'label' | 'path'
  /** A PUT has to say which version it replaces, as for every custom resource. */
  readonly needsVersion?: true
  /** A PUT of what is not there creates it. */
  readonly isMadeByUpdate?: true
  /** Field selectors beside metadata.name and metadata.namespace: where the field is, and what an absent one counts as. */
  readonly fields: Readonly<Record<string, Field>>
  /** How others call it; by default the kind in small letters, and nothing else. */
  readonly singular?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  /** Where the numbers of its scale subresource are. */
  readonly scale?: ScalePointers
  /** Versions served beside the resource's own one; they differ in nothing but their name. */
  readonly otherVersions?: readonly string[]
  /** Present for kinds that are stored as another one: where they are served, and how they read there. */
  readonly view?: View
  /** Present for kinds that a CustomResourceDefinition brought: their patches are never strategic. */
  readonly definition?: KubeObject
}

interface View {
  readonly group: string
  readonly version: string
  shown(object: KubeObject): KubeObject
  stored(object: KubeObject): KubeObject
  storedPatch(patch: JsonObject): JsonObject
}

export interface ScalePointers {
  readonly replicas: string
  readonly status: string
  /** Of a label selector object, or of its text. */
  readonly selector?: string
}

export interface Field {
  readonly pointer: string
  readonly absent?: string
}

const custom = (resource: Resource): Kind => ({
  resource,
  hasStatus: false,
  generation: resource.group === '' ? 'none' : 'content',
  names: 'subdomain',
  fields: {},
})

/** The collection's name in the store, and the resource's name in messages: `pods`, `workflows.argoproj.io`. */
export function collectionOf({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** Where a kind is served. */
export function servedAs({ resource, view }: Kind): Resource {
  return view ? { ...resource, group: view.group, version: view.version } : resource
}

/** The kinds served, open for more while running. */
export interface Registry {
  /** A resource that nobody registered is treated as a custom one without a status subresource. */
  kind(resource: Resource): Kind
  /** The kind behind an owner reference or a manifest. */
  find(apiVersion: string, kind: string): Kind | undefined
  register(kind: Kind): void
  unregister(resource: Resource): void
  /** The kind behind `pods` or `workflows.argoproj.io`, if it is served. */
  served(collection: string): Kind | undefined
  /** Counts what was registered and unregistered. */
  readonly generation: number
  /** The kind stored in a collection. */
  of(collection: string): Kind
  all(): Iterable<Kind>
}

export function registry(more: readonly Kind[] = []): Registry {
  const kinds = new Map<string, Kind>()
  let generation = 0
  const add = (kind: Kind) => {
    generation += 1
    kinds.set(collectionOf(servedAs(kind)), kind)
  }
  for (const resource of Object.values(resources)) add(custom(resource))
  for (const kind of [...builtInKinds, ...more]) add(kind)
  return {
    kind: (resource) => kinds.get(collectionOf(resource)) ?? custom(resource),
    find: (apiVersion, name) => {
      const slash = apiVersion.indexOf('/')
      const group = slash < 0 ? '' : apiVersion.slice(0, slash)
      for (const kind of kinds.values()) {
        if (kind.resource.kind === name && servedAs(kind).group === group) return kind
      }
      return undefined
    },
    register: add,
    unregister: (resource) => {
      generation += 1
      kinds.delete(collectionOf(resource))
    },
    served: (collection) => kinds.get(collection),
    get generation() {
      return generation
    },
    of: (collection) => kinds.get(collection) ?? custom(resourceOf(collection)),
    all: () => kinds.values(),
  }
}

/** A resource that is known by its objects only. */
function resourceOf(collection: string): Resource {
  const [plural = '', ...group] = collection.split('.')
  return { group: group.join('.'), version: '', kind: plural, plural, namespaced: true }
}
