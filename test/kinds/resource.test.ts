import { setImmediate as turn } from 'node:timers/promises'
import type { JsonObject } from '@argosy/engine'
import { type Client, type HandClock, StatusError } from '@argosy/kube'
import { expect, test } from 'vitest'
import { executorPrograms } from '../../packages/executor/src/index.ts'
import { type Bench, bench, outputs, resources } from './bench.ts'
import { resourceCases } from './resource.cases.ts'

const { resource } = executorPrograms()
if (!resource) throw new Error('there is no program for resources')

async function furnished(): Promise<Bench> {
  const made = bench()
  await made.create(resources.configMaps, 'there', {
    metadata: { labels: { app: 'x' } },
    data: { a: '1', b: '2' },
  })
  await made.create(resources.workflows, 'w', { spec: {} })
  return made
}

test.each(resourceCases)('$name', async (one) => {
  const made = await furnished()
  const declared = one.outputs && outputs(one.outputs)
  const container = made.container({
    resource: one.resource,
    ...(declared && { outputs: declared }),
  })
  const run = resource(container.call())
  if (one.error !== undefined) await expect(run).rejects.toThrow(new Error(one.error))
  else expect(await run).toBe(0)

  const values = Object.entries(one.values ?? {}).map(([name, value]) => [
    `/var/run/argo/outputs/${name}`,
    `${value}\n`,
  ])
  if (one.error === undefined)
    expect(Object.fromEntries(container.files)).toEqual(Object.fromEntries(values))
  const left = (await made.get(resources.configMaps, 'there')) as { data?: JsonObject } | undefined
  if (one.data !== undefined) expect(left?.data ?? null).toEqual(one.data)
})

const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: g-}\n'

test('a creation that was cut off after the object was there is not made twice', async () => {
  const made = await furnished()
  const container = made.container({
    resource: { action: 'create', manifest },
    outputs: outputs({ n: '{.metadata.name}' }),
  })
  const call = container.call()
  const cut = {
    ...made.client,
    create: async (...args: Parameters<typeof made.client.create>) => {
      await made.client.create(...args)
      throw new Error('cut off')
    },
  }
  const methods = {
    get: made.client.get.bind(made.client),
    list: made.client.list.bind(made.client),
  }
  await expect(
    resource({ ...call, client: { ...cut, ...methods } as typeof made.client }),
  ).rejects.toThrow('cut off')
  expect(await resource(container.call())).toBe(0)
  const { items } = await made.client.list({
    resource: resources.configMaps,
    labelSelector: '!app',
  })
  expect(items.map(({ metadata }) => metadata.name)).toEqual([
    container.files.get('/var/run/argo/outputs/n')?.trim(),
  ])
})

test('an action that is done is not done again', async () => {
  const made = await furnished()
  const container = made.container({
    resource: {
      action: 'patch',
      mergeStrategy: 'merge',
      flags: ['cm', 'there'],
      manifest: 'data: {a: "7"}',
    },
  })
  await resource(container.call())
  const before = await made.get(resources.configMaps, 'there')
  await made.client.patch(
    { resource: resources.configMaps, namespace: 'default', name: 'there' },
    { type: 'merge', body: { data: { a: '8' } } },
  )
  await resource(container.call())
  const after = (await made.get(resources.configMaps, 'there')) as { data?: JsonObject } | undefined
  expect(before).toMatchObject({ data: { a: '7' } })
  expect(after?.data).toEqual({ a: '8', b: '2' })
})

test('a condition is waited for, and told when the object goes', async () => {
  const made = await furnished()
  const waiting = (condition: JsonObject) =>
    resource(
      made.container({ resource: { action: 'get', flags: ['cm', 'there'], ...condition } }).call(),
    )
  const ref = { resource: resources.configMaps, namespace: 'default', name: 'there' }
  const success = waiting({ successCondition: 'data.done == yes' })
  const failure = waiting({ failureCondition: 'data.bad > 2', successCondition: 'data.never' })
  const loss = waiting({ successCondition: 'data.never' })
  const fates = Promise.all([
    success,
    expect(failure).rejects.toThrow("failure condition '{data.bad gt [2]}' evaluated true"),
    expect(loss).rejects.toThrow(
      'The resource has been deleted while its status was still being checked. Will not be retried: configmaps "there" not found',
    ),
  ])
  await made.client.patch(ref, { type: 'merge', body: { data: { done: 'yes' } } })
  await made.client.patch(ref, { type: 'merge', body: { data: { bad: '3' } } })
  await made.client.remove(ref)
  await fates
})

test('a second apply takes back what the first one asked for and it does not', async () => {
  const made = await furnished()
  const apply = (data: string) =>
    resource(
      made
        .container({
          resource: {
            action: 'apply',
            manifest: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\ndata: ${data}\n`,
          },
        })
        .call(),
    )
  await apply('{a: "1", b: "2"}')
  await made.client.patch(
    { resource: resources.configMaps, namespace: 'default', name: 'mine' },
    { type: 'merge', body: { data: { theirs: 'x' } } },
  )
  await apply('{b: "3"}')
  expect(await made.get(resources.configMaps, 'mine')).toMatchObject({
    data: { b: '3', theirs: 'x' },
  })
  const left = (await made.get(resources.configMaps, 'mine')) as { data?: JsonObject } | undefined
  expect(left?.data).toEqual({ b: '3', theirs: 'x' })
})

test('a condition on a kind that nobody here acts on fails at once', async () => {
  const made = await furnished()
  const { resource: choosy } = executorPrograms(({ kind }) => `nobody acts on a ${kind}`)
  const container = made.container({
    resource: { action: 'get', flags: ['cm', 'there'], successCondition: 'status.succeeded > 0' },
  })
  await expect(choosy?.(container.call())).rejects.toThrow('nobody acts on a ConfigMap')
})

test('a manifest comes from an artifact', async () => {
  const made = await furnished()
  const container = made.container({
    inputs: { artifacts: [{ name: 'm', path: '/tmp/m.yaml' }] },
    resource: { action: 'create', manifestFrom: { artifact: { name: 'm' } } },
  })
  container.files.set(
    '/tmp/m.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-file}\n',
  )
  expect(await resource(container.call())).toBe(0)
  expect(await made.get(resources.configMaps, 'from-file')).toBeDefined()
})

/** A client whose answers to one kind of write get lost once: it happens, and nobody hears of it. */
function forgetful(client: Client, verb: 'create' | 'patch'): Client {
  let lost = false
  const once = async <T>(act: () => Promise<T>): Promise<T> => {
    const done = await act()
    if (lost) return done
    lost = true
    throw new StatusError('ServiceUnavailable', 'the server was killed')
  }
  return {
    get: (...args) => client.get(...args),
    list: (...args) => client.list(...args),
    watch: (...args) => client.watch(...args),
    update: (...args) => client.update(...args),
    remove: (...args) => client.remove(...args),
    create: (...args) => {
      const act = () => client.create(...args)
      return verb === 'create' ? once(act) : act()
    },
    patch: (...args) => {
      const act = () => client.patch(...args)
      return verb === 'patch' ? once(act) : act()
    },
  }
}

/** Time passes as soon as somebody waits for it. */
async function hurried<T>(clock: HandClock, work: Promise<T>): Promise<T> {
  let over = false
  const done = work.finally(() => {
    over = true
  })
  while (!over) {
    clock.advance(clock.waiting > 0 ? 100 : 0)
    await turn()
  }
  return done
}

test('an object whose creation was answered by nobody is not made twice', async () => {
  const made = await furnished()
  const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: twin-}\n'
  const client = forgetful(made.client, 'create')
  const container = made.container({ resource: { action: 'create', manifest } }, { client })
  expect(await hurried(made.clock, resource(container.call()))).toBe(0)
  const { items } = await made.client.list({ resource: resources.configMaps, namespace: 'default' })
  expect(items.filter(({ metadata }) => metadata.name?.startsWith('twin-'))).toHaveLength(1)
})

const appended = {
  resource: {
    ...{ action: 'patch', mergeStrategy: 'json', flags: ['cm', 'listed'] },
    manifest: '[{"op": "add", "path": "/list/-", "value": "x"}]',
  },
}

test('a patch whose answer was lost is not sent again', async () => {
  const made = await furnished()
  await made.create(resources.configMaps, 'listed', { list: ['a'] })
  const client = forgetful(made.client, 'patch')
  const container = made.container(appended, { client })
  expect(await hurried(made.clock, resource(container.call()))).toBe(0)
  expect(await made.get(resources.configMaps, 'listed')).toMatchObject({ list: ['a', 'x'] })
})

test('a patch that a crash cut off is not sent again, and one that it prevented is', async () => {
  for (const isSent of [true, false]) {
    const made = await furnished()
    await made.create(resources.configMaps, 'listed', { list: ['a'] })
    const life = new AbortController()
    const dying: Client = {
      ...forgetful(made.client, 'create'),
      patch: async (...args) => {
        if (isSent) await made.client.patch(...args)
        life.abort(new Error('killed'))
        throw life.signal.reason
      },
    }
    const container = made.container(appended)
    const first = resource(container.call({ client: dying, signal: life.signal }))
    await expect(first).rejects.toThrow('killed')
    expect(await resource(container.call())).toBe(0)
    expect(await made.get(resources.configMaps, 'listed')).toMatchObject({ list: ['a', 'x'] })
  }
})
