import { describe, expect, it } from 'vitest'
import { configMap, inDefault, testApi, workflowsPath } from './api.fixture.ts'

const api = testApi()

const path = `${inDefault}/configmaps`
const post = (body: object, query = '') => api.ask(`${path}${query}`, { method: 'POST', body })

describe('objects over HTTPS', () => {
  it('whoever shows no token, or a wrong one, is nobody', async () => {
    for (const authorization of ['', 'Bearer wrong']) {
      const { code, json } = await api.ask(path, { headers: { authorization } })
      expect(code).toBe(401)
      expect(json).toMatchObject({
        kind: 'Status',
        reason: 'Unauthorized',
        message: 'Unauthorized',
      })
    }
  })

  it('a created object is answered whole, and can be had', async () => {
    const { code, json } = await post(configMap('one', { data: { a: '1' } }))
    expect(code).toBe(201)
    expect(json).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace: 'default', uid: expect.any(String) },
      data: { a: '1' },
    })
    expect((await api.ask(`${path}/one`)).json).toEqual(json)
  })

  it('objects that are created at once are each answered with themselves, also in a namespace that comes with others', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `together-${index}`)
    const made = await Promise.all([
      ...names.map((name) => post(configMap(name))),
      api.ask('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'filled' } } }),
    ])
    expect(made.map(({ json }) => json)).toEqual([
      ...(await Promise.all(names.map(async (name) => (await api.ask(`${path}/${name}`)).json))),
      (await api.ask('/api/v1/namespaces/filled')).json,
    ])
  })

  it('refusals are Status objects with reason, code and details', async () => {
    await post(configMap('twice'))
    const { code, json } = await post(configMap('twice'))
    expect(code).toBe(409)
    expect(json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'configmaps "twice" already exists',
      reason: 'AlreadyExists',
      details: { name: 'twice', kind: 'configmaps' },
      code: 409,
    })
    const missing = await api.ask(`${workflowsPath}/none`)
    expect(missing.json).toMatchObject({
      message: 'workflows.argoproj.io "none" not found',
      details: { name: 'none', group: 'argoproj.io', kind: 'workflows' },
      code: 404,
    })
  })

  it('an object for another namespace, kind or name than the URL says is refused', async () => {
    const elsewhere = await post({ ...configMap('x'), metadata: { name: 'x', namespace: 'argo' } })
    expect(elsewhere.json['message']).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
    const secret = await post({ ...configMap('x'), kind: 'Secret' })
    expect(secret.code).toBe(400)
    await post(configMap('right'))
    const wrong = await api.ask(`${path}/right`, { method: 'PUT', body: configMap('wrong') })
    expect(wrong.json['message']).toBe(
      'the name of the object (wrong) does not match the name on the URL (right)',
    )
  })

  it('a dry run answers what would be, and stores nothing', async () => {
    const before = api.store.revision
    const { code, json } = await post(configMap('dry'), '?dryRun=All')
    expect([code, json['kind']]).toEqual([201, 'ConfigMap'])
    await post(configMap('wet', { data: { a: '1' } }))
    const patched = await api.ask(`${path}/wet?dryRun=All`, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { data: { a: '2' } },
    })
    expect(patched.json).toMatchObject({ data: { a: '2' } })
    await api.ask(`${path}/wet?dryRun=All`, { method: 'DELETE' })
    expect((await api.ask(`${path}/wet`)).json).toMatchObject({ data: { a: '1' } })
    expect((await api.ask(`${path}/dry`)).code).toBe(404)
    expect(api.store.revision).toBe(before + 1)
  })

  it('a stale PUT is a Conflict', async () => {
    const { json } = await post(configMap('stale'))
    await api.ask(`${path}/stale`, { method: 'PUT', body: { ...json, data: { a: '1' } } })
    const late = await api.ask(`${path}/stale`, {
      method: 'PUT',
      body: { ...json, data: { a: '2' } },
    })
    expect(late.json).toMatchObject({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again',
    })
  })

  it('a PUT of a custom resource without a version is refused', async () => {
    const body = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'w' },
      spec: {},
    }
    expect((await api.ask(workflowsPath, { method: 'POST', body })).code).toBe(201)
    const { code, json } = await api.ask(`${workflowsPath}/w`, { method: 'PUT', body })
    expect(code).toBe(422)
    expect(json['message']).toContain('metadata.resourceVersion: Invalid value: 0')
  })

  it('a strategic patch merges lists of built-in kinds, and is refused for custom ones (trap 8)', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'y' },
        ],
      },
    }
    await api.ask(`${inDefault}/pods`, { method: 'POST', body: pod })
    const strategic = {
      method: 'PATCH',
      type: 'application/strategic-merge-patch+json',
      body: { spec: { containers: [{ name: 'b', image: 'z' }] } },
    }
    const { json } = await api.ask(`${inDefault}/pods/p`, strategic)
    expect(json['spec']).toMatchObject({
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'z' },
      ],
    })
    const refused = await api.ask(`${workflowsPath}/w`, strategic)
    expect([refused.code, refused.json['reason']]).toEqual([415, 'UnsupportedMediaType'])
  })

  it('a write that changes nothing makes no new version (trap 19)', async () => {
    const { json } = await post(configMap('same', { data: { a: '1' } }))
    const again = await api.ask(`${path}/same`, { method: 'PUT', body: json })
    expect(again.json).toEqual(json)
  })

  it('the patch that empties the finalizers of a deleted object removes it (trap 22)', async () => {
    await post({ ...configMap('held'), metadata: { name: 'held', finalizers: ['a/b'] } })
    const marked = await api.ask(`${path}/held`, { method: 'DELETE' })
    expect(marked.json).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) } })
    const freed = await api.ask(`${path}/held`, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { metadata: { finalizers: [] } },
    })
    expect(freed.code).toBe(200)
    expect((await api.ask(`${path}/held`)).code).toBe(404)
  })

  it('a deletion that is done says so, with the uid', async () => {
    const { json } = await post(configMap('gone'))
    const uid = (json['metadata'] as { uid: string }).uid
    const { json: status } = await api.ask(`${path}/gone`, { method: 'DELETE' })
    expect(status).toMatchObject({ kind: 'Status', status: 'Success', details: { uid } })
  })

  it('a precondition that does not hold keeps the object', async () => {
    await post(configMap('kept'))
    const { json } = await api.ask(`${path}/kept`, {
      method: 'DELETE',
      body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } },
    })
    expect(json['reason']).toBe('Conflict')
  })

  it("a secret's stringData ends in data, and is never told", async () => {
    const { json } = await api.ask(`${inDefault}/secrets`, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        stringData: { key: 'value' },
      },
    })
    expect(json).toMatchObject({ type: 'Opaque', data: { key: 'dmFsdWU=' } })
    expect(json).not.toHaveProperty('stringData')
  })

  it('a micro time is kept to the letter (trap 20)', async () => {
    const renewTime = '2026-01-02T03:04:05.000000Z'
    const { json } = await api.ask('/apis/coordination.k8s.io/v1/namespaces/default/leases', {
      method: 'POST',
      body: {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'l' },
        spec: { renewTime },
      },
    })
    expect(json['spec']).toEqual({ renewTime })
    expect((json['metadata'] as { creationTimestamp: string }).creationTimestamp).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    )
  })

  it('a body beyond the limit is refused, and the connection lives on', async () => {
    const { code, json } = await post(configMap('big', { data: { a: 'x'.repeat(4_000_000) } }))
    expect([code, json['reason']]).toEqual([413, 'RequestEntityTooLarge'])
    expect((await api.ask(path)).code).toBe(200)
  })

  it('a body of unknown type is 415, YAML is read', async () => {
    const cbor = await api.ask(path, { method: 'POST', type: 'application/cbor', body: 'x' })
    expect(cbor.code).toBe(415)
    const yaml = await api.ask(path, {
      method: 'POST',
      type: 'application/yaml',
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\n',
    })
    expect(yaml.code).toBe(201)
  })

  it('members that are there twice are told of, or refused', async () => {
    const text = '{"metadata":{"name":"doubled"},"data":{"a":"1"},"data":{"b":"2"}}'
    const path = `${inDefault}/configmaps`
    const strict = await api.ask(`${path}?fieldValidation=Strict`, { method: 'POST', body: text })
    expect([strict.code, strict.json['message']]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data"',
    ])
    const warned = await api.ask(path, { method: 'POST', body: text })
    expect([warned.code, warned.headers['warning']]).toEqual([
      201,
      expect.stringContaining('duplicate field \\"data\\"'),
    ])
  })

  it('a built-in object need not say what it is where the URL does, a custom one must', async () => {
    const body = { metadata: { name: 'untyped' } }
    const made = await api.ask(`${inDefault}/configmaps`, { method: 'POST', body })
    expect([made.code, made.json['kind']]).toEqual([201, 'ConfigMap'])
    const custom = await api.ask(workflowsPath, { method: 'POST', body })
    expect([custom.code, custom.json['message']]).toEqual([
      400,
      expect.stringContaining("Object 'Kind' is missing"),
    ])
  })
})
