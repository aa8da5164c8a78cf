import type { JsonObject } from '@argosy/engine'
import { apiVersionOf } from '@argosy/kube'
import { schemaOf } from '../definitions/definition.ts'
import type { Kind } from '../kinds.ts'
import { type ManagedWrite, updateManaged } from '../parts/apply/apply.ts'
import { builtInShape } from '../parts/apply/built-in-shape.ts'
import { customShape } from '../parts/apply/custom-shape.ts'
import type { Shape } from '../parts/apply/shape.ts'
import { rfc3339 } from '../time.ts'
import type { ResourceCall } from './call.ts'

/** Who a request writes as: what it says, or the program that sent it. */
function managerOf({ query, request }: ResourceCall): string {
  const said = query.get('fieldManager')
  if (said) return said.slice(0, 128)
  const [agent = ''] = (request.headers['user-agent'] ?? '').split('/')
  return agent === '' ? 'unknown' : agent.slice(0, 128)
}

/** What the keeping of managedFields has to know of a request. */
export function managedWrite(call: ResourceCall, now: number): ManagedWrite {
  const { kind, target } = call
  const { subresource } = target
  return {
    manager: managerOf(call),
    apiVersion: apiVersionOf({ ...kind.resource, version: target.version }),
    shape: shapeOf(kind),
    now: rfc3339(now),
    hasStatus: kind.hasStatus,
    ...(subresource !== undefined && { subresource }),
  }
}

/** An object that was written, with managedFields telling who wrote what. */
export function recorded(
  call: ResourceCall,
  object: JsonObject,
  { live, now }: { readonly live: JsonObject | undefined; readonly now: number },
): JsonObject {
  return updateManaged({ ...managedWrite(call, now), live, object })
}

/** An object without the times at which its managers wrote. */
export function untimed(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject
  const entries = metadata['managedFields']
  if (!Array.isArray(entries)) return object
  const managedFields = (entries as readonly JsonObject[]).map(({ time: _, ...entry }) => entry)
  return { ...object, metadata: { ...metadata, managedFields } }
}

const shapes = new WeakMap<Kind, Shape>()

function shapeOf(kind: Kind): Shape {
  const known = shapes.get(kind)
  if (known) return known
  const { resource, definition } = kind
  const builtIn = definition ? undefined : builtInShape(apiVersionOf(resource), resource.kind)
  const shape = builtIn ?? customShape(schemaOf(kind, resource.version))
  shapes.set(kind, shape)
  return shape
}
