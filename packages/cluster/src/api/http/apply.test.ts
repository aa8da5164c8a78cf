import type { JsonObject } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import { configMap, inDefault, testApi, workflowsPath } from './api.fixture.ts'

const api = testApi()

const apply = (body: object, query = 'fieldManager=a', path = `${inDefault}/configmaps/one`) =>
  api.ask(`${path}?${query}`, { method: 'PATCH', type: 'application/apply-patch+yaml', body })
const one = (data: object) => configMap('one', { data })
const managers = ({ metadata }: JsonObject) =>
  (metadata as unknown as { managedFields: readonly { manager: string }[] }).managedFields.map(
    ({ manager }) => manager,
  )

describe('server-side apply', () => {
  it('creates, changes, leaves alone, and takes back what is no longer wanted', async () => {
    const created = await apply(one({ a: '1', b: '2' }))
    expect(created.code).toBe(201)
    const same = await apply(one({ a: '1', b: '2' }))
    expect([same.code, same.json]).toEqual([200, created.json])
    const changed = await apply(one({ a: '3' }))
    expect(changed.json['data']).toEqual({ a: '3' })
  })

  it('does not take what another one owns, unless told to', async () => {
    const refused = await apply(one({ a: '9' }), 'fieldManager=b')
    expect(refused.code).toBe(409)
    expect(refused.json).toMatchObject({
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "a": .data.a',
      details: {
        causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }],
      },
    })
    const forced = await apply(one({ a: '9' }), 'fieldManager=b&force=true')
    expect(forced.json['data']).toEqual({ a: '9' })
    const { managedFields } = forced.json['metadata'] as unknown as { managedFields: object[] }
    expect(managedFields).toMatchObject([
      { manager: 'b', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {} } } },
    ])
    const again = await apply(one({ a: '9', c: '1' }), 'fieldManager=b')
    expect(again.code).toBe(200)
    await apply(one({ a: '9' }), 'fieldManager=b')
  })

  it('other writes are kept in the books too', async () => {
    const { json } = await api.ask(`${inDefault}/configmaps/one?fieldManager=patcher`, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { data: { a: '10' } },
    })
    expect(managers(json)).toContain('patcher')
    const late = await apply(one({ a: '11' }), 'fieldManager=b')
    expect(late.json['message']).toContain('conflict with "patcher"')
  })

  it('a PUT that leaves out defaults and books changes nothing', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports: [{ port: 80 }] },
    }
    const path = `${inDefault}/services`
    const { json } = await api.ask(path, { method: 'POST', body: service })
    const again = await api.ask(`${path}/s`, { method: 'PUT', body: service })
    expect(again.json).toEqual(json)
  })

  it('wants a manager, a body without books, and an object of its own URL', async () => {
    const nobody = await apply(one({}), 'force=true')
    expect([nobody.code, nobody.json['message']]).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ])
    const books = { metadata: { name: 'one', managedFields: [{ manager: 'x' }] } }
    expect((await apply({ ...one({}), ...books })).code).toBe(422)
    expect((await apply(configMap('two'))).code).toBe(400)
  })

  it('works for custom resources and for dry runs', async () => {
    const workflow = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'applied' },
      spec: { entrypoint: 'main', templates: [{ name: 'main' }] },
    }
    const path = `${workflowsPath}/applied`
    const dry = await apply(workflow, 'fieldManager=a&dryRun=All', path)
    expect(dry.code).toBe(201)
    expect((await api.ask(path)).code).toBe(404)
    expect((await apply(workflow, 'fieldManager=a', path)).code).toBe(201)
    expect((await apply(workflow, 'fieldManager=a', path)).code).toBe(200)
  })
})
