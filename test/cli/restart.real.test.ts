import { freePort } from '@argosy/kube/free-port'
import { expect, test } from 'vitest'
import { type Started, Workplace } from '../e2e/argosy.ts'

/** Two steps that say a hundred words, half of them when the file `go` is there, and one step after them. */
function ticking(place: Workplace): string {
  const half = 'for i in $(seq 50); do echo tick; sleep 0.1; done'
  const script = `${half}; until [ -e ${place.path('go')} ]; do sleep 0.1; done; ${half}; echo done`
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'ticks' },
    spec: {
      entrypoint: 'main',
      podGC: { strategy: 'OnPodCompletion' },
      templates: [
        {
          name: 'main',
          steps: [
            [
              { name: 'a', template: 'tick' },
              { name: 'b', template: 'tick' },
            ],
            [{ name: 'c', template: 'last' }],
          ],
        },
        {
          name: 'tick',
          container: {
            image: 'busybox',
            command: ['sh', '-c'],
            args: [script],
          },
        },
        {
          name: 'last',
          container: { image: 'busybox', command: ['sh', '-c'], args: ['echo after'] },
        },
      ],
    },
  })
}

/** A server that can be started anew at the same ports. */
async function open(place: Workplace) {
  const [port, http] = [String(await freePort()), String(await freePort())]
  const where = ['--data-dir', place.path('data'), '--port', port, '--http-port', http]
  const start = async (): Promise<Started> => {
    const server = place.start(['server', ...where, '--runtime', 'process'])
    await server.says("Argo's API is at")
    return server
  }
  const ways = {
    kubernetes: ['--kubeconfig', place.path('data/kubeconfig')],
    argo: ['--argo-server', `127.0.0.1:${http}`, '--no-secure'],
  } as const
  return { start, ways }
}

const wordsOf = (stdout: string) => stdout.split('\n').map((line) => line.replace(/^.*: /, ''))

test.concurrent.each([
  ['kubernetes', 'SIGTERM'],
  ['kubernetes', 'SIGKILL'],
  ['argo', 'SIGTERM'],
  ['argo', 'SIGKILL'],
] as const)(
  'by the API of %s, a server that gets %s and is started anew costs who looks on nothing',
  async (way, signal) => {
    await using place = await Workplace.open()
    const { start, ways } = await open(place)
    const server = await start()
    const target = ways[way]
    await place.run(['submit', '-', ...target], ticking(place))
    const logs = place.start(['logs', 'ticks', '-f', ...target])
    const tail = place.start(['logs', 'ticks', '-f', '--tail', '3', ...target])
    const wait = place.start(['wait', 'ticks', '--verbose', ...target])
    const watch = place.start(['watch', 'ticks', ...target])
    await Promise.all([
      logs.says('tick\n'),
      wait.says('200 after'),
      tail.says('tick\n'),
      watch.says('Running'),
    ])
    // The rest is said while nobody can hear it.
    await place.file('go', '')
    server.child.kill(signal)
    await server.ended
    await Promise.all(
      [logs, tail, wait, watch].map((one) => one.says('waiting for it to come back')),
    )
    const again = await start()
    const ended = await logs.ended
    const words = wordsOf(ended.stdout)
    expect(words.filter((word) => word === 'tick')).toHaveLength(200)
    expect(words.filter((word) => word === 'done')).toHaveLength(2)
    expect(words.filter((word) => word === 'after')).toHaveLength(1)
    expect(ended.stderr.split('\n').filter((line) => line !== '')).toHaveLength(1)
    const last = wordsOf((await tail.ended).stdout)
    expect(last.filter((word) => word !== 'tick').sort()).toEqual(['', 'after', 'done', 'done'])
    expect(await wait.ended).toMatchObject({ code: 0, stdout: /ticks Succeeded/ })
    expect(await watch.ended).toMatchObject({ code: 0, stdout: /Progress: +3\/3/ })
    again.child.kill('SIGTERM')
    await again.ended
  },
)

// That it is given up after a minute is a matter of clocks: follow-pod-log.test.ts and follow-workflow.test.ts.
test.concurrent('whoever waits for a server that stays away may leave', async () => {
  await using place = await Workplace.open()
  const { start, ways } = await open(place)
  const server = await start()
  await place.run(['submit', '-', ...ways.argo], ticking(place))
  const logs = place.start(['logs', 'ticks', '-f', ...ways.argo])
  await logs.says('tick\n')
  server.child.kill('SIGTERM')
  await server.ended
  await logs.says('waiting for it to come back')
  logs.child.kill('SIGINT')
  await logs.ended
  expect(logs.child.signalCode ?? logs.child.exitCode).toBeOneOf(['SIGINT', 130])
})
