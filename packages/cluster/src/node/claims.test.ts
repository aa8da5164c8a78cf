import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, eventually, type Machine, machine, phaseIs } from './fixture.ts'

const volumes = { ...resources.nodes, kind: 'PersistentVolume', plural: 'persistentvolumes' }
const claims = resources.persistentVolumeClaims

interface Stored extends KubeObject {
  readonly spec: { readonly volumeName?: string; readonly hostPath?: { readonly path: string } }
  readonly status?: { readonly phase?: string }
}

function aClaim(name: string, spec: object = {}): KubeObject {
  const asked = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } }
  const metadata = { name, namespace: 'default' }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: { ...asked, ...spec },
  } as KubeObject
}

function user(name: string, claim: string, readOnly = false): Pod {
  return aPod(name, {
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: claim, readOnly } }],
    containers: [
      {
        name: 'main',
        image: 'busybox',
        command: ['true'],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
    ],
  })
}

const get = (here: Machine, name: string) =>
  here.client.get<Stored>({ resource: claims, namespace: 'default', name })

async function bound(here: Machine, name: string): Promise<Stored> {
  return eventually(async () => {
    const claim = await get(here, name)
    return claim?.status?.phase === 'Bound' && claim.spec.volumeName ? claim : undefined
  })
}

function waitingFor(text: string) {
  return (pod: Pod | undefined) =>
    pod?.status?.containerStatuses?.[0]?.state?.waiting?.message?.includes(text) === true
}

test('a claim is bound to a directory of its own, which goes with it', async () => {
  await using here = await machine()
  await here.start()
  await here.client.create(claims, aClaim('data'))
  const claim = await bound(here, 'data')
  const name = `pvc-${claim.metadata.uid}`
  expect(claim.spec.volumeName).toBe(name)
  const volume = await here.client.get<Stored>({ resource: volumes, name })
  const path = volume?.spec.hostPath?.path ?? ''
  expect(existsSync(path)).toBe(true)
  expect(volume?.status?.phase).toBe('Bound')
  await here.client.remove({ resource: claims, namespace: 'default', name: 'data' })
  await eventually(() => !existsSync(path))
  await eventually(async () => !(await here.client.get({ resource: volumes, name })))
})

test('pods that use one claim see the same files, a reader may not write them', async () => {
  await using here = await machine()
  await here.start()
  await here.client.create(claims, aClaim('data'))
  await here.create(user('writer', 'data'))
  const { spec } = await here.container('main')
  const [mount] = spec.mounts.filter(({ target }) => target === '/v')
  expect(mount?.readOnly).toBe(false)
  ;(await here.container('main')).end(0)
  await here.until('writer', phaseIs('Succeeded'))
  await here.create(user('reader', 'data', true))
  const again = (await here.container('main')).spec.mounts.find(({ target }) => target === '/v')
  expect(again).toEqual({ source: mount?.source, target: '/v', readOnly: true })
})

test('a pod waits for a claim that is not there yet', async () => {
  await using here = await machine()
  await here.start()
  await here.create(user('early', 'data'))
  await here.until('early', waitingFor('persistentvolumeclaim "data" not found'))
  await here.client.create(claims, aClaim('data'))
  here.clock.advance(10_000)
  ;(await here.container('main')).end(0)
  await here.until('early', phaseIs('Succeeded'))
})

test.each([
  [{ volumeMode: 'Block' }, 'volumeMode Block is not supported by this node'],
  [{ dataSource: { kind: 'VolumeSnapshot' } }, 'dataSource is not supported by this node'],
  [{ selector: { matchLabels: {} } }, 'selector is not supported by this node'],
  [{ resources: { requests: { storage: '900Pi' } } }, 'are free in the data directory'],
  [{ resources: { requests: { storage: 'much' } } }, '"much" is no amount of storage'],
  [{ volumeName: 'nowhere' }, 'persistentvolume "nowhere" not found'],
])('a claim that asks for %j stays Pending, and its pod says why', async (spec, why) => {
  await using here = await machine()
  await here.start()
  await here.client.create(claims, aClaim('data', spec))
  await here.create(user('user', 'data'))
  await here.until('user', waitingFor(why))
  expect((await get(here, 'data'))?.status?.phase).not.toBe('Bound')
})

test('a claim may name a volume that somebody made; its files stay when the claim goes', async () => {
  await using here = await machine()
  await here.start()
  const path = here.dataDir
  const volume = { capacity: { storage: '5Gi' }, hostPath: { path } }
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'mine' },
    spec: volume,
  }
  await here.client.create(volumes, object as KubeObject)
  await here.client.create(claims, aClaim('data', { volumeName: 'mine' }))
  await bound(here, 'data')
  await here.create(user('user', 'data'))
  const mounts = (await here.container('main')).spec.mounts
  expect(mounts.find(({ target }) => target === '/v')?.source).toBe(path)
  await here.client.create(claims, aClaim('other', { volumeName: 'mine' }))
  await here.create(user('thief', 'other'))
  await here.until('thief', waitingFor('persistentvolume "mine" is already bound to default/data'))
  await here.client.remove({ resource: claims, namespace: 'default', name: 'data' })
  const phase = () => here.client.get<Stored>({ resource: volumes, name: 'mine' })
  await eventually(async () => (await phase())?.status?.phase === 'Released')
  expect(existsSync(path)).toBe(true)
})

test('a claim that went while no node was there leaves nothing behind', async () => {
  await using here = await machine()
  const first = await here.start()
  await here.client.create(claims, aClaim('data'))
  await bound(here, 'data')
  await first[Symbol.asyncDispose]()
  await here.client.remove({ resource: claims, namespace: 'default', name: 'data' })
  await here.start()
  await eventually(async () => (await readdir(`${here.dataDir}/claims`)).length === 0)
})

test('among several nodes a claim is the one’s that first needs it: nobody else gives it, or takes it back', async () => {
  await using here = await machine()
  await here.start({ boundOnly: true })
  await using there = await machine()
  await here.start({ boundOnly: true, nodeName: 'there', dataDir: there.dataDir })
  await here.client.create(claims, aClaim('data'))
  const placed = (name: string, nodeName: string) => {
    const pod = user(name, 'data')
    return { ...pod, spec: { ...pod.spec, nodeName } }
  }
  await here.create(placed('first', 'there'))
  await here.until('first', phaseIs('Running'))
  const { spec } = await bound(here, 'data')
  const volume = await here.client.get<Stored>({ resource: volumes, name: spec.volumeName ?? '' })
  expect(volume?.spec.hostPath?.path.startsWith(there.dataDir)).toBe(true)
  await here.create(placed('second', 'here'))
  await here.until('second', waitingFor('"data" is on node there'))
  for (const name of ['first', 'second'])
    await here.client.remove({ resource: resources.pods, namespace: 'default', name })
  await here.client.remove({ resource: claims, namespace: 'default', name: 'data' })
  await eventually(() => !existsSync(volume?.spec.hostPath?.path ?? ''))
})
