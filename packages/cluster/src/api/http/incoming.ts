import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { badRequest } from '../refusals.ts'
import { objectIn, readBody } from './body.ts'
import type { ResourceCall } from './call.ts'
import { apiVersionAt, asStored } from './versions.ts'

/** The object in a request's body, as it is stored; its type and place are those of the URL. */
export async function objectFrom(call: ResourceCall): Promise<KubeObject> {
  const body = objectIn(await readBody(call.request))
  return placed(call, body)
}

/** Checks that an object is of the kind that the URL names, and in its namespace. */
export function placed(call: ResourceCall, body: JsonObject): KubeObject {
  const { kind, target } = call
  checkType(body, kind.resource.kind, apiVersionAt(kind, target.version))
  const metadata = isObject(body['metadata']) ? body['metadata'] : {}
  const namespace = metadata['namespace']
  if (target.namespace !== undefined && namespace && namespace !== target.namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  }
  const { namespace: _, ...rest } = metadata
  const there =
    target.namespace === undefined || !kind.resource.namespaced
      ? metadata
      : { ...rest, namespace: target.namespace }
  return asStored(kind, target.version, { ...body, metadata: there } as unknown as KubeObject)
}

function checkType(body: JsonObject, kind: string, apiVersion: string): void {
  if (!body['kind']) throw badRequest(`Object 'Kind' is missing in '${excerpt(body)}'`)
  if (!body['apiVersion']) throw badRequest(`Object 'apiVersion' is missing in '${excerpt(body)}'`)
  if (body['apiVersion'] !== apiVersion) {
    throw badRequest(
      `the API version in the data (${body['apiVersion']}) does not match the expected API version (${apiVersion})`,
    )
  }
  if (body['kind'] !== kind) {
    throw badRequest(
      `${body['kind']} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${kind}: converting (${apiVersion}, Kind=${body['kind']}) to ${kind}: unknown conversion`,
    )
  }
}

function excerpt(body: JsonObject): string {
  return JSON.stringify(body).slice(0, 200)
}
