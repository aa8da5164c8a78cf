import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { aPod, machine, phaseIs } from './fixture.ts'

test('a pod is Ready once its probe passes, at an address of its own', async () => {
  await using here = await machine()
  await here.start()
  const server = createServer((_, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  const readinessProbe = { httpGet: { port, path: '/' }, initialDelaySeconds: 1 }
  await here.create(
    aPod('web', {
      containers: [{ name: 'main', image: 'busybox', command: ['x'], readinessProbe }],
    }),
  )
  const running = await here.until('web', phaseIs('Running'))
  expect(running?.status?.containerStatuses?.[0]?.ready).toBe(false)
  here.clock.advance(1000)
  const ready = await here.until(
    'web',
    (pod) => pod?.status?.containerStatuses?.[0]?.ready === true,
  )
  expect(ready?.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True')
  expect(ready?.status?.podIP).toBe(process.platform === 'linux' ? '127.10.0.1' : '127.0.0.1')
  server.close()
})

test('a container that fails its liveness probe is ended, and started anew by the policy', async () => {
  await using here = await machine()
  await here.start()
  // Nobody listens there.
  const livenessProbe = { tcpSocket: { port: 1 }, failureThreshold: 1, periodSeconds: 1 }
  await here.create(
    aPod('sick', {
      restartPolicy: 'Always',
      containers: [{ name: 'main', image: 'busybox', command: ['x'], livenessProbe }],
    }),
  )
  const restarted = await here.until(
    'sick',
    (pod) => (pod?.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0,
  )
  expect(restarted?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(143)
  const said = (await here.events()).map(({ reason, message }) => `${reason}: ${message}`)
  expect(said).toContain('Killing: Container main failed liveness probe, will be restarted')
})

test('two pods have two addresses, kept when the node is started anew', async () => {
  await using here = await machine()
  const first = await here.start()
  for (const name of ['a', 'b']) await here.create(aPod(name))
  const address = async (name: string) =>
    (await here.until(name, phaseIs('Running')))?.status?.podIP
  const before = [await address('a'), await address('b')]
  if (process.platform === 'linux') expect(new Set(before).size).toBe(2)
  await first[Symbol.asyncDispose]()
  await here.start()
  expect([await address('a'), await address('b')]).toEqual(before)
})
