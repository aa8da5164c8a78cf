import { readFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import type { EphemeralContainer, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { expect, test } from 'vitest'
import { consolesOf } from './console.ts'
import { aPod, eventually, type Machine, machine, phaseIs } from './fixture.ts'
import type { ExecSpec, Executing } from './runtime.ts'

const debug: EphemeralContainer = { name: 'debug', image: 'busybox', command: ['sh'] }

async function put(here: Machine, ...ephemeralContainers: EphemeralContainer[]): Promise<void> {
  const ref = { resource: resources.pods, namespace: 'default', name: 'p' }
  await here.client.patch(ref, { type: 'merge', body: { spec: { ephemeralContainers } as never } })
}

function stateOf(pod: Pod | undefined, name = 'debug') {
  return pod?.status?.ephemeralContainerStatuses?.find((one) => one.name === name)?.state
}

/** Programs whose other end the test holds. */
function programs() {
  const started: (ExecSpec & { readonly program: Executing; end(code: number): void })[] = []
  const exec = (_: unknown, spec: ExecSpec): Executing => {
    let leave = (_code: number) => {}
    const exited = new Promise<number>((resolve) => {
      leave = resolve
    })
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const end = (code: number) => {
      stdout.end()
      stderr.end()
      leave(code)
    }
    const program = { stdin, stdout, stderr, exited, resize: () => {}, kill: () => end(137) }
    started.push({ ...spec, program, end })
    return program
  }
  return { started, exec }
}

test('a container that is put into a running pod is run once, told of, and no matter to the pod', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('p', { restartPolicy: 'Always' }))
  await here.until('p', phaseIs('Running'))
  await put(here, debug)
  await here.until('p', (pod) => stateOf(pod)?.running !== undefined)
  ;(await here.container('debug')).end(3)
  const pod = await here.until('p', (one) => stateOf(one)?.terminated !== undefined)
  expect(stateOf(pod)?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' })
  expect(pod?.status).toMatchObject({ phase: 'Running' })
  await put(here, debug, { ...debug, name: 'second' })
  await here.until('p', (one) => stateOf(one, 'second')?.running !== undefined)
  expect([...here.runtime.containers.keys()].filter((dir) => /debug/.test(dir))).toHaveLength(1)
})

test('it ends with the pod, and says so', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('p'))
  await here.until('p', phaseIs('Running'))
  await put(here, debug)
  const guest = await here.container('debug')
  await here.until('p', (pod) => stateOf(pod)?.running !== undefined)
  ;(await here.container('main')).end(0)
  const pod = await here.until('p', phaseIs('Succeeded'))
  expect(guest.signals).toEqual(['SIGTERM'])
  expect(stateOf(pod)?.terminated).toMatchObject({ exitCode: 143 })
})

test('a node that comes back goes on with it, and does not start again what had ended', async () => {
  await using here = await machine()
  const node = await here.start()
  await here.create(aPod('p'))
  await here.until('p', phaseIs('Running'))
  await put(here, debug, { ...debug, name: 'over' })
  await here.until('p', (pod) => stateOf(pod, 'over')?.running !== undefined)
  ;(await here.container('over')).end(0)
  await here.until('p', (pod) => stateOf(pod, 'over')?.terminated !== undefined)
  const guest = await here.container('debug')
  await node[Symbol.asyncDispose]()
  await here.start()
  guest.end(4)
  const pod = await here.until('p', (one) => stateOf(one)?.terminated !== undefined)
  expect(stateOf(pod)?.terminated?.exitCode).toBe(4)
  expect(stateOf(pod, 'over')?.terminated?.exitCode).toBe(0)
  expect(here.runtime.containers.size).toBe(3)
})

test('what this node does not support is refused by name, and the pod goes on', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('p'))
  await here.until('p', phaseIs('Running'))
  await put(here, { ...debug, securityContext: { privileged: true } })
  const pod = await here.until('p', (one) => stateOf(one)?.terminated !== undefined)
  expect(stateOf(pod)?.terminated?.message).toBe(
    'this node does not support spec.ephemeralContainers[debug].securityContext.privileged',
  )
  expect(pod?.status?.phase).toBe('Running')
})

test('it is started among the processes of its target, or waits until that runs', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('p'))
  await here.until('p', phaseIs('Running'))
  await put(here, { ...debug, targetContainerName: 'main' })
  const { spec } = await here.container('debug')
  expect(spec.processesOf).toMatch(/\.main\.0$/)
})

test('containers that share their processes are started beside one that waits, which goes with them', async () => {
  await using here = await machine()
  await here.start()
  await here.create(aPod('p', { shareProcessNamespace: true }))
  await here.until('p', phaseIs('Running'))
  const main = await here.container('main')
  const holder = await here.container('POD')
  expect(main.spec.processesOf).toBe(holder.spec.dir)
  main.end(0)
  await here.until('p', phaseIs('Succeeded'))
  await eventually(() => here.runtime.containers.size === 0)
  expect(holder.signals).toEqual(['SIGKILL'])
})

test('a program with a standard input is held by the node: who is attached speaks to it, its log keeps what it says', async () => {
  const { started, exec } = programs()
  await using here = await machine(undefined, { exec })
  await here.start()
  const main = { name: 'main', image: 'busybox', command: ['cat'], stdin: true, stdinOnce: true }
  await here.create(aPod('p', { containers: [main] }))
  await here.until('p', phaseIs('Running'))
  const [one] = started
  if (!one) throw new Error('nothing was started')
  expect(one).toMatchObject({ argv: ['cat'], stdin: true, tty: false })
  const { spec } = await here.container('main')
  const gone = new AbortController()
  const viewer = {
    ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
    ...{ gone: gone.signal, onSize: () => undefined },
  }
  const attached = consolesOf(here.runtime).get(spec.dir)?.attach(viewer)
  viewer.stdin.end('hello')
  one.program.stdin.pipe(one.program.stdout as PassThrough, { end: false })
  expect(String((await viewer.stdout[Symbol.asyncIterator]().next()).value)).toBe('hello')
  one.end(5)
  await attached
  const pod = await here.until('p', phaseIs('Failed'))
  expect(pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(5)
  expect(await readFile(spec.stdout, 'utf8')).toBe('hello')
})

test('it ends with the node that held it: nobody could speak to it any more', async () => {
  const { started, exec } = programs()
  await using here = await machine(undefined, { exec })
  const node = await here.start()
  await here.create(
    aPod('p', { containers: [{ name: 'main', image: 'busybox', command: ['sh'], stdin: true }] }),
  )
  await here.until('p', phaseIs('Running'))
  await node[Symbol.asyncDispose]()
  consolesOf(here.runtime).clear()
  await here.start()
  const pod = await here.until('p', phaseIs('Failed'))
  expect(pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(137)
  expect(started).toHaveLength(1)
})

test('a program that cannot be started with a terminal says why', async () => {
  await using here = await machine()
  await here.start()
  await here.create(
    aPod('p', { containers: [{ name: 'main', image: 'busybox', command: ['sh'], tty: true }] }),
  )
  const pod = await here.until('p', phaseIs('Failed'))
  expect(pod?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    ...{ exitCode: 128, reason: 'StartError', message: 'the container is not running' },
  })
})
