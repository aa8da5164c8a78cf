import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pod } from '@argosy/engine'
import { type Ref, resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { Store } from '../index.ts'
import { aPod, eventually, type Machine, machine, phaseIs, throwIt } from './fixture.ts'

/** A machine whose disk is done with a write when the test says so. */
async function withSlowDisk() {
  const directory = await mkdtemp(join(tmpdir(), 'argosy-foresight-'))
  let isSlow = false
  const waiting: (() => void)[] = []
  const store = new Store({
    directory,
    fatal: throwIt,
    sync: (_, done) => {
      if (isSlow) waiting.push(() => done(null))
      else done(null)
    },
  })
  const here = await machine(() => undefined, { store })
  const node = await here.start()
  const events = () => [...store.newestIn('events')]
  return {
    here,
    node,
    started: () => [...here.runtime.containers.values()].map(({ spec }) => spec.hostname),
    /** From now on; resolves when the node has made a container of that image ready. */
    slow() {
      isSlow = true
    },
    isReady: (image: string) =>
      eventually(() => events().some(({ value }) => JSON.stringify(value).includes(image))),
    isWritten: () => eventually(() => waiting.length > 0),
    quick() {
      isSlow = false
      for (const done of waiting.splice(0)) done()
    },
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A step that nothing has to be made for. */
function aStep(name: string, image: string): Pod {
  const pod = aPod(name)
  const labels = { 'workflows.argoproj.io/workflow': 'wf' }
  const [main] = pod.spec.containers
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...pod.spec, containers: [{ ...main, name: 'main', image }] },
  }
}

function refOf(name: string): Ref {
  return { resource: resources.pods, namespace: 'default', name }
}

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
}

async function expectAlive(here: Machine): Promise<void> {
  await here.create(aStep('another', 'another-image'))
  await here.until('another', phaseIs('Running'))
}

test('while a pod is written its container is made ready, and it is started when it is on the disk', async () => {
  await using machine = await withSlowDisk()
  const { here, started } = machine
  machine.slow()
  const created = here.create(aStep('soon', 'made-ready'))
  await machine.isWritten()
  await machine.isReady('made-ready')
  await someTurns()
  expect(started()).toEqual([])
  machine.quick()
  await created
  await here.until('soon', phaseIs('Running'))
  expect(started()).toEqual(['soon'])
  expect(here.errors).toEqual([])
})

test('a pod that is removed while it is written is never started, and keeps no other from it', async () => {
  await using machine = await withSlowDisk()
  const { here, started } = machine
  machine.slow()
  const created = here.client.create(resources.pods, aStep('gone', 'made-ready'))
  await machine.isWritten()
  await machine.isReady('made-ready')
  const removed = here.client.remove(refOf('gone'), { gracePeriodSeconds: 0 })
  await someTurns()
  machine.quick()
  await Promise.all([created, removed])
  await eventually(async () => (await here.pod('gone')) === undefined)
  await expectAlive(here)
  expect(started()).toEqual(['another'])
  expect(here.errors).toEqual([])
})

test('a node that goes away meanwhile leaves the pod to the next one', async () => {
  await using machine = await withSlowDisk()
  const { here, node, started } = machine
  machine.slow()
  const created = here.create(aStep('later', 'made-ready'))
  await machine.isWritten()
  await machine.isReady('made-ready')
  const over = node[Symbol.asyncDispose]()
  await someTurns()
  machine.quick()
  await Promise.all([created, over])
  expect(started()).toEqual([])
  await here.start()
  await here.until('later', phaseIs('Running'))
  expect(started()).toEqual(['later'])
})
