import { type Resource, resources } from '@argosy/kube'

/** How the API treats the objects of one resource. */
export interface Kind {
  readonly resource: Resource
  /** Status is written through a subresource of its own, and only there. */
  readonly hasStatus: boolean
  /** What raises metadata.generation: any change outside metadata, outside metadata and status, or nothing. */
  readonly generation: 'content' | 'spec' | 'none'
  readonly names: 'subdomain' | 'label' | 'path'
  /** Field selectors beside metadata.name and metadata.namespace: where the field is, and what an absent one counts as. */
  readonly fields: Readonly<Record<string, Field>>
}

interface Field {
  readonly pointer: string
  readonly absent?: string
}

const field = (name: string, absent?: string): Record<string, Field> => {
  const pointer = `/${name.replaceAll('.', '/')}`
  return { [name]: absent === undefined ? { pointer } : { pointer, absent } }
}

const custom = (resource: Resource): Kind => ({
  resource,
  hasStatus: false,
  generation: resource.group === '' ? 'none' : 'content',
  names: 'subdomain',
  fields: {},
})

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']

const known: readonly Kind[] = [
  {
    ...custom(resources.pods),
    hasStatus: true,
    generation: 'spec',
    fields: {
      ...field('spec.nodeName'),
      ...field('spec.restartPolicy', 'Always'),
      ...field('spec.schedulerName', 'default-scheduler'),
      ...field('spec.serviceAccountName'),
      ...field('spec.hostNetwork', 'false'),
      ...field('status.phase'),
      ...field('status.podIP'),
      ...field('status.nominatedNodeName'),
    },
  },
  {
    ...custom(resources.events),
    fields: {
      ...Object.assign({}, ...involved.map((name) => field(`involvedObject.${name}`))),
      ...field('reason'),
      ...field('reportingComponent'),
      ...field('type'),
      source: { pointer: '/source/component' },
    },
  },
  { ...custom(resources.secrets), fields: field('type') },
  {
    ...custom(resources.namespaces),
    hasStatus: true,
    names: 'label',
    fields: field('status.phase'),
  },
  { ...custom(resources.nodes), hasStatus: true, fields: field('spec.unschedulable', 'false') },
  { ...custom(resources.persistentVolumeClaims), hasStatus: true },
]

/** The collection's name in the store, and the resource's name in messages: `pods`, `workflows.argoproj.io`. */
export function collectionOf({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** The kinds served, open for more while running. */
export interface Registry {
  /** A resource that nobody registered is treated as a custom one without a status subresource. */
  kind(resource: Resource): Kind
  /** The kind behind an owner reference or a manifest. */
  find(apiVersion: string, kind: string): Kind | undefined
  register(kind: Kind): void
  /** The kind stored in a collection. */
  of(collection: string): Kind
  all(): Iterable<Kind>
}

export function registry(more: readonly Kind[] = []): Registry {
  const kinds = new Map<string, Kind>()
  const add = (kind: Kind) => kinds.set(collectionOf(kind.resource), kind)
  for (const resource of Object.values(resources)) add(custom(resource))
  for (const kind of [...known, ...more]) add(kind)
  return {
    kind: (resource) => kinds.get(collectionOf(resource)) ?? custom(resource),
    find: (apiVersion, name) => {
      const slash = apiVersion.indexOf('/')
      const group = slash < 0 ? '' : apiVersion.slice(0, slash)
      for (const kind of kinds.values()) {
        if (kind.resource.kind === name && kind.resource.group === group) return kind
      }
      return undefined
    },
    register: add,
    of: (collection) => kinds.get(collection) ?? custom(resourceOf(collection)),
    all: () => kinds.values(),
  }
}

/** A resource that is known by its objects only. */
function resourceOf(collection: string): Resource {
  const [plural = '', ...group] = collection.split('.')
  return { group: group.join('.'), version: '', kind: plural, plural, namespaced: true }
}
