import type { KubeObject } from '@argosy/engine'
import { type Client, type ListQuery, type Ref, type Resource, StatusError } from '@argosy/kube'

const label = 'workflows.argoproj.io/controller-instanceid'

/** A client that sees only what of Argo's has the id of one controller, and gives it to what it creates. argo: util/instanceid. */
export function instanceClient(client: Client, id: string): Client {
  const narrowed = <Q extends Pick<ListQuery, 'resource' | 'labelSelector'>>(query: Q): Q => {
    if (!isLabelled(query.resource)) return query
    const own = `${label}=${id}`
    return { ...query, labelSelector: query.labelSelector ? `${query.labelSelector},${own}` : own }
  }
  const labelled = (resource: Resource, object: KubeObject): KubeObject => {
    if (!isLabelled(resource)) return object
    const { metadata } = object
    return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [label]: id } } }
  }
  const get = async <T extends KubeObject>(ref: Ref, signal?: AbortSignal) => {
    const found = await client.get<T>(ref, signal)
    if (!found || !isLabelled(ref.resource) || found.metadata.labels?.[label] === id) return found
    const what = `'${ref.name}' is not managed by the controller with the instance id ${id}`
    throw new StatusError('Forbidden', what)
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

const kinds: ReadonlySet<string> = new Set([
  ...['workflows', 'workflowtemplates', 'clusterworkflowtemplates', 'cronworkflows'],
])

function isLabelled({ group, plural }: Resource): boolean {
  return group === 'argoproj.io' && kinds.has(plural)
}
