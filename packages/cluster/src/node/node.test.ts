import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Artifact, Pod, Template } from '@argosy/engine'
import { localDrivers } from '@argosy/executor'
import { resources } from '@argosy/kube'
import { expect, test, vi } from 'vitest'
import { aPod, aStep, eventually, machine, phaseIs } from './fixture.ts'
import type { Runtime } from './runtime.ts'

test('a pod that ends at once costs one status write, and leaves only its logs', async () => {
  const logs: string[] = []
  await using here = await machine(({ stdout }) => {
    logs.push(relative(here.dataDir, stdout))
    return 0
  })
  await here.start({ statusDelayMs: 3_600_000 })
  const writes = here.writes('quick')
  await here.create(aPod('quick'))
  const pod = await here.until('quick', phaseIs('Succeeded'))
  expect(pod?.spec.nodeName).toBe('here')
  // Created; bound and over.
  expect(writes.map(({ status }) => status?.phase)).toEqual(['Pending', 'Succeeded'])
  expect(pod?.status).toMatchObject({
    phase: 'Succeeded',
    containerStatuses: [
      {
        name: 'main',
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode: 0, reason: 'Completed' } },
      },
    ],
  })
  // The runtime makes the log with its folder; this one has no files.
  expect(logs).toEqual([`logs/default_quick_${pod?.metadata.uid}_main_0.log`])
  await vi.waitFor(async () => expect(await readdir(join(here.dataDir, 'pods'))).toEqual([]))
  expect(here.errors).toEqual([])
})

test('a running pod is reported as running, and its exit code at its end', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('slow'))
  const running = await here.until('slow', phaseIs('Running'))
  expect(running?.status?.containerStatuses?.[0]).toMatchObject({
    ready: true,
    started: true,
    state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
  })
  expect(running?.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
    'PodReadyToStartContainers=True',
    'Initialized=True',
    'Ready=True',
    'ContainersReady=True',
    'PodScheduled=True',
  ])
  const main = await here.container('main')
  main.end(3)
  const failed = await here.until('slow', phaseIs('Failed'))
  expect(failed?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 3,
    reason: 'Error',
  })
})

test('a step reports its result with its final status', async () => {
  await using here = await machine(() => 0)
  await here.start()
  await here.create(aStep('step', { container: { name: 'main' } }, { includeResult: true }))
  await here.until('step', phaseIs('Succeeded'))
  expect(await here.result('step')).toMatchObject({
    metadata: {
      labels: {
        'workflows.argoproj.io/workflow': 'wf',
        'workflows.argoproj.io/report-outputs-completed': 'true',
      },
      ownerReferences: [{ kind: 'Workflow', name: 'wf' }],
    },
    outputs: { result: '' },
  })
  expect(here.errors).toEqual([])
})

test('what nobody foresaw ends the pod, which says so, and all that runs of it', async () => {
  await using here = await machine(({ dir }) => {
    if (dir.includes('.main.')) throw new Error('EIO: i/o error')
    return undefined
  })
  await here.start()
  const beside = { name: 'beside', image: 'busybox', command: ['sleep'] }
  const main = { name: 'main', image: 'busybox', command: ['true'] }
  const template = { container: { name: 'main' } }
  await here.create(aStep('full', template, {}, { containers: [beside, main] }))
  const ended = await here.until('full', phaseIs('Failed'))
  const message = 'the node could not go on with the pod: EIO: i/o error'
  expect(ended?.status).toMatchObject({ reason: 'UnexpectedError', message })
  await eventually(() => here.runtime.containers.size === 0)
  expect(await here.result('full')).toMatchObject({ phase: 'Error', message })
  expect(here.errors).toHaveLength(1)
})

test('a step for which the machine has no room waits, says so, and runs when there is room', async () => {
  const startError = 'layers in /somewhere: No space left on device'
  const full = Object.assign(new Error('ENOSPC: no space left, mkdir'), { code: 'ENOSPC' })
  const refusals = [
    () => {
      throw full
    },
    () => ({ code: 128, startError, shortage: true }),
  ]
  let starts = 0
  await using here = await machine(() => {
    starts += 1
    return refusals.shift()?.() ?? 0
  })
  await here.start()
  await here.create(aStep('patient', { container: { name: 'main' } }))
  for (const message of [full.message, startError]) {
    const waits = await here.until('patient', (pod) => says(pod, message))
    expect(waits?.status?.phase).toBe('Pending')
    expect(waits?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe(
      'CreateContainerError',
    )
    await eventually(() => here.clock.waiting > 0)
    here.clock.advance(10_000)
  }
  await here.until('patient', phaseIs('Succeeded'))
  expect([starts, here.errors]).toEqual([3, []])
  await eventually(() => here.runtime.containers.size === 0)
})

test('outputs for which the disk has no room are kept when there is room: the step has done its part', async () => {
  await using here = await machine(() => 0)
  let refusals = 2
  const kept: string[] = []
  const save = async (_: unknown, artifact: Artifact) => {
    refusals -= 1
    if (refusals >= 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    kept.push(artifact.name)
  }
  const drivers = { ...localDrivers(here.dataDir), disk: { save } as never }
  await here.start({ drivers: () => drivers })
  const container: Template['container'] = { name: 'main' }
  const outputs: Template['outputs'] = { artifacts: [{ name: 'a', path: '/etc' }] }
  const plan = aStep('kept', { container, outputs })
  here.runtime.start = resolvedAt(here.runtime.start, here.dataDir)
  await here.create(plan)
  for (const left of [1, 0]) {
    await eventually(() => refusals === left)
    await eventually(() => here.clock.waiting > 0)
    expect((await here.pod('kept'))?.status?.phase).not.toBe('Failed')
    here.clock.advance(10_000)
  }
  await here.until('kept', phaseIs('Succeeded'))
  expect(kept).toEqual(['a'])
  expect((await here.result('kept'))?.outputs?.artifacts).toHaveLength(1)
  expect((await here.events()).map(({ reason }) => reason)).toContain('FailedOutputs')
})

test('what was left by a node that met its end before a second try is tried again', async () => {
  let isFull = true
  const startError = 'standard output: /somewhere: No space left on device'
  await using here = await machine(() => (isFull ? { code: 128, startError, shortage: true } : 0))
  const removed = here.runtime.remove
  // The node goes away before it has removed what did not start.
  here.runtime.remove = () => new Promise(() => undefined)
  const first = await here.start()
  await here.create(aStep('left', { container: { name: 'main' } }))
  await eventually(() => here.runtime.containers.size === 1)
  await first[Symbol.asyncDispose]()
  here.runtime.remove = removed
  isFull = false
  await here.start()
  await here.until('left', phaseIs('Succeeded'))
})

test('a pod of another node is left alone', async () => {
  await using here = await machine(() => 0)
  await here.start()
  await here.create(aPod('elsewhere', { nodeName: 'there' }))
  await here.create(aPod('mine'))
  await here.until('mine', phaseIs('Succeeded'))
  const pod = await here.pod('elsewhere')
  expect(pod?.status?.phase ?? 'Pending').toBe('Pending')
  expect((await here.client.list({ resource: resources.pods })).items).toHaveLength(2)
})

function says(pod: Pod | undefined, message: string): boolean {
  return pod?.status?.containerStatuses?.[0]?.state?.waiting?.message === message
}

/** Containers whose every path is there. */
function resolvedAt(start: Runtime['start'], path: string): Runtime['start'] {
  return async (spec) => Object.assign(await start(spec), { resolve: async () => path })
}
