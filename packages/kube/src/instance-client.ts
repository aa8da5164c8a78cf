import type { KubeObject } from '@argosy/engine'
import type { Client, ListQuery, Ref } from './client.ts'
import type { Resource } from './resource.ts'
import { StatusError } from './status-error.ts'

const label = 'workflows.argoproj.io/controller-instanceid'

/** What of Argo's belongs to the controller of this id; to one without an id ('') all that names none. argo: InstanceIDRequirement. */
export function instanceSelector(id: string): string {
  return id === '' ? `!${label}` : `${label}=${id}`
}

export function isOfInstance({ metadata }: KubeObject, id: string): boolean {
  return (metadata.labels?.[label] ?? '') === id
}

/**
 * A client that sees only what of Argo's belongs to one controller, and gives that one's id to what it creates; for the
 * controller without an id ('') it takes ids away. argo: util/instanceid.
 */
export function instanceClient(client: Client, id: string): Client {
  const narrowed = <Q extends Pick<ListQuery, 'resource' | 'labelSelector'>>(query: Q): Q => {
    if (!isLabelled(query.resource)) return query
    const own = instanceSelector(id)
    return { ...query, labelSelector: query.labelSelector ? `${query.labelSelector},${own}` : own }
  }
  const labelled = (resource: Resource, object: KubeObject): KubeObject =>
    !isLabelled(resource) || isOfInstance(object, id) ? object : withInstance(object, id)
  const get = async <T extends KubeObject>(ref: Ref, signal?: AbortSignal) => {
    const found = await client.get<T>(ref, signal)
    if (!found || !isLabelled(ref.resource) || isOfInstance(found, id)) return found
    const own = id === '' ? 'there is one' : `it is not "${id}"`
    const what = `'${ref.name}' is not managed by the current Argo Server: see its label controller-instanceid, ${own}`
    throw new StatusError('BadRequest', what)
  }
  const mustBeOwn = async (ref: Ref, signal?: AbortSignal) => {
    if (isLabelled(ref.resource)) await get(ref, signal)
  }
  return {
    get,
    list: (query, signal) => client.list(narrowed(query), signal),
    watch: (query, signal) => client.watch(narrowed(query), signal),
    create: (resource, object, signal) =>
      client.create(resource, labelled(resource, object), signal),
    update: (resource, object, signal) =>
      client.update(resource, labelled(resource, object), signal),
    async patch(ref, patch, signal) {
      await mustBeOwn(ref, signal)
      return client.patch(ref, patch, signal)
    },
    async remove(ref, options, signal) {
      await mustBeOwn(ref, signal)
      return client.remove(ref, options, signal)
    },
  }
}

function withInstance(object: KubeObject, id: string): KubeObject {
  const { metadata } = object
  const { [label]: _, ...others } = metadata.labels ?? {}
  const labels = id === '' ? others : { ...others, [label]: id }
  return { ...object, metadata: { ...metadata, labels } }
}

const kinds: ReadonlySet<string> = new Set([
  ...['workflows', 'workflowtemplates', 'clusterworkflowtemplates', 'cronworkflows'],
])

function isLabelled({ group, plural }: Resource): boolean {
  return group === 'argoproj.io' && kinds.has(plural)
}
