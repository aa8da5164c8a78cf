import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { openApiDocument, openApiIndex, openApiPath } from './document.ts'
import { explanations } from './explanations.table.ts'
import { gnosticDocument, gnosticType } from './gnostic.ts'
import { schemaOfType } from './schema-of-type.ts'

const deployments = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
}

/** All values of a member, wherever it stands. */
function all(value: Json, name: string): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => all(item, name))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = key === name && typeof inner === 'string' ? [inner] : []
    return [...own, ...all(inner ?? null, name)]
  })
}

test('every reference of a document leads to a schema of it', () => {
  const kinds = [{ resource: resources.pods }, { resource: resources.secrets }]
  const document = openApiDocument(kinds, 'v1.33.0')
  const schemas = (document['components'] as JsonObject)['schemas'] as JsonObject
  const references = new Set(all(document, '$ref'))
  expect(references.size).toBeGreaterThan(100)
  for (const reference of references) {
    expect(Object.keys(schemas)).toContain(String(reference).replace('#/components/schemas/', ''))
  }
})

test('a kind can be patched with fieldValidation, which is how kubectl knows that fields are checked', () => {
  const document = openApiDocument([{ resource: deployments }], 'v1.33.0')
  const paths = document['paths'] as Record<string, { patch: JsonObject }>
  const item = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']
  expect(item?.patch['x-kubernetes-group-version-kind']).toEqual({
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
  })
  expect(all(item?.patch['parameters'] as Json, 'name')).toContain('fieldValidation')
})

test('a kind is explained: its group, version and kind, its fields and what they are', () => {
  const document = openApiDocument([{ resource: resources.pods }], 'v1.33.0')
  const schemas = (document['components'] as JsonObject)['schemas'] as Record<string, JsonObject>
  const pod = schemas['io.k8s.api.core.v1.Pod']
  expect(pod?.['x-kubernetes-group-version-kind']).toEqual([
    { group: '', version: 'v1', kind: 'Pod' },
  ])
  const container = schemas['io.k8s.api.core.v1.Container']?.['properties'] as JsonObject
  expect(container['env']).toEqual({
    description: 'Environment variables.',
    type: 'array',
    items: { $ref: '#/components/schemas/io.k8s.api.core.v1.EnvVar' },
  })
  const probe = schemas['io.k8s.api.core.v1.Probe']?.['properties'] as JsonObject
  expect(Object.keys(probe)).toContain('httpGet')
})

test('a custom resource is described by the schema of its definition', () => {
  const schema = { type: 'object', properties: { spec: { type: 'object' } } }
  const document = openApiDocument([{ resource: resources.workflows, schema }], 'v1.33.0')
  const schemas = (document['components'] as JsonObject)['schemas'] as Record<string, JsonObject>
  const workflow = schemas['io.argoproj.v1alpha1.Workflow'] as JsonObject
  expect(Object.keys(workflow['properties'] as JsonObject).sort()).toEqual([
    'apiVersion',
    'kind',
    'metadata',
    'spec',
  ])
  expect(JSON.stringify(document)).not.toContain('strategic')
})

test('what is explained are fields that there are', () => {
  for (const [type, fields] of Object.entries(explanations)) {
    const known = Object.keys(schemaOfType(type).schema['properties'] as JsonObject)
    for (const name of Object.keys(fields)) {
      if (name !== '') expect(known, `${type} ${name}`).toContain(name)
    }
  }
})

test('the index leads to the document of each group by the hash of its content', () => {
  expect(openApiPath(deployments)).toBe('apis/apps/v1')
  expect(openApiPath(resources.pods)).toBe('api/v1')
  expect(openApiIndex(new Map([['api/v1', 'AB']]))).toEqual({
    paths: { 'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=AB' } },
  })
})

// Read with gnostic's own decoder: `openapiv2.Document`.
const golden =
  'CgMyLjASFQoKS3ViZXJuZXRlcxIHdjEuMzMuMELFBRLQAgoqL2FwaS92MS9uYW1lc3BhY2VzL3tuYW1lc3BhY2V9L3BvZHMve25hbWV9EqECQp4CKhhwYXRjaENvcmVWMU5hbWVzcGFjZWRQb2RCHQobEhkaFxIFcXVlcnkiBmRyeVJ1bjIGc3RyaW5nQiMKIRIfGh0SBXF1ZXJ5IgxmaWVsZE1hbmFnZXIyBnN0cmluZ0ImCiQSIhogEgVxdWVyeSIPZmllbGRWYWxpZGF0aW9uMgZzdHJpbmdCHQobEhkaFxIFcXVlcnkiBWZvcmNlMgdib29sZWFuSg8KDQoDMjAwEgYKBAoCT0tqHwoTeC1rdWJlcm5ldGVzLWFjdGlvbhIIEgZwYXRjaApqRQofeC1rdWJlcm5ldGVzLWdyb3VwLXZlcnNpb24ta2luZBIiEiBncm91cDogIiIKdmVyc2lvbjogdjEKa2luZDogUG9kChLvAgo3L2FwaXMvYXBwcy92MS9uYW1lc3BhY2VzL3tuYW1lc3BhY2V9L2RlcGxveW1lbnRzL3tuYW1lfRKzAkKwAiofcGF0Y2hBcHBzVjFOYW1lc3BhY2VkRGVwbG95bWVudEIdChsSGRoXEgVxdWVyeSIGZHJ5UnVuMgZzdHJpbmdCIwohEh8aHRIFcXVlcnkiDGZpZWxkTWFuYWdlcjIGc3RyaW5nQiYKJBIiGiASBXF1ZXJ5Ig9maWVsZFZhbGlkYXRpb24yBnN0cmluZ0IdChsSGRoXEgVxdWVyeSIFZm9yY2UyB2Jvb2xlYW5KDwoNCgMyMDASBgoECgJPS2ofChN4LWt1YmVybmV0ZXMtYWN0aW9uEggSBnBhdGNoCmpQCh94LWt1YmVybmV0ZXMtZ3JvdXAtdmVyc2lvbi1raW5kEi0SK2dyb3VwOiAiYXBwcyIKdmVyc2lvbjogdjEKa2luZDogRGVwbG95bWVudApKAA=='

test('the type of the old document has no @, which older clients cannot read', () => {
  expect(gnosticType).not.toContain('@')
})

test('the old document is gnostic’s protobuf', () => {
  const bytes = gnosticDocument([resources.pods, deployments], 'v1.33.0')
  expect(Buffer.from(bytes).toString('base64')).toBe(golden)
})
