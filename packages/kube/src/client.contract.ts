import assert from 'node:assert/strict'
import type { JsonObject, KubeObject } from '@argosy/engine'
import {
  configMap,
  type Loose,
  pod,
  ref,
  refused,
  told,
  watching,
  workflow,
} from './client.fixture.ts'
import type { Client } from './client.ts'
import { valueAt } from './draft.ts'
import { apiVersionOf, resources } from './resource.ts'

/** A client to examine, with a namespace of its own. */
export interface Subject {
  readonly client: Client
  readonly namespace: string
}

/** One promise of the port; run it under any test runner. */
export interface ClientCase {
  readonly name: string
  readonly run: (subject: Subject) => Promise<void>
}

const { configMaps, workflows, pods } = resources

/** What every Client must do, in process or over HTTPS. */
export const clientContract: readonly ClientCase[] = [
  {
    name: 'a created object is there, completed by the server',
    async run({ client, namespace }) {
      const made = await client.create(configMaps, configMap(namespace, 'a'))
      assert.match(made.uid ?? '', /^[0-9a-f-]{36}$/)
      assert.match(made.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      const found = await client.get<Loose>(ref(configMaps, namespace, 'a'))
      assert.equal(found?.metadata.resourceVersion, made.resourceVersion)
      assert.deepEqual(found?.['data'], { text: 'a' })
    },
  },
  {
    name: 'an absent object is undefined, and cannot be changed or removed',
    async run({ client, namespace }) {
      const absent = ref(configMaps, namespace, 'absent')
      assert.equal(await client.get(absent), undefined)
      await refused('NotFound', client.remove(absent), 'configmaps "absent" not found')
      await refused('NotFound', client.patch(absent, { type: 'merge', body: {} }))
      await refused('NotFound', client.update(configMaps, configMap(namespace, 'absent')))
    },
  },
  {
    name: 'a second object of the same name is refused',
    async run({ client, namespace }) {
      const twice = configMap(namespace, 'twice')
      const [first, second] = await Promise.allSettled([
        client.create(configMaps, twice),
        client.create(configMaps, twice),
      ])
      assert.equal(first.status, 'fulfilled')
      assert.equal(second.status, 'rejected')
      await refused(
        'AlreadyExists',
        client.create(configMaps, twice),
        'configmaps "twice" already exists',
      )
    },
  },
  {
    name: 'generateName gives names of their own',
    async run({ client, namespace }) {
      const make = () =>
        client.create(workflows, workflow(namespace, { generateName: 'hello-world-' }))
      const [a, b] = await Promise.all([make(), make()])
      assert.match(a.name ?? '', /^hello-world-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
      assert.notEqual(a.name, b.name)
    },
  },
  {
    name: 'bad names, labels and namespaces are refused',
    async run({ client, namespace }) {
      const create = (object: KubeObject) => client.create(configMaps, object)
      await refused('Invalid', create(configMap(namespace, 'Not_A_Name')))
      const labelled = { ...configMap(namespace, 'labelled').metadata, labels: { a: 'not ok!' } }
      await refused('Invalid', create({ ...configMap(namespace, 'labelled'), metadata: labelled }))
      await refused(
        'NotFound',
        create(configMap('no-such-namespace', 'a')),
        'namespaces "no-such-namespace" not found',
      )
    },
  },
  {
    name: 'a stale writer loses',
    async run({ client, namespace }) {
      const stale = await client.create(configMaps, configMap(namespace, 'stale'))
      const target = ref(configMaps, namespace, 'stale')
      await client.patch(target, { type: 'merge', body: { data: { text: 'new' } } })
      const old = { ...configMap(namespace, 'stale'), metadata: { ...stale } }
      const message =
        'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again'
      await refused('Conflict', client.update(configMaps, old), message)
      const resourceVersion = stale.resourceVersion ?? ''
      await refused(
        'Conflict',
        client.patch(target, { type: 'merge', body: { data: { text: 'x' } }, resourceVersion }),
      )
      await refused('Conflict', client.remove(target, { resourceVersion }))
      assert.deepEqual((await client.get<Loose>(target))?.['data'], { text: 'new' })
    },
  },
  {
    name: 'a write that changes nothing makes no new version',
    async run({ client, namespace }) {
      const made = await client.create(configMaps, configMap(namespace, 'same'))
      const target = ref(configMaps, namespace, 'same')
      const patched = await client.patch(target, {
        type: 'merge',
        body: { data: { text: 'same' } },
      })
      assert.equal(patched.resourceVersion, made.resourceVersion)
      const updated = await client.update(configMaps, configMap(namespace, 'same'))
      assert.equal(updated.resourceVersion, made.resourceVersion)
    },
  },
  {
    name: 'an update replaces all but what the server owns',
    async run({ client, namespace }) {
      const made = await client.create(
        workflows,
        workflow(namespace, { name: 'replaced', labels: { a: 'b' } }),
      )
      await client.update(workflows, {
        ...workflow(namespace, { name: 'replaced' }),
        extra: { kept: null },
      } as never)
      const found = await client.get<Loose>(ref(workflows, namespace, 'replaced'))
      assert.equal(found?.metadata.uid, made.uid)
      assert.equal(found?.metadata.creationTimestamp, made.creationTimestamp)
      assert.equal(found?.metadata.labels, undefined)
      assert.deepEqual(found?.['extra'], { kept: null })
      assert.equal(found?.metadata.generation, 2)
    },
  },
  {
    name: 'a merge patch changes what it names and removes what it nulls',
    async run({ client, namespace }) {
      await client.create(
        workflows,
        workflow(namespace, { name: 'merged', labels: { a: '1', b: '2' } }),
      )
      const target = ref(workflows, namespace, 'merged')
      const body = {
        metadata: { labels: { a: null, c: '3' } },
        status: { phase: 'Running', nodes: { x: { id: 'x' } } },
      }
      await client.patch(target, { type: 'merge', body })
      const found = await client.get<Loose>(target)
      assert.deepEqual(found?.metadata.labels, { b: '2', c: '3' })
      assert.deepEqual(found?.['status'], body.status)
    },
  },
  {
    name: 'a JSON patch changes nodes and children, and is refused as a whole',
    async run({ client, namespace }) {
      await client.create(
        workflows,
        workflow(namespace, { name: 'patched' }, { nodes: { root: { children: [] } } }),
      )
      const target = ref(workflows, namespace, 'patched')
      const add = (id: string) =>
        client.patch(target, {
          type: 'json',
          body: [
            { op: 'add', path: `/status/nodes/${id}`, value: { id, phase: 'Pending' } },
            { op: 'add', path: '/status/nodes/root/children/-', value: id },
            { op: 'replace', path: `/status/nodes/${id}/phase`, value: 'Running' },
          ],
        })
      await Promise.all([add('a'), add('b')])
      await refused(
        'Invalid',
        client.patch(target, {
          type: 'json',
          body: [
            { op: 'replace', path: '/status/nodes/a/phase', value: 'Failed' },
            { op: 'replace', path: '/status/nodes/absent/phase', value: 'Failed' },
          ],
        }),
      )
      await refused(
        'Invalid',
        client.patch(target, {
          type: 'json',
          body: [{ op: 'test', path: '/status/phase', value: 'x' }],
        }),
      )
      const found = await client.get<Loose>(target)
      assert.deepEqual(found?.['status'], {
        nodes: {
          root: { children: ['a', 'b'] },
          a: { id: 'a', phase: 'Running' },
          b: { id: 'b', phase: 'Running' },
        },
      })
    },
  },
  {
    name: "a pod's status is written through its subresource only",
    async run({ client, namespace }) {
      await client.create(pods, pod(namespace, 'status'))
      const target = ref(pods, namespace, 'status')
      const phase = async () => valueAt((await client.get(target)) as never, '/status/phase')
      await client.patch(target, { type: 'merge', body: { status: { phase: 'Running' } } })
      assert.equal(await phase(), 'Pending')
      await client.patch(target, {
        type: 'merge',
        body: { status: { phase: 'Running' } },
        subresource: 'status',
      })
      assert.equal(await phase(), 'Running')
    },
  },
  {
    name: 'lists are ordered, selected and paged',
    async run({ client, namespace }) {
      const names = ['c', 'a', 'e', 'b', 'd']
      const make = (name: string, index: number) => {
        const object = configMap(namespace, `list-${name}`)
        const labels = { app: 'list', parity: index % 2 === 0 ? 'even' : 'odd' }
        return client.create(configMaps, { ...object, metadata: { ...object.metadata, labels } })
      }
      await Promise.all(names.map(make))
      const query = { resource: configMaps, namespace, labelSelector: 'app=list' }
      const list = async (more: object) => {
        const found = await client.list({ ...query, ...more })
        return { ...found, names: found.items.map((item) => item.metadata.name) }
      }
      assert.deepEqual((await list({})).names, ['list-a', 'list-b', 'list-c', 'list-d', 'list-e'])
      assert.deepEqual((await list({ labelSelector: 'app=list,parity notin (odd)' })).names, [
        'list-c',
        'list-d',
        'list-e',
      ])
      assert.deepEqual(
        (await list({ fieldSelector: 'metadata.name!=list-a,metadata.name!=list-b' })).names,
        ['list-c', 'list-d', 'list-e'],
      )
      const first = await list({ limit: 3 })
      const second = await list({ limit: 3, continue: first.continue })
      assert.deepEqual([...first.names, ...second.names], (await list({})).names)
      assert.equal(second.continue ?? '', '')
      await refused(
        'BadRequest',
        list({ fieldSelector: 'data.text=x' }),
        'field label not supported: data.text',
      )
    },
  },
  {
    name: 'a list and a watch from its version tell the whole story, once and in order',
    async run({ client, namespace }) {
      await client.create(configMaps, configMap(namespace, 'before'))
      const { resourceVersion } = await client.list({ resource: configMaps, namespace })
      const target = ref(configMaps, namespace, 'watched')
      await client.create(configMaps, configMap(namespace, 'watched'))
      await client.patch(target, { type: 'merge', body: { data: { text: '1' } } })
      await watching(client, { resource: configMaps, namespace, resourceVersion }, async (next) => {
        assert.deepEqual(told(await next()), ['ADDED', 'watched', 'watched'])
        assert.deepEqual(told(await next()), ['MODIFIED', 'watched', '1'])
        await client.remove(target)
        const last = await next()
        assert.deepEqual(told(last), ['DELETED', 'watched', '1'])
        assert.equal(last.object.metadata.resourceVersion, last.resourceVersion)
        assert.ok(Number(last.resourceVersion) > Number(resourceVersion))
      })
    },
  },
  {
    name: 'a watch without a version begins with what is there',
    async run({ client, namespace }) {
      await client.create(configMaps, configMap(namespace, 'there'))
      const query = { resource: configMaps, namespace, fieldSelector: 'metadata.name=there' }
      await watching(client, query, async (next) => {
        assert.deepEqual(told(await next()), ['ADDED', 'there', 'there'])
      })
    },
  },
  {
    name: 'an object that begins or ceases to match is added or deleted for the watcher',
    async run({ client, namespace }) {
      const { resourceVersion } = await client.list({ resource: configMaps, namespace })
      const target = ref(configMaps, namespace, 'turncoat')
      const label = (side: string | null) =>
        client.patch(target, { type: 'merge', body: { metadata: { labels: { side } } } })
      await client.create(configMaps, configMap(namespace, 'turncoat'))
      const query = { resource: configMaps, namespace, labelSelector: 'side=ours', resourceVersion }
      await watching(client, query, async (next) => {
        await label('ours')
        assert.equal((await next()).type, 'ADDED')
        const { resourceVersion: left } = await label('theirs')
        const event = await next()
        assert.equal(event.type, 'DELETED')
        assert.equal(event.object.metadata.resourceVersion, left)
        assert.deepEqual(event.object.metadata.labels, { side: 'ours' })
        await label(null)
        await label('ours')
        assert.equal((await next()).type, 'ADDED')
      })
    },
  },
  {
    name: 'finalizers hold an object until the last one is taken away',
    async run({ client, namespace }) {
      const object = configMap(namespace, 'held')
      const metadata = { ...object.metadata, finalizers: ['example.com/hold'] }
      await client.create(configMaps, { ...object, metadata })
      const target = ref(configMaps, namespace, 'held')
      await client.remove(target)
      const held = await client.get(target)
      assert.match(held?.metadata.deletionTimestamp ?? '', /Z$/)
      await refused(
        'Invalid',
        client.patch(target, {
          type: 'merge',
          body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
        }),
      )
      await client.patch(target, { type: 'merge', body: { metadata: { finalizers: [] } } })
      assert.equal(await client.get(target), undefined)
    },
  },
  {
    name: 'a pod that runs somewhere is given its grace period',
    async run({ client, namespace }) {
      const object = pod(namespace, 'graceful') as Loose
      const spec = {
        ...(object['spec'] as JsonObject),
        nodeName: 'nowhere',
        terminationGracePeriodSeconds: 7,
      }
      await client.create(pods, { ...object, spec } as KubeObject)
      const target = ref(pods, namespace, 'graceful')
      await client.remove(target)
      const dying = await client.get(target)
      assert.equal(dying?.metadata.deletionGracePeriodSeconds, 7)
      await refused('Conflict', client.remove(target, { uid: 'another', gracePeriodSeconds: 0 }))
      await client.remove(target, { gracePeriodSeconds: 0 })
      assert.equal(await client.get(target), undefined)
    },
  },
  {
    name: 'what belongs to a removed object is removed',
    async run({ client, namespace }) {
      const owner = await client.create(workflows, workflow(namespace, { name: 'owner' }))
      const object = configMap(namespace, 'owned')
      const ownerReferences = [
        {
          apiVersion: apiVersionOf(workflows),
          kind: 'Workflow',
          name: 'owner',
          uid: owner.uid ?? '',
        },
      ]
      await client.create(configMaps, {
        ...object,
        metadata: { ...object.metadata, ownerReferences },
      })
      const { resourceVersion } = await client.list({ resource: configMaps, namespace })
      await watching(client, { resource: configMaps, namespace, resourceVersion }, async (next) => {
        await client.remove(ref(workflows, namespace, 'owner'))
        assert.deepEqual(told(await next()), ['DELETED', 'owned', 'owned'])
      })
    },
  },
]
