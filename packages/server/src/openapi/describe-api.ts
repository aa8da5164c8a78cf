import type { JsonObject } from '@argosy/engine'
import { type Operation, operations } from './operations.table.ts'
import { parameters } from './parameters.table.ts'
import { apiSchemas, root } from './schemas.ts'

export interface Described {
  /** Ours, as 1.2.3. */
  readonly version: string
  /** Where the API is, without a slash at its end. */
  readonly base: string
}

/** The description of the API, as OpenAPI 3.0 has it. */
export function describeApi({ version, base }: Described): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const operation of operations) {
    const path = operation.path.replace('...}', '}')
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described(operation) }
  }
  return {
    openapi: '3.0.3',
    info: {
      ...{ title: "Argosy: Argo Workflows' API", version },
      description: 'Whoever asks may do what Kubernetes’ roles allow; see docs/access.md.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: base === '' ? '/' : base }],
    security: [{ bearer: [] }, { cookie: [] }],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: apiSchemas(),
      responses: Object.fromEntries(Object.entries(refusals).map(refusal)),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'authorization' },
      },
    },
  }
}

const refusals = {
  400: 'what was asked is not understood',
  401: 'who asks is not known',
  403: 'who asks may not',
  404: 'there is no such thing',
  405: 'not by this method',
  409: 'it is there already, or has changed meanwhile',
  429: 'the body is too large',
} as const

function refusal([code, description]: readonly [string, string]): readonly [string, JsonObject] {
  return [`Refused${code}`, { description, content: { 'application/json': schemaOf('Error') } }]
}

function schemaOf(name: string): JsonObject {
  return { schema: name === 'json' ? {} : { $ref: root + name } }
}

function tagOf({ id }: Operation): string {
  return id.replace(/_.*/, '')
}

function described(operation: Operation): JsonObject {
  const { id, summary, body, query = [], path } = operation
  const inPath = [...path.matchAll(/\{(\w+)/g)].map(([, name = '']) => name)
  return {
    ...{ operationId: id, summary, tags: [tagOf(operation)] },
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: pathSchema(name) })),
      ...query.map((name) => ({ name, in: 'query', ...parameters[name] })),
    ],
    ...(body && {
      requestBody: {
        required: body !== 'Nothing' && body !== 'json',
        content: { 'application/json': schemaOf(body) },
      },
    }),
    responses: {
      200: { description: 'done', content: contentOf(operation) },
      ...Object.fromEntries(
        Object.keys(refusals).map((code) => [
          code,
          { $ref: `#/components/responses/Refused${code}` },
        ]),
      ),
      ...(operation.answer === 'bytes' && { 307: { description: 'it is a directory' } }),
    },
  }
}

function pathSchema(name: string): JsonObject {
  if (name === 'direction') return { type: 'string', enum: ['inputs', 'outputs'] }
  if (name === 'kind') return { type: 'string', enum: ['workflows', 'archived-workflows'] }
  return { type: 'string', minLength: 1 }
}

function contentOf({ answer, streams }: Operation): JsonObject {
  if (answer === 'bytes') return { '*/*': { schema: { type: 'string', format: 'binary' } } }
  const content = { 'application/json': schemaOf(answer) }
  return streams ? { ...content, 'text/event-stream': { schema: { type: 'string' } } } : content
}
