import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { aPod, aStep, eventually, type Machine, machine, phaseIs } from './fixture.ts'
import type { FakeContainer } from './runtimes/fake.ts'

/** What the container knows of ARGO_*. */
function told({ spec }: FakeContainer): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(spec.env).filter(([name]) => name.startsWith('ARGO_')))
}

function main(...args: readonly string[]) {
  return { containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c'], args }] }
}

/** Writes to the file that the container's ARGO_PROGRESS_FILE names. */
async function say({ spec }: FakeContainer, text: string): Promise<void> {
  const path = spec.env['ARGO_PROGRESS_FILE'] ?? ''
  const mount = spec.mounts.find(({ target }) => path.startsWith(`${target}/`))
  const file = mount ? path.replace(mount.target, mount.source) : `${spec.dir}/upper${path}`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

async function reported(here: Machine, nodeId: string, progress: string) {
  return eventually(async () => {
    const result = await here.result(nodeId)
    if (result?.progress === progress) return result
    here.clock.advance(500)
    return undefined
  })
}

test('each container of a step is told its name, its node and its workflow, in its arguments too', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aStep('s', { container: { name: 'main' } }, {}, main('echo $(ARGO_NODE_ID)')))
  const container = await here.container('main')
  expect(told(container)).toEqual({
    ARGO_CONTAINER_NAME: 'main',
    ARGO_NODE_ID: 's',
    ARGO_WORKFLOW_NAME: 'wf',
    ARGO_INCLUDE_SCRIPT_OUTPUT: 'false',
    ARGO_DEADLINE: '0001-01-01T00:00:00Z',
    ARGO_PROGRESS_FILE: '/tmp/argo-progress',
    ARGO_PROGRESS_PATCH_TICK_DURATION: '1m0s',
    ARGO_PROGRESS_FILE_TICK_DURATION: '3s',
  })
  expect(container.spec.argv).toEqual(['sh', '-c', 'echo s'])
})

test('a step with a deadline knows it, and whether its output is its result', async () => {
  await using here = await machine()
  await here.start()
  const plan = { includeResult: true, deadline: '2031-01-01T00:00:00Z' }
  const spec = { ...main('true'), terminationGracePeriodSeconds: 5 }
  await here.create(aStep('s', { container: { name: 'main' } }, plan, spec))
  expect(told(await here.container('main'))).toMatchObject({
    ARGO_DEADLINE: '2031-01-01T00:00:00Z',
    ARGO_INCLUDE_SCRIPT_OUTPUT: 'true',
    ARGO_TERMINATION_GRACE_PERIOD_SECONDS: '5',
  })
})

test('a pod of no workflow is told nothing', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('plain'))
  expect(told(await here.container('main'))).toEqual({})
})

test('a pod of upstream’s controller is told what that one says, and nothing else', async () => {
  await using here = await machine()
  await here.start()
  const env = [
    { name: 'ARGO_CONTAINER_NAME', value: 'main' },
    { name: 'ARGO_INCLUDE_SCRIPT_OUTPUT', value: 'true' },
  ]
  const init = { name: 'init', image: 'argoexec', command: ['argoexec', 'init'], env }
  const [container] = main('true').containers
  const spec = { initContainers: [init], containers: [{ ...container, name: 'main', env }] }
  await here.create(aStep('s', { container: { name: 'main' } }, {}, spec))
  ;(await here.container('init')).end(0)
  expect(told(await here.container('main'))).toEqual({
    ARGO_CONTAINER_NAME: 'main',
    ARGO_INCLUDE_SCRIPT_OUTPUT: 'true',
  })
})

test('what a running step writes of its progress is reported, and kept in its last report', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aStep('s', { container: { name: 'main' } }, {}, main('work')))
  const container = await here.container('main')
  await say(container, '0/100\n50/100\n')
  const first = await reported(here, 's', '50/100')
  expect(first.metadata.labels?.['workflows.argoproj.io/report-outputs-completed']).toBe('false')
  await say(container, '0/100\nhalf\n')
  await say(container, '70/100')
  await reported(here, 's', '70/100')
  container.end(0)
  await here.until('s', phaseIs('Succeeded'))
  const last = await here.result('s')
  expect(last).toMatchObject({ progress: '70/100' })
  expect(last?.metadata.labels?.['workflows.argoproj.io/report-outputs-completed']).toBe('true')
})

test('a program that speaks of the folder has it, and shares it with the rest of its pod', async () => {
  await using here = await machine()
  await here.start()
  const spec = main('echo 1/2 > $ARGO_PROGRESS_FILE')
  await here.create(aStep('s', { container: { name: 'main' } }, {}, spec))
  const container = await here.container('main')
  expect(container.spec.env['ARGO_PROGRESS_FILE']).toBe('/var/run/argo/progress')
  expect(container.spec.mounts.map(({ target }) => target)).toContain('/var/run/argo')
})
