import type { JsonObject } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import { gnosticType } from '../parts/openapi/gnostic.ts'
import { inDefault, testApi } from './api.fixture.ts'

const api = testApi()

const aggregated = (version: string) => ({
  headers: {
    accept: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`,
  },
})

type Listed = readonly { readonly name: string }[]

describe('discovery', () => {
  it('both ways tell of the same resources', async () => {
    const { json, headers } = await api.ask('/apis', aggregated('v2'))
    expect(headers['content-type']).toContain('g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
    expect(headers['vary']).toContain('Accept')
    const groups = json['items'] as unknown as readonly {
      metadata: { name: string }
      versions: readonly { version: string; resources: readonly { resource: string }[] }[]
    }[]
    const legacy = (await api.ask('/apis')).json['groups'] as unknown as Listed
    expect(groups.map(({ metadata }) => metadata.name)).toEqual(legacy.map(({ name }) => name))
    for (const { metadata, versions } of groups) {
      for (const { version, resources } of versions) {
        const list = await api.ask(`/apis/${metadata.name}/${version}`)
        const names = (list.json['resources'] as unknown as Listed)
          .map(({ name }) => name)
          .filter((name) => !name.includes('/'))
        expect(names).toEqual(resources.map(({ resource }) => resource))
      }
    }
  })

  it('older aggregated clients and trailing slashes are understood', async () => {
    const beta = await api.ask('/api', aggregated('v2beta1'))
    expect(beta.json).toMatchObject({
      apiVersion: 'apidiscovery.k8s.io/v2beta1',
      items: [{ versions: [{ version: 'v1', freshness: 'Current' }] }],
    })
    expect((await api.ask('/version/')).json['gitVersion']).toMatch(/^v1\.\d+\.\d+/)
    expect((await api.ask('/api/v1/')).json['groupVersion']).toBe('v1')
  })

  it('what is not served is not told of, and 404', async () => {
    const { json } = await api.ask('/api/v1')
    const names = (json['resources'] as unknown as Listed).map(({ name }) => name)
    expect(names).toContain('pods/eviction')
    expect(names).not.toContain('pods/exec')
    expect(names).not.toContain('pods/log')
    const unknown = await api.ask('/nonsense')
    expect([unknown.code, unknown.text]).toEqual([404, '404 page not found\n'])
    expect((await api.ask('/apis/nonsense.io/v1')).code).toBe(404)
    expect((await api.ask('/apis/apps/v1beta1/deployments')).code).toBe(404)
    expect((await api.ask(`${inDefault}/namespaces`)).code).toBe(404)
    expect((await api.ask('/api/v1/configmaps', { method: 'PUT', body: {} })).json).toMatchObject({
      code: 405,
      reason: 'MethodNotAllowed',
    })
  })

  it('a defined kind is in discovery, served and in OpenAPI as soon as it is created (trap 23)', async () => {
    const created = await api.ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      method: 'POST',
      body: definition('things'),
    })
    expect(created.code).toBe(201)
    const { json } = await api.ask('/apis/example.com/v1')
    expect(json['resources']).toMatchObject([
      { name: 'things', kind: 'Thing' },
      { name: 'things/status' },
    ])
    const { json: list } = await api.ask('/apis/example.com/v1/namespaces/default/things')
    expect(list).toMatchObject({ kind: 'ThingList', apiVersion: 'example.com/v1', items: [] })
    const { json: other } = await api.ask('/apis/example.com/v2/things')
    expect(other['apiVersion']).toBe('example.com/v2')
    expect((await api.ask('/openapi/v3')).json['paths']).toHaveProperty(['apis/example.com/v1'])
    const groups = (await api.ask('/apis')).json['groups'] as unknown as readonly JsonObject[]
    expect(groups.at(-1)).toMatchObject({
      name: 'example.com',
      preferredVersion: { version: 'v2' },
      versions: [{ version: 'v2' }, { version: 'v1' }],
    })
  })

  it('objects read under another version differ in its name only', async () => {
    const path = (version: string) => `/apis/example.com/${version}/namespaces/default/things`
    const body = { apiVersion: 'example.com/v2', kind: 'Thing', metadata: { name: 'a' }, spec: {} }
    expect((await api.ask(path('v2'), { method: 'POST', body })).json['apiVersion']).toBe(
      'example.com/v2',
    )
    const { json } = await api.ask(`${path('v1')}/a`)
    expect(json['apiVersion']).toBe('example.com/v1')
    const changed = await api.ask(`${path('v2')}/a`, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { apiVersion: 'example.com/v2', spec: { a: 1 } },
    })
    expect(changed.json).toMatchObject({ apiVersion: 'example.com/v2', spec: { a: 1 } })
  })

  it('a deleted definition takes its objects along, and then its kind', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.example.com'
    const { json } = await api.ask(path)
    expect(json['status']).toMatchObject({
      acceptedNames: { kind: 'Thing' },
      conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }],
      storedVersions: ['v1'],
    })
    const version = (json['metadata'] as { resourceVersion: string }).resourceVersion
    const watched = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions?watch=1&resourceVersion=${version}`
    await api.watching(watched, async (next) => {
      await api.ask(path, { method: 'DELETE' })
      const types: unknown[] = []
      while (types.at(-1) !== 'DELETED') types.push((await next())['type'])
      expect(types).toEqual(['MODIFIED', 'DELETED'])
    })
    expect((await api.ask('/apis/example.com/v1/things')).code).toBe(404)
    expect((await api.ask('/apis/example.com/v1')).code).toBe(404)
  })
})

describe('OpenAPI', () => {
  it('every kind has a patch path that declares fieldValidation (trap 7)', async () => {
    const index = (await api.ask('/openapi/v3')).json['paths'] as Record<
      string,
      { serverRelativeURL: string }
    >
    for (const kind of ['Pod', 'ConfigMap', 'Namespace']) {
      const { json, headers } = await api.ask(index['api/v1']?.serverRelativeURL ?? '')
      expect(headers['cache-control']).toBe('public, immutable')
      const operations = Object.values(json['paths'] as Record<string, { patch?: JsonObject }>)
      const own = operations
        .map(({ patch }) => patch)
        .find((patch) => {
          const named = patch?.['x-kubernetes-group-version-kind'] as unknown as { kind: string }
          return named?.kind === kind
        })
      expect(own).toMatchObject({
        'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind },
        parameters: expect.arrayContaining([expect.objectContaining({ name: 'fieldValidation' })]),
      })
      expect(own).not.toHaveProperty('requestBody')
    }
  })

  it('a wrong hash is sent to the right one', async () => {
    const { code, headers } = await api.ask('/openapi/v3/api/v1?hash=WRONG')
    expect(code).toBe(301)
    expect((await api.ask(String(headers['location']))).code).toBe(200)
  })

  it('version 2 is protobuf, under a name that Go can parse (trap 6)', async () => {
    const { code, headers, text } = await api.ask('/openapi/v2', {
      headers: { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' },
    })
    expect(code).toBe(200)
    expect(headers['content-type']).toBe(gnosticType)
    expect(gnosticType).not.toContain('@')
    expect(text).toContain('x-kubernetes-group-version-kind')
  })
})

describe('forms', () => {
  it('a Table has the rows that kubectl prints, with metadata beside them', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { json } = await api.ask('/api/v1/namespaces', { headers: { accept } })
    expect(json).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name', format: 'name' }, { name: 'Status' }, { name: 'Age' }],
      rows: expect.arrayContaining([
        {
          cells: ['default', 'Active', expect.any(String)],
          object: expect.objectContaining({ kind: 'PartialObjectMetadata' }),
        },
      ]),
    })
    const whole = await api.ask('/api/v1/namespaces/default?includeObject=Object', {
      headers: { accept },
    })
    expect(whole.json['rows']).toMatchObject([{ object: { kind: 'Namespace' } }])
  })

  it('a client of metadata gets nothing else', async () => {
    const accept =
      'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    const { json } = await api.ask('/api/v1/namespaces', { headers: { accept } })
    expect(json['kind']).toBe('PartialObjectMetadataList')
    expect(json['items']).toMatchObject([{ kind: 'PartialObjectMetadata' }, {}])
  })

  it('protobuf is answered in JSON when JSON will do, else refused (trap 1)', async () => {
    const both = 'application/vnd.kubernetes.protobuf, */*'
    expect((await api.ask('/api/v1/namespaces', { headers: { accept: both } })).code).toBe(200)
    const only = 'application/vnd.kubernetes.protobuf'
    const { code, json } = await api.ask('/api/v1/namespaces', { headers: { accept: only } })
    expect([code, json['reason']]).toEqual([406, 'NotAcceptable'])
  })
})

describe('namespaces', () => {
  it('the first pod of a new one finds its account and authority (trap 21)', async () => {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } }
    const { json } = await api.ask('/api/v1/namespaces', { method: 'POST', body })
    expect(json).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'fresh' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    const inFresh = '/api/v1/namespaces/fresh'
    expect((await api.ask(`${inFresh}/serviceaccounts/default`)).code).toBe(200)
    const authority = await api.ask(`${inFresh}/configmaps/kube-root-ca.crt`)
    expect((authority.json['data'] as JsonObject)['ca.crt']).toContain('BEGIN CERTIFICATE')
  })

  it('what was taken out of one comes back, until it ends', async () => {
    const inFresh = '/api/v1/namespaces/fresh'
    const path = `${inFresh}/serviceaccounts?watch=1&resourceVersion=${api.store.revision}`
    await api.watching(path, async (next) => {
      await api.ask(`${inFresh}/serviceaccounts/default`, { method: 'DELETE' })
      expect([(await next())['type'], (await next())['type']]).toEqual(['DELETED', 'ADDED'])
    })
    const { json } = await api.ask(inFresh, { method: 'DELETE' })
    expect(json['status']).toEqual({ phase: 'Terminating' })
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } }
    const late = await api.ask(`${inFresh}/configmaps`, { method: 'POST', body })
    expect([403, 404]).toContain(late.code)
  })
})

function definition(plural: string): object {
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  }
  const version = (name: string, storage: boolean) => ({
    ...{ name, storage, schema },
    served: true,
    subresources: { status: {} },
  })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, kind: 'Thing' },
      versions: [version('v1', true), version('v2', false)],
    },
  }
}

describe('custom resources', () => {
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  const path = '/apis/example.org/v1/namespaces/default/tabs'
  const tab = (spec: object, name = 'tab') => ({
    ...{ apiVersion: 'example.org/v1', kind: 'Tab', metadata: { name }, spec },
  })
  const names = { plural: 'tabs', kind: 'Tab', shortNames: ['tb'] }
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['cron'],
        properties: { cron: { type: 'string' }, replicas: { type: 'integer', default: 1 } },
      },
    },
  }
  const crd = (plural: string, more: object = {}) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.org` },
    spec: {
      ...{ group: 'example.org', scope: 'Namespaced', names: { ...names, plural, ...more } },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  })

  it('are completed, pruned with a warning, and refused where their schema does', async () => {
    expect((await api.ask(crds, { method: 'POST', body: crd('tabs') })).code).toBe(201)
    const body = tab({ cron: '* * * * *', odd: 1 })
    const strict = await api.ask(`${path}?fieldValidation=Strict`, { method: 'POST', body })
    expect([strict.code, strict.json['message']]).toEqual([
      400,
      'Tab in version "example.org/v1" cannot be handled as a Tab: strict decoding error: unknown field "spec.odd"',
    ])
    const warned = await api.ask(path, { method: 'POST', body })
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"spec.odd\\""')
    expect(warned.json['spec']).toEqual({ cron: '* * * * *', replicas: 1 })
    const bad = await api.ask(path, { method: 'POST', body: tab({ cron: 5 }, 'bad') })
    expect(bad.json).toMatchObject({
      ...{ code: 422, reason: 'Invalid' },
      details: { kind: 'Tab', causes: [{ field: 'spec.cron' }] },
    })
    const patched = await api.ask(`${path}/tab`, {
      ...{ method: 'PATCH', type: 'application/merge-patch+json' },
      body: { spec: { replicas: 'many' } },
    })
    expect(patched.code).toBe(422)
    expect((await api.ask(`${path}/tab`)).json['spec']).toMatchObject({ replicas: 1 })
  })

  it('whose names are taken are not served, and say why', async () => {
    await api.ask(crds, { method: 'POST', body: crd('others', { shortNames: [] }) })
    expect((await api.ask('/apis/example.org/v1/others')).code).toBe(404)
    const watched = `${crds}/others.example.org?watch=1`
    await api.watching(watched, async (next) => {
      let conditions: unknown
      while (conditions === undefined) {
        const { object } = await next()
        conditions = ((object as JsonObject)['status'] as JsonObject | undefined)?.['conditions']
      }
      expect(conditions).toMatchObject([
        { type: 'NamesAccepted', status: 'False', reason: 'SingularConflict' },
        { type: 'Established', status: 'False' },
      ])
    })
  })
})
