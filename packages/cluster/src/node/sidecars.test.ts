import { describe, expect, test } from 'vitest'
import { aPod, type Machine, machine, phaseIs } from './fixture.ts'
import { restarts } from './restarts.ts'

const program = { image: 'busybox', command: ['x'] }
const proxy = { name: 'proxy', ...program, restartPolicy: 'Always' }
const before = { name: 'before', ...program }
const main = { name: 'main', ...program }

async function create(here: Machine, initContainers: readonly object[]): Promise<void> {
  await here.start()
  await here.create(aPod('p', { initContainers: initContainers as never, containers: [main] }))
}

function started(here: Machine): readonly string[] {
  return [...here.runtime.containers.values()].map(
    ({ spec }) => spec.dir.split('/').at(-1)?.split('.')[1] ?? '',
  )
}

describe('an init container that is always restarted', () => {
  test('runs on beside what comes after it, and ends when the pod’s containers have', async () => {
    await using here = await machine()
    await create(here, [proxy, before])
    const beside = await here.container('proxy')
    const first = await here.container('before')
    expect(started(here)).toEqual(['proxy', 'before'])
    first.end(0)
    const work = await here.container('main')
    const running = await here.until('p', phaseIs('Running'))
    expect(running?.status?.initContainerStatuses?.[0]).toMatchObject({
      ready: true,
      started: true,
    })
    work.end(0)
    const pod = await here.until('p', phaseIs('Succeeded'))
    expect(beside.signals).toEqual(['SIGTERM'])
    const [ended] = pod?.status?.initContainerStatuses ?? []
    expect(ended?.state?.terminated?.exitCode).toBe(143)
  })

  test('is started again when it ends, which keeps nobody waiting', async () => {
    await using here = await machine()
    await create(here, [proxy])
    const work = await here.container('main')
    ;(await here.container('proxy')).end(1)
    const again = await here.until(
      'p',
      (pod) => pod?.status?.initContainerStatuses?.[0]?.restartCount === 1,
    )
    expect(again?.status?.phase).toBe('Running')
    work.end(0)
    await here.until('p', phaseIs('Succeeded'))
  })

  test('that waits to be started again does not hold up the end', async () => {
    await using here = await machine()
    await create(here, [proxy])
    const work = await here.container('main')
    ;(await here.container('proxy')).end(1)
    await here.until('p', (pod) => pod?.status?.initContainerStatuses?.[0]?.restartCount === 1)
    ;(await here.container('proxy')).end(1)
    await here.until(
      'p',
      (pod) => pod?.status?.initContainerStatuses?.[0]?.state?.waiting !== undefined,
    )
    work.end(0)
    await here.until('p', phaseIs('Succeeded'))
  })

  test('is waited for until its startup probe has passed', async () => {
    await using here = await machine()
    // Nobody listens there.
    const startupProbe = { tcpSocket: { port: 1 }, periodSeconds: 1, failureThreshold: 100 }
    await create(here, [{ ...proxy, startupProbe }])
    await here.container('proxy')
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    expect(started(here)).toEqual(['proxy'])
    expect((await here.pod('p'))?.status?.phase).not.toBe('Running')
  })
})

test.each<[object, number, boolean, boolean]>([
  [{}, 1, false, false],
  [{ restartPolicy: 'OnFailure' }, 1, false, true],
  [{ restartPolicy: 'OnFailure' }, 0, false, false],
  [{ restartPolicy: 'Always' }, 0, true, true],
  [rule('In', [42]), 42, false, true],
  [rule('In', [42]), 1, false, false],
  [rule('NotIn', [42]), 1, false, true],
  [rule('NotIn', [42]), 42, true, false],
])(
  '%j that ends with %i, as an init container: %s, is started again: %s',
  (own, code, init, want) => {
    const exit = { code, finishedAt: 0 }
    expect(restarts({ name: 'c', ...own }, exit, { policy: 'Never', init })).toBe(want)
  },
)

function rule(operator: string, values: readonly number[]): object {
  return { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator, values } }] }
}
