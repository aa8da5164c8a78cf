import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { duplicateFields } from '../parts/strict/duplicate-fields.ts'
import { badRequest } from '../refusals.ts'
import { type Body, objectIn, readBody } from './body.ts'
import type { ResourceCall } from './call.ts'
import { apiVersionAt, asStored } from './versions.ts'

/** What came in a request. */
export interface Incoming {
  readonly object: KubeObject
  /** Members that its text gives twice. */
  readonly duplicates: readonly string[]
}

/** The object in a request's body, as it is stored; its type and place are those of the URL. */
export async function objectFrom(call: ResourceCall): Promise<Incoming> {
  const body = await readBody(call.request)
  const value = objectIn(body)
  return { object: placed(call, value), duplicates: duplicatesIn(body, value) }
}

/** YAML is refused with them, and protobuf has none. */
function duplicatesIn({ type, bytes }: Body, value: JsonObject): readonly string[] {
  const isJson = type === '' || type === 'application/json' || type === '*/*'
  return isJson ? duplicateFields(bytes.toString('utf8'), value) : []
}

/** Checks that an object is of the kind that the URL names, and in its namespace. */
export function placed(call: ResourceCall, body: JsonObject): KubeObject {
  const { kind, target } = call
  const apiVersion = apiVersionAt(kind, target.version)
  const typed = kind.definition ? body : typedAs(body, kind.resource.kind, apiVersion)
  checkType(typed, kind.resource.kind, apiVersion)
  const metadata = isObject(typed['metadata']) ? typed['metadata'] : {}
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
  return asStored(kind, target.version, { ...typed, metadata: there } as unknown as KubeObject)
}

/** Clients that have a class for each built-in kind leave its type out: the URL tells it. */
function typedAs(body: JsonObject, kind: string, apiVersion: string): JsonObject {
  if (body['kind'] && body['apiVersion']) return body
  return { ...body, kind: body['kind'] || kind, apiVersion: body['apiVersion'] || apiVersion }
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
