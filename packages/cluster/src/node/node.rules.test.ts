import type { Pod } from '@argosy/engine'
import { apiVersionOf, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { aPod, aStep, eventually, type Machine, machine, phaseIs } from './fixture.ts'

const main = { name: 'main', image: 'busybox', command: ['true'] }

function state(pod: Pod | undefined, name = 'main') {
  const all = [
    ...(pod?.status?.initContainerStatuses ?? []),
    ...(pod?.status?.containerStatuses ?? []),
  ]
  return all.find((one) => one.name === name)
}

function waitsFor(reason: string) {
  return (pod: Pod | undefined) => state(pod)?.state?.waiting?.reason === reason
}

test('init containers run one after the other, and before the others', async () => {
  await using here = await machine()
  await here.start()
  const initContainers = ['one', 'two'].map((name) => ({ ...main, name }))
  await here.create(aPod('inits', { initContainers }))
  ;(await here.container('one')).end(0)
  const pending = await here.until(
    'inits',
    (pod) => state(pod, 'two')?.state?.running !== undefined,
  )
  expect(pending?.status?.phase).toBe('Pending')
  expect(state(pending)?.state).toEqual({ waiting: { reason: 'PodInitializing' } })
  expect(here.runtime.containers.size).toBe(2)
  ;(await here.container('two')).end(0)
  ;(await here.container('main')).end(0)
  await here.until('inits', phaseIs('Succeeded'))
})

test('a failed init container fails the pod, and the others never start', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('bad', { initContainers: [{ ...main, name: 'one' }] }))
  ;(await here.container('one')).end(4)
  const pod = await here.until('bad', phaseIs('Failed'))
  expect(state(pod, 'one')?.state?.terminated).toMatchObject({ exitCode: 4, reason: 'Error' })
  expect(state(pod)?.state).toEqual({ waiting: { reason: 'PodInitializing' } })
})

test('OnFailure restarts at once, then after 10 s, 20 s, and keeps the last state', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('again', { restartPolicy: 'OnFailure' }))
  ;(await here.container('main')).end(1)
  const second = await eventually(() =>
    [...here.runtime.containers.values()].find(({ running }) => running),
  )
  second.end(1)
  const backing = await here.until('again', waitsFor('CrashLoopBackOff'))
  expect(backing?.status?.phase).toBe('Running')
  expect(state(backing)?.state?.waiting?.message).toMatch(
    /^back-off 10s restarting failed container=main pod=again_default\(/,
  )
  expect(state(backing)?.lastState?.terminated?.exitCode).toBe(1)
  here.clock.advance(10_000)
  const third = await here.container('main')
  expect(third.spec.dir).toMatch(/\.main\.2$/)
  third.end(0)
  const pod = await here.until('again', phaseIs('Succeeded'))
  expect(state(pod)?.restartCount).toBe(2)
})

test('the active deadline fails a pod, with a grace between SIGTERM and SIGKILL', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('late', { activeDeadlineSeconds: 60, terminationGracePeriodSeconds: 5 }))
  const container = await here.container('main')
  here.clock.advance(60_000)
  const pod = await here.until('late', phaseIs('Failed'))
  expect(container.signals).toEqual(['SIGTERM'])
  expect(pod?.status).toMatchObject({
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  })
  expect(state(pod)?.state?.terminated).toMatchObject({ exitCode: 143, reason: 'Error' })
})

test('lowering the deadline of a running pod stops it', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aStep('stopped', { container: { name: 'main' } }))
  const container = await here.container('main')
  await here.client.patch(
    { resource: resources.pods, namespace: 'default', name: 'stopped' },
    { type: 'merge', body: { spec: { activeDeadlineSeconds: 0 } } },
  )
  const pod = await here.until('stopped', phaseIs('Failed'))
  expect(container.signals).toEqual(['SIGTERM'])
  expect(pod?.status?.reason).toBe('DeadlineExceeded')
  expect((await here.result('stopped'))?.metadata.labels).toMatchObject({
    'workflows.argoproj.io/report-outputs-completed': 'true',
  })
})

test("a step's own deadline ends its container and says so", async () => {
  await using here = await machine()
  await here.start()
  const deadline = new Date(here.clock.now() + 30_000).toISOString()
  await here.create(aStep('slow', { container: { name: 'main' } }, { deadline }))
  await here.container('main')
  here.clock.advance(30_000)
  const pod = await here.until('slow', phaseIs('Failed'))
  expect(pod?.status?.message).toBe('Step exceeded its deadline')
})

test('a deleted pod gets SIGTERM, SIGKILL after the grace, a last status, and goes', async () => {
  await using here = await machine()
  const stubborn = here.runtime
  await here.start()
  await here.create(aPod('going', { terminationGracePeriodSeconds: 7 }))
  await here.until('going', phaseIs('Running'))
  const container = await here.container('main')
  const signals: string[] = []
  Object.assign(container, { kill: (signal: string) => signals.push(signal) })
  const seen = here.writes('going')
  const ref = { resource: resources.pods, namespace: 'default', name: 'going' }
  await here.client.remove(ref)
  await eventually(() => signals.includes('SIGTERM'))
  here.clock.advance(6_999)
  expect(signals).toEqual(['SIGTERM'])
  here.clock.advance(1)
  await eventually(() => signals.length > 1)
  expect(signals).toEqual(['SIGTERM', 'SIGKILL'])
  container.end({ code: 137, signal: 9 })
  await here.until('going', (pod) => pod === undefined)
  const last = seen.findLast(({ status }) => status?.phase === 'Failed')
  expect(state(last)?.state?.terminated).toMatchObject({ exitCode: 137, signal: 9 })
  await eventually(() => stubborn.containers.size === 0)
})

test('sidecars are ended when the main container of a step has ended', async () => {
  await using here = await machine()
  await here.start()
  const containers = [main, { ...main, name: 'side' }]
  await here.create(aStep('sided', { container: { name: 'main' } }, {}, { containers }))
  const side = await here.container('side')
  ;(await here.container('main')).end(0)
  const pod = await here.until('sided', phaseIs('Failed'))
  expect(side.signals).toEqual(['SIGTERM'])
  expect(state(pod)?.state?.terminated?.exitCode).toBe(0)
  expect(state(pod, 'side')?.state?.terminated?.exitCode).toBe(143)
})

test('a pod that does not fit waits as Unschedulable, and starts when there is room', async () => {
  await using here = await machine()
  await here.start({ capacity: { cpu: 1, memory: '1Gi' } })
  const asking = (cpu: string) => ({
    containers: [{ ...main, resources: { requests: { cpu } } }],
  })
  await here.create(aPod('big', asking('800m')))
  const big = await here.container('main')
  await here.create(aPod('second', asking('300m')))
  const waits = await here.until('second', (pod) => pod?.status?.conditions !== undefined)
  expect(waits?.spec.nodeName).toBeUndefined()
  expect(waits?.status?.conditions?.[0]).toMatchObject({
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/1 nodes are available: 1 Insufficient cpu.',
  })
  await here.create(aPod('small', asking('100m')))
  await here.until('small', phaseIs('Running'))
  big.end(0)
  await here.until('second', phaseIs('Running'))
})

test('thousands of waiting pods cost no write', async () => {
  await using here = await machine()
  await here.start({ maxPods: 1 })
  await here.create(aPod('first'))
  await here.until('first', phaseIs('Running'))
  const before = (await here.client.list({ resource: resources.pods })).resourceVersion
  const names = Array.from({ length: 2000 }, (_, index) => `waiting-${index}`)
  await Promise.all(names.map((name) => here.client.create(resources.pods, aPod(name))))
  await here.until('waiting-0', () => true)
  const after = (await here.client.list({ resource: resources.pods })).resourceVersion
  expect(Number(after) - Number(before)).toBe(2000)
  ;(await here.container('main')).end(0)
  await here.until('waiting-0', phaseIs('Running'))
})

test('a waiting pod that is deleted goes at once', async () => {
  await using here = await machine()
  await here.start({ maxPods: 1 })
  await here.create(aPod('first'))
  await here.until('first', phaseIs('Running'))
  await here.create(aPod('queued', { nodeName: 'here' }))
  const ref = { resource: resources.pods, namespace: 'default', name: 'queued' }
  await here.client.remove(ref)
  await here.until('queued', (pod) => pod === undefined)
})

test.each([
  ['livenessProbe.odd', { livenessProbe: { odd: { port: 1 } } }],
  ['lifecycle.stopSignal', { lifecycle: { stopSignal: 'SIGUSR1' } }],
  ['lifecycle.preStop.tcpSocket', { lifecycle: { preStop: { tcpSocket: { port: 1 } } } }],
  ['notAField', { notAField: 1 }],
])('%s is refused by name', async (field, extra) => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('odd', { containers: [{ ...main, ...extra }] }))
  const pod = await here.until('odd', phaseIs('Failed'))
  const words = `this node does not support spec.containers[0].${field}`
  expect(state(pod)?.state?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    message: words,
  })
  const events = await eventually(async () => {
    const all = await here.events()
    return all.filter(({ reason }) => reason === 'Failed')
  })
  expect(events.map(({ message }) => message)).toEqual([`Error: ${words}`])
  expect(here.runtime.containers.size).toBe(0)
})

test('an image nobody knows how to start names what to add', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('odd', { containers: [{ name: 'main', image: 'acme/tool:1' }] }))
  const pod = await here.until('odd', phaseIs('Failed'))
  expect(state(pod)?.state?.terminated?.message).toContain('add { match: "acme/tool:1"')
})

test('a pod that is restarted waits where nothing but a new pod can help, as at a kubelet', async () => {
  await using here = await machine()
  await here.start()
  const containers = [{ name: 'main', image: 'acme/tool:1' }]
  await here.create(aPod('odd', { restartPolicy: 'Always', containers }))
  const pod = await here.until('odd', waitsFor('ErrImagePull'))
  expect(state(pod)?.state?.waiting?.message).toContain('add { match: "acme/tool:1"')
})

test('a missing ConfigMap holds the pod up until it is there', async () => {
  await using here = await machine()
  await here.start()
  const env = [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'cm', key: 'x' } } }]
  await here.create(aPod('needs', { containers: [{ ...main, env }] }))
  const pod = await here.until('needs', waitsFor('CreateContainerConfigError'))
  expect(state(pod)?.state?.waiting?.message).toBe('configmap "cm" not found')
  await createConfigMap(here, 'cm', { x: 'here' })
  here.clock.advance(10_000)
  const container = await here.container('main')
  expect(container.spec.env.X).toBe('here')
})

test('a missing volume source is a FailedMount', async () => {
  await using here = await machine()
  await here.start()
  const spec = {
    volumes: [{ name: 'v', configMap: { name: 'cm' } }],
    containers: [{ ...main, volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
  }
  await here.create(aPod('needs', spec))
  await here.until('needs', waitsFor('ContainerCreating'))
  const events = await eventually(async () =>
    (await here.events()).find(({ reason }) => reason === 'FailedMount'),
  )
  expect(events.message).toBe('configmap "cm" not found')
  await createConfigMap(here, 'cm', { 'a.txt': 'text' })
  here.clock.advance(10_000)
  const { mounts } = (await here.container('main')).spec
  expect(mounts[0]).toEqual({
    source: expect.stringMatching(/volumes\/v$/),
    target: '/v',
    readOnly: false,
  })
})

test('an input artifact that is not there is the fault of the init container', async () => {
  await using here = await machine()
  await here.start()
  const artifacts = [{ name: 'in', path: '/in', disk: { key: 'none' } }]
  await here.create(aStep('lacking', { container: { name: 'main' }, inputs: { artifacts } }))
  const pod = await here.until('lacking', phaseIs('Failed'))
  const message = 'artifact in failed to load: no artifact at key none'
  expect(state(pod, 'init')?.state?.terminated).toMatchObject({ exitCode: 64, message })
  expect(await here.result('lacking')).toMatchObject({ phase: 'Error', message })
  expect(here.runtime.containers.size).toBe(0)
})

test('an output that is not there makes the step an error, not the pod', async () => {
  await using here = await machine(() => 0)
  await here.start()
  const parameters = [{ name: 'p', valueFrom: { path: '/p' } }]
  await here.create(aStep('empty', { container: { name: 'main' }, outputs: { parameters } }))
  await here.until('empty', phaseIs('Succeeded'))
  expect(await here.result('empty')).toMatchObject({
    phase: 'Error',
    message: expect.stringContaining('no such file or directory'),
  })
})

test('a final phase that somebody else wrote is left as it is', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('evicted'))
  await here.until('evicted', phaseIs('Running'))
  const container = await here.container('main')
  await here.client.patch(
    { resource: resources.pods, namespace: 'default', name: 'evicted' },
    {
      type: 'merge',
      subresource: 'status',
      body: { status: { phase: 'Failed', reason: 'Evicted' } },
    },
  )
  await eventually(() => !container.running)
  await eventually(() => here.runtime.containers.size === 0)
  expect((await here.pod('evicted'))?.status).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
})

test('pods that make no sense do not stop the others', async () => {
  await using here = await machine(() => 0)
  await here.start()
  const annotations = { 'workflows.argoproj.io/template': '{' }
  await here.create(aPod('broken', {}, { annotations }))
  await here.create({ ...aPod('empty'), spec: {} as never }).catch(() => undefined)
  await here.create(aPod('fine'))
  await here.until('fine', phaseIs('Succeeded'))
  await here.until('broken', phaseIs('Succeeded'))
})

async function createConfigMap(here: Machine, name: string, data: Record<string, string>) {
  const object = {
    apiVersion: apiVersionOf(resources.configMaps),
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data,
  }
  await here.client.create(resources.configMaps, object)
}
