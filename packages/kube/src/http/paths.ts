import type { ListQuery, Ref } from '../client.ts'
import type { Resource } from '../resource.ts'

/** Where a resource is served; of all namespaces without one. */
export function collectionPath(
  { group, version, plural, namespaced }: Resource,
  namespace: string | undefined,
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const inNamespace = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${inNamespace}/${plural}`
}

export function objectPath({ resource, namespace, name }: Ref, subresource?: string): string {
  // Without a name the address is the collection's, and a deletion would take everything.
  if (name === '') throw new TypeError(`a ${resource.kind} without a name has no address`)
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`
  return subresource === undefined ? path : `${path}/${subresource}`
}

/** A query's own parameters and more; what is undefined is left out. */
export function withQuery(
  path: string,
  query: Partial<Pick<ListQuery, 'labelSelector' | 'fieldSelector' | 'limit' | 'continue'>>,
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const parameters = new URLSearchParams()
  const { labelSelector, fieldSelector, limit } = query
  const all = { labelSelector, fieldSelector, limit: limit && String(limit), ...more }
  for (const [name, value] of Object.entries({ ...all, continue: query.continue })) {
    if (value !== undefined && value !== '' && value !== 0) parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}
