import type { KubeObject } from '@argosy/engine'
import type { Client, Resource, WatchEvent, WatchQuery } from '@argosy/kube'
import { allow } from './allow.ts'
import type { Authorize, Identity } from './identity.ts'

interface Place {
  readonly resource: Resource
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

/** Throws `Forbidden` unless its owner may do this. */
export type May = (verb: string, place: Place) => Promise<void>

export function mayAs(identity: Identity, authorize: Authorize): May {
  return (verb, { resource, subresource, namespace, name }) =>
    allow(authorize, {
      identity,
      verb,
      group: resource.group,
      version: resource.version,
      resource: resource.plural,
      ...(subresource && { subresource }),
      ...(namespace && { namespace }),
      ...(name && { name }),
    })
}

/** A client that does only what its owner may do, and throws `Forbidden` for the rest. */
export function clientAs(client: Client, may: May): Client {
  return {
    async get(ref, signal) {
      await may('get', ref)
      return client.get(ref, signal)
    },
    async list(query, signal) {
      await may('list', query)
      return client.list(query, signal)
    },
    async *watch<T extends KubeObject>(
      query: WatchQuery,
      signal: AbortSignal,
    ): AsyncGenerator<readonly WatchEvent<T>[]> {
      await may('watch', query)
      yield* client.watch<T>(query, signal)
    },
    async create(resource, object, signal) {
      const { namespace } = object.metadata
      await may('create', { resource, ...(namespace && { namespace }) })
      return client.create(resource, object, signal)
    },
    async update(resource, object, signal) {
      await may('update', placeOf(resource, object))
      return client.update(resource, object, signal)
    },
    async patch(ref, patch, signal) {
      await may('patch', ref)
      return client.patch(ref, patch, signal)
    },
    async remove(ref, options, signal) {
      await may('delete', ref)
      return client.remove(ref, options, signal)
    },
  }
}

function placeOf(resource: Resource, { metadata }: KubeObject): Place {
  const { namespace, name } = metadata
  return { resource, ...(namespace && { namespace }), ...(name && { name }) }
}
