import type { JsonObject } from '@argosy/engine'
import type { Resource } from '@argosy/kube'
import { typeOf } from '../protobuf/schema.ts'
import { operationId, patchPath } from './paths.ts'
import { schemaName, schemaOfType } from './schema-of-type.ts'

/** A kind that is served, with the schema that its definition gives it. */
export interface Described {
  readonly resource: Resource
  /** Of a custom resource: its `openAPIV3Schema`. */
  readonly schema?: JsonObject | undefined
}

/** The OpenAPI v3 document of one group and version. Custom resources must not be told as strategically mergeable. */
export function openApiDocument(kinds: readonly Described[], version: string): JsonObject {
  const schemas = new Map<string, JsonObject>()
  for (const kind of kinds) addSchemas(kind, schemas)
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(kinds.map((kind) => [patchPath(kind.resource), pathItem(kind)])),
    components: { schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) },
  }
}

/** Where the document of a group and version is found, among others': `api/v1`, `apis/apps/v1`. */
export function openApiPath({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

/** The list of all documents, each with the hash of its content, so that it is fetched once only. */
export function openApiIndex(hashes: ReadonlyMap<string, string>): JsonObject {
  const paths = [...hashes].map(([path, hash]) => {
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const
  })
  return { paths: Object.fromEntries(paths) }
}

const parameter = (name: string, type: string): JsonObject => ({
  in: 'query',
  name,
  schema: { type, uniqueItems: true },
})

// kubectl asks the server to check fields when it finds `fieldValidation` here. No request body is told of: its own
// types then know better how lists merge.
function pathItem({ resource }: Described): JsonObject {
  return {
    patch: {
      operationId: operationId(resource),
      parameters: [
        parameter('dryRun', 'string'),
        parameter('fieldManager', 'string'),
        parameter('fieldValidation', 'string'),
        parameter('force', 'boolean'),
      ],
      responses: { 200: { description: 'OK' } },
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': kindOf(resource),
    },
  }
}

function kindOf({ group, version, kind }: Resource): JsonObject {
  return { group, version, kind }
}

function addSchemas({ resource, schema }: Described, schemas: Map<string, JsonObject>): void {
  const type = typeOf(groupVersion(resource), resource.kind)
  const own = type === undefined ? customName(resource) : schemaName(type)
  const base = type === undefined ? (schema ?? { type: 'object' }) : typed(type, schemas)
  if (type === undefined) typed('meta/v1.ObjectMeta', schemas)
  schemas.set(own, {
    ...base,
    properties: {
      ...typeProperties,
      ...(base['properties'] as JsonObject | undefined),
      ...(type === undefined && metadata),
    },
    'x-kubernetes-group-version-kind': [kindOf(resource)],
  })
}

const typeProperties = { apiVersion: { type: 'string' }, kind: { type: 'string' } }
const metadata = {
  metadata: { $ref: `#/components/schemas/${schemaName('meta/v1.ObjectMeta')}` },
}

/** Adds a type and all that it names. */
function typed(type: string, schemas: Map<string, JsonObject>): JsonObject {
  const name = schemaName(type)
  const known = schemas.get(name)
  if (known) return known
  const { schema, named } = schemaOfType(type)
  schemas.set(name, schema)
  for (const inner of named) typed(inner, schemas)
  return schema
}

function groupVersion({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`
}

function customName({ group, version, kind }: Resource): string {
  return [...group.split('.').reverse(), version, kind].join('.')
}
