import type { JsonObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ArgoApi, hello, inDefault, openArgoApi, put, workflow } from './argo-api.ts'

let api: ArgoApi
beforeAll(async () => {
  api = await openArgoApi()
})
afterAll(() => api[Symbol.asyncDispose]())
beforeEach(async () => {
  const { items } = await api.client.list({ resource: resources.workflows })
  for (const { metadata } of items) {
    const { namespace = '', name = '' } = metadata
    await api.client.remove({ resource: resources.workflows, namespace, name })
  }
})

const post = (path: string, body: object | string) => api.ask(path, { method: 'POST', body })
const put_ = (path: string, body: object = {}) => api.ask(path, { method: 'PUT', body })
const names = ({ json }: { json: JsonObject }) =>
  ((json['items'] ?? []) as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)

describe('a workflow that is created', () => {
  test('is answered as it is kept, and is there', async () => {
    const { code, json } = await post(inDefault, {
      workflow: { metadata: { generateName: 'h-' }, spec: hello },
    })
    expect(code).toBe(200)
    expect(json['metadata']).toMatchObject({
      name: expect.stringMatching(/^h-.{5}$/),
      namespace: 'default',
    })
    const { name } = json['metadata'] as { name: string }
    const got = await api.ask(`${inDefault}/${name}`)
    expect(got.json).toEqual(json)
    expect(got.json).toMatchObject({ kind: 'Workflow', spec: hello })
    expect((await api.ask(`${inDefault}/@latest?fields=metadata.name`)).json).toEqual({
      metadata: { name },
    })
  })

  test.each([
    ['no workflow', {}, 'workflow body not specified'],
    ['a workflow that is none', { workflow: 'x' }, 'workflow: expected an object'],
    ['no JSON', '{', /^the body is not JSON: /],
    ['a list', '[]', 'the body must be a JSON object'],
    ['a field of a wrong type', { workflow: { spec: { entrypoint: [] } } }, /^spec\.entrypoint: /],
    [
      'no entrypoint',
      { workflow: { spec: { templates: hello.templates } } },
      'spec.entrypoint is required',
    ],
    [
      'another namespace',
      { workflow: { metadata: { namespace: 'argo' }, spec: hello } },
      'the namespace of the provided object does not match the namespace sent on the request: argo is not default',
    ],
  ])('is refused for %s', async (_, body, message) => {
    const { code, json } = await post(inDefault, body)
    expect([code, json['code']]).toEqual([400, 3])
    expect(json['message']).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    )
  })

  test('is refused with all that is wrong as details', async () => {
    const templates = [
      {
        name: 'main',
        steps: [
          [
            { name: 'a', template: 'x' },
            { name: 'b', template: 'y' },
          ],
        ],
      },
    ]
    const { json } = await post(inDefault, {
      workflow: { spec: { entrypoint: 'main', templates } },
    })
    const [{ fieldViolations }] = json['details'] as [
      { fieldViolations: { description: string }[] },
    ]
    expect(fieldViolations.length).toBe(2)
    expect(fieldViolations[0]?.description).toBe(json['message'])
  })

  test('is refused when its name is taken', async () => {
    await put(api.client, 'a')
    const { code, json } = await post(inDefault, { workflow: workflow('a') })
    expect([code, json]).toEqual([
      409,
      { code: 6, message: 'workflows.argoproj.io "a" already exists' },
    ])
  })

  test('only for show leaves nothing', async () => {
    const shown = await post(inDefault, { workflow: workflow('a'), serverDryRun: true })
    expect(shown.json['metadata']).toMatchObject({ name: 'a', uid: expect.any(String) })
    const plain = await post(inDefault, {
      workflow: workflow('a'),
      createOptions: { dryRun: ['All'] },
    })
    expect(plain.json['metadata']).toEqual({ name: 'a', namespace: 'default' })
    expect(names(await api.ask(inDefault))).toEqual([])
  })
})

test('lint answers with the workflow, or with what is wrong', async () => {
  expect((await post(`${inDefault}/lint`, { workflow: workflow('a') })).json).toEqual(workflow('a'))
  const { code } = await post(`${inDefault}/lint`, { workflow: workflow('a', { spec: {} }) })
  expect(code).toBe(400)
})

describe('a list', () => {
  const ended = (name: string, finishedAt: string, labels = {}) =>
    put(api.client, name, {
      metadata: { name, namespace: 'default', labels },
      status: { phase: 'Succeeded', startedAt: finishedAt, finishedAt },
    })

  test('has pages', async () => {
    for (const day of [1, 2, 3]) await ended(`w${day}`, `2026-01-0${day}T00:00:00Z`)
    const first = await api.ask(
      `${inDefault}?listOptions.limit=2&listOptions.fieldSelector=ext.showRemainingItemCount%3Dtrue`,
    )
    expect(names(first)).toEqual(['w3', 'w2'])
    expect(first.json['metadata']).toMatchObject({ continue: '2', remainingItemCount: 1 })
    const second = await api.ask(`${inDefault}?listOptions.limit=2&listOptions.continue=2`)
    expect(names(second)).toEqual(['w1'])
    expect(second.json['metadata']).toEqual({ resourceVersion: expect.any(String) })
  })

  test.each([
    ['listOptions.labelSelector=team%3Da', ['w1']],
    ['listOptions.fieldSelector=metadata.name%3Dw2', ['w2']],
    ['listOptions.fieldSelector=metadata.name!%3Dw2', ['w3', 'w1']],
    ['listOptions.fieldSelector=spec.startedAt%3E2026-01-02T00:00:00Z', ['w3', 'w2']],
    ['finishedBefore=2026-01-01T12:00:00Z', ['w1']],
    ['nameFilter=Prefix&listOptions.fieldSelector=metadata.name%3Dw', ['w3', 'w2', 'w1']],
    ['nameFilter=Contains&listOptions.fieldSelector=metadata.name%3D3', ['w3']],
    ['listOptions.fieldSelector=metadata.namespace%3Ddefault', ['w3', 'w2', 'w1']],
  ])('with %s has %j', async (query, expected) => {
    await ended('w1', '2026-01-01T00:00:00Z', { team: 'a' })
    await ended('w2', '2026-01-02T00:00:00Z')
    await ended('w3', '2026-01-03T00:00:00Z')
    expect(names(await api.ask(`${inDefault}?${query}`))).toEqual(expected)
    const everywhere = await api.ask(`/api/v1/workflows/?${query}`)
    expect(names(everywhere)).toEqual(expected)
  })

  test.each([
    ['listOptions.continue=x', 'listOptions.continue must be int'],
    ['listOptions.continue=-1', 'listOptions.continue must >= 0'],
    ['listOptions.limit=x', 'listOptions.limit: expected a whole number, got "x"'],
    ['listOptions.fieldSelector=a%3Db', 'unsupported requirement a=b'],
    [
      'nameFilter=Like',
      'nameFilter: expected one of Exact, Contains, Prefix, NotEquals, got "Like"',
    ],
    ['createdAfter=today', 'createdAfter: expected a time as 2026-01-02T15:04:05Z, got "today"'],
    [
      'listOptions.fieldSelector=metadata.namespace%3Dargo',
      `'namespace' query param ("default") and fieldselector 'metadata.namespace' ("argo") are both specified and contradict each other`,
    ],
  ])('with %s is refused', async (query, message) => {
    const { code, json } = await api.ask(`${inDefault}?${query}`)
    expect([code, json]).toEqual([400, { code: 3, message }])
  })

  test('has the fields that are asked for', async () => {
    await put(api.client, 'a')
    const only = await api.ask(`${inDefault}?fields=items.metadata.name,items.spec.entrypoint`)
    expect(only.json).toEqual({
      items: [{ metadata: { name: 'a' }, spec: { entrypoint: 'main' } }],
    })
    const without = await api.ask(`${inDefault}?fields=-items.spec,items.metadata,metadata`)
    expect(without.json).toEqual({
      items: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' }],
    })
  })
})

describe('who watches', () => {
  const path =
    '/api/v1/workflow-events/default?listOptions.fieldSelector=metadata.name%3Da&fields=result.object.metadata.name'

  test('gets server-sent events, and a sign of life now and then', async () => {
    await api.streaming(path, { accept: 'text/event-stream' }, async (next) => {
      await put(api.client, 'b')
      await put(api.client, 'a')
      expect(await next()).toBe(
        'data: {"result":{"type":"ADDED","object":{"metadata":{"name":"a"}}}} \n\n',
      )
      api.clock.advance(15_000)
      expect(await next()).toBe(':\n')
      await api.ask(`${inDefault}/a`, { method: 'DELETE' })
      expect(await next()).toContain('"type":"DELETED"')
    })
  })

  test('gets lines of JSON from the version that it knows', async () => {
    await put(api.client, 'a')
    const { json } = await api.ask(inDefault)
    const { resourceVersion } = json['metadata'] as { resourceVersion: string }
    await api.streaming(
      `${path}&listOptions.resourceVersion=${resourceVersion}`,
      {},
      async (next) => {
        await put_(`${inDefault}/a/suspend`)
        expect(await next()).toBe(
          '{"result":{"type":"MODIFIED","object":{"metadata":{"name":"a"}}}}\n',
        )
      },
    )
  })

  test('is told within the stream what went wrong', async () => {
    await api.streaming(`${path}&listOptions.resourceVersion=x`, {}, async (next) => {
      const { error } = JSON.parse(await next())
      expect(error).toMatchObject({ grpc_code: 3, http_code: 400, http_status: 'InvalidArgument' })
    })
  })
})

describe('an operation', () => {
  test('suspends, resumes and stops', async () => {
    await put(api.client, 'a')
    expect((await put_(`${inDefault}/a/suspend`)).json).toMatchObject({ spec: { suspend: true } })
    const resumed = await put_(`${inDefault}/a/resume`)
    expect(resumed.json['spec']).toEqual(hello)
    expect((await put_(`${inDefault}/a/stop`)).json).toMatchObject({ spec: { shutdown: 'Stop' } })
    expect((await put_(`${inDefault}/a/terminate`)).json).toMatchObject({
      spec: { shutdown: 'Terminate' },
    })
  })

  test('that the engine refuses is a bad request', async () => {
    await put(api.client, 'a', { status: { phase: 'Succeeded' } })
    const { code, json } = await put_(`${inDefault}/a/stop`)
    const message = 'cannot shutdown a completed workflow: workflow: "a", namespace: "default"'
    expect([code, json]).toEqual([400, { code: 3, message }])
    const set = await put_(`${inDefault}/a/set`, {
      outputParameters: '[]',
      nodeFieldSelector: 'id=a',
    })
    expect(set.json['message']).toBe(
      'unable to parse output parameter set request: outputParameters: expected a JSON object of strings',
    )
  })

  test.each(['suspend', 'resume', 'stop', 'terminate', 'set', 'retry', 'resubmit'])(
    '%s of what is not there is not found',
    async (operation) => {
      const { code, json } = await put_(`${inDefault}/no/${operation}`)
      expect([code, json]).toEqual([
        404,
        { code: 5, message: 'workflows.argoproj.io "no" not found' },
      ])
    },
  )

  test('retries: the old pods go, then the workflow begins anew', async () => {
    const node = {
      id: 'a',
      name: 'a',
      displayName: 'a',
      type: 'Pod',
      phase: 'Failed',
      templateName: 'main',
    }
    await put(api.client, 'a', { status: { phase: 'Failed', nodes: { a: node } } })
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'default' } }
    await api.client.create(resources.pods, {
      ...pod,
      spec: { containers: [{ name: 'main', image: 'i' }] },
    } as never)
    const { json } = await put_(`${inDefault}/a/retry`)
    expect(json['status']).toMatchObject({ phase: '', nodes: {} })
    expect(
      await api.client.get({ resource: resources.pods, namespace: 'default', name: 'a' }),
    ).toBe(undefined)
  })

  test('resubmits under another name', async () => {
    await put(api.client, 'a', { status: { phase: 'Failed' } })
    const { json } = await put_(`${inDefault}/a/resubmit`)
    expect(json['metadata']).toMatchObject({
      name: expect.stringMatching(/^a-.{5}$/),
      labels: { 'workflows.argoproj.io/resubmitted-from-workflow': 'a' },
    })
  })

  test('deletes, with force past a finalizer', async () => {
    const metadata = { name: 'a', namespace: 'default', finalizers: ['x/y'] }
    await put(api.client, 'a', { metadata })
    expect((await api.ask(`${inDefault}/a`, { method: 'DELETE' })).json).toEqual({})
    expect((await api.ask(`${inDefault}/a`)).code).toBe(200)
    expect((await api.ask(`${inDefault}/a?force=true`, { method: 'DELETE' })).code).toBe(200)
    expect((await api.ask(`${inDefault}/a`)).code).toBe(404)
  })
})

describe('a submission', () => {
  beforeAll(async () => {
    const metadata = { name: 't', namespace: 'default' }
    const spec = { ...hello, arguments: { parameters: [{ name: 'p' }] } }
    const template = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'WorkflowTemplate',
      metadata,
      spec,
    }
    await api.client.create(resources.workflowTemplates, template)
  })
  const submit = (submitOptions: object, resourceKind = 'wftmpl', resourceName = 't') =>
    post(`${inDefault}/submit`, { resourceKind, resourceName, submitOptions })

  test('makes a workflow of a template', async () => {
    const { json } = await submit({ parameters: ['p=1'], labels: 'a=b' })
    expect(json).toMatchObject({
      metadata: { labels: { a: 'b', 'workflows.argoproj.io/workflow-template': 't' } },
      spec: {
        workflowTemplateRef: { name: 't' },
        arguments: { parameters: [{ name: 'p', value: '1' }] },
      },
    })
  })

  test.each([
    [{}, 'Pod', "Resource kind 'Pod' is not supported for submitting"],
    [{ paramters: [] }, 't', /^submitOptions\.paramters: there is no such field; known are name, /],
    [{ parameters: ['p'] }, 'wftmpl', 'expected parameter of the form: NAME=VALUE. Received: p'],
    [{}, 'wftmpl', 'spec.arguments.p.value or spec.arguments.p.valueFrom is required'],
  ])('with %j of %s is refused', async (options, kind, message) => {
    const { code, json } = await submit(options, kind)
    expect(code).toBe(400)
    expect(json['message']).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    )
  })

  test('of what is not there is not found', async () => {
    const { json } = await submit({}, 'cwft', 'no')
    expect(json['message']).toBe('clusterworkflowtemplates.argoproj.io "no" not found')
  })
})

test.each([
  ['GET', '/api/v1/nothing', 501],
  // Upstream says 501 here, too: docs/decisions/0013-argo-server.md.
  ['PATCH', inDefault, 405],
])('%s %s is not implemented', async (method, path, expected) => {
  const { code, json } = await api.ask(path, { method })
  expect([code, json['code']]).toEqual([expected, 12])
})

test('a body that is too large is refused before it is read', async () => {
  const { request } = await import('node:http')
  const code = await new Promise((resolve, reject) => {
    const headers = { 'content-length': 200 * 1024 * 1024 }
    const sent = request(`${api.url}${inDefault}`, { method: 'POST', headers }, (response) => {
      resolve(response.statusCode)
      sent.destroy()
    })
    sent.on('error', reject)
    sent.flushHeaders()
  })
  expect(code).toBe(429)
})
