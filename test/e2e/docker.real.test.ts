import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  busybox,
  imageOfBusybox,
  testEngine,
  testSocket,
} from '../../packages/cluster/src/node/runtimes/docker/engine.fixture.ts'
import { Cluster, manifest } from '../kubectl/cluster.ts'
import { Workplace } from './argosy.ts'

const found = testSocket()
const missing = 'missing' in found ? found.missing : undefined
const tools = fileURLToPath(new URL('../tools/bin', import.meta.url))
const examples = fileURLToPath(new URL('../../examples', import.meta.url))

/** Registries are out of reach of tests: what examples name is played by a busybox of our own. */
const images = ['alpine*', 'busybox*', 'argoproj/argosay*', 'python*']
  .map((match) => `- match: "${match}"\n  run: { image: "argosy-test/tools:1" }\n`)
  .join('')

describe.skipIf(missing)(`with a Docker Engine${missing ? ` (${missing})` : ''}`, () => {
  let place: Workplace
  beforeAll(async () => {
    process.env['DOCKER_HOST'] = `unix://${'socket' in found ? found.socket : ''}`
    const engine = await testEngine()
    await imageOfBusybox(engine, 'argosy-test/tools:1', ['CMD ["sh"]'])
    engine.close()
  })
  beforeEach(async () => {
    place = await Workplace.open()
    await place.file('images.yaml', images)
  })
  afterEach(() => place[Symbol.asyncDispose]())

  const run = (file: string, ...more: readonly string[]) =>
    place.run(['run', file, '--runtime', 'docker', '--images', place.path('images.yaml'), ...more])

  /** Containers of this test: their labels name directories below its own. */
  function left(dir: string): readonly string[] {
    const format = '{{.Label "dev.argosy.dir"}}'
    const said = execFileSync('docker', ['ps', '-a', '--format', format], { encoding: 'utf8' })
    return said.split('\n').filter((line) => line.startsWith(dir))
  }

  it.each([
    ['hello-world', 0],
    ['dag-diamond', 0],
    ['artifacts', 0],
    // One of its steps fails, so that there is something to handle.
    ['exit-handler', 1],
    ['fan-out', 0],
    ['retry', 0],
  ])('our example %s runs in containers, and leaves none', async (name, end) => {
    const { code, stdout, stderr } = await run(`${examples}/${name}.yaml`)
    expect([stderr, code], stdout).toEqual(['', end])
    expect(left(place.dir)).toEqual([])
  })

  it('no engine: the error names the socket', async () => {
    const { DOCKER_HOST } = process.env
    process.env['DOCKER_HOST'] = `unix://${place.path('none.sock')}`
    const { code, stderr } = await run(`${examples}/hello-world.yaml`)
    process.env['DOCKER_HOST'] = DOCKER_HOST
    expect(code).not.toBe(0)
    expect(stderr).toContain(`the Docker Engine does not answer at ${place.path('none.sock')}`)
  })

  it('continues after kill -9, and every step has run exactly once', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const file = await place.file('steps.json', chain(place.dir, names))
    const command = ['run', file, '--runtime', 'docker', '--data-dir', place.path('data')]
    // At once, while it starts, while it runs, when it has ended.
    for (const [step, ms] of [
      ['a', 0],
      ['b', 150],
      ['c', 400],
      ['d', 700],
    ] as const) {
      const one = place.start(command)
      await one.says(step === 'a' ? 'a  ' : `● ${step}  Running`)
      await new Promise((resolve) => setTimeout(resolve, ms))
      one.child.kill('SIGKILL')
      await one.ended
    }
    const { code, stdout } = await place.run(command)
    expect(stdout).toMatch(/^continues steps-\w{5}/)
    expect(code, stdout).toBe(0)
    expect((await readFile(place.path('ran'), 'utf8')).split('\n')).toEqual([
      ...names.flatMap((name) => [name, `${name}-end`]),
      '',
    ])
    const logs = await readdir(place.path('data/logs'))
    const texts = await Promise.all(
      logs.map((name) => readFile(place.path(`data/logs/${name}`), 'utf8')),
    )
    expect(texts.sort()).toEqual(names.map((name) => `begun ${name}\nended ${name}\n`))
    expect(left(place.dir)).toEqual([])
    expect(await readdir(place.path('data/pods'))).toEqual([])
  })

  it('kubectl sees and enters pods of a server', async () => {
    await using cluster = await Cluster.open(['--runtime', 'docker'])
    const serve = 'echo begun; echo served > /tmp/index.html; exec httpd -f -p 8080 -h /tmp'
    const volumeMounts = [{ name: 'tools', mountPath: '/tools', readOnly: true }]
    const volumes = [{ name: 'tools', hostPath: { path: tools } }]
    const web = { name: 'web', image: busybox, command: ['sh', '-c', serve], volumeMounts }
    const metadata = { name: 'web' }
    await cluster.says(
      'apply -f -',
      manifest({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { volumes, containers: [web] } }),
    )
    await cluster.says('wait --for=condition=Ready pod/web --timeout=60s')
    expect(await cluster.says('logs web')).toBe('begun')
    const inside = 'wget -q -O- http://localhost:8080/; cat /tmp/index.html; hostname'
    expect(await cluster.says(['exec', 'web', '--', 'sh', '-c', inside])).toBe(
      'served\nserved\nweb',
    )
    expect(await cluster.says('exec -i web -- wc -c', 'x'.repeat(300_000))).toMatch(/^300000$/)
    const { code } = await cluster.kubectl(['exec', 'web', '--', 'sh', '-c', 'exit 5'])
    expect(code).toBe(5)
    expect(await cluster.refuses('exec web -- no-such-program')).toContain(
      'executable file not found in $PATH',
    )
    const file = await cluster.file('there', 'copied')
    await cluster.says(`cp ${file} web:/tmp/there`)
    expect(await cluster.says('exec web -- cat /tmp/there')).toBe('copied')
    // Go's own TLS, which believes nobody but the mounted authority, under the pod's own account.
    expect(await cluster.says('exec web -- /tools/kubectl auth whoami')).toContain(
      'system:serviceaccount:default:default',
    )
    const address = await cluster.says('get pod web -o jsonpath={.status.podIP}')
    expect(address).toMatch(/^172\./)
    await cluster.says('delete pod web --grace-period=1')
    // What was told first, that the pod is gone, is done a moment later.
    await expect.poll(() => left(cluster.place.dir), { timeout: 10_000 }).toEqual([])
  })

  it('pods and steps find services by name', async () => {
    await using cluster = await Cluster.open(['--runtime', 'docker'])
    const serve = 'hostname > /tmp/index.html; exec httpd -f -p 8080 -h /tmp'
    const pod = (name: string, words: readonly string[]) =>
      manifest({
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'c', image: busybox, command: words }],
        },
      })
    await cluster.says('apply -f -', pod('asks', ['sleep', '600']))
    await cluster.says('apply -f -', pod('web', ['sh', '-c', serve]))
    await cluster.says('wait --for=condition=Ready pod/asks pod/web --timeout=60s')
    await cluster.says('create service clusterip web --tcp=8080')
    const ask = (host: string) =>
      cluster.kubectl(`exec asks -- wget -q -O- http://${host}:8080/`.split(' '))
    for (const host of ['web', 'web.default.svc.cluster.local'])
      await expect
        .poll(async () => (await ask(host)).stdout, { timeout: 20_000, interval: 200 })
        .toBe('web\n')
    const hosts = await cluster.says('exec asks -- cat /etc/hosts')
    expect(hosts).toMatch(/^127\.0\.0\.1\tlocalhost$/m)
    expect(hosts).toMatch(/^172\.\S+\tasks$/m)
    const command = ['wget', '-q', '-O-', 'http://web.default:8080/']
    const template = { name: 'main', container: { image: busybox, command } }
    await cluster.says(
      'create -f -',
      manifest({
        ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'finds' } },
        spec: { entrypoint: 'main', templates: [template] },
      }),
    )
    await cluster.says('wait wf/finds --for=jsonpath={.status.phase}=Succeeded --timeout=60s')
    expect(await cluster.says('logs -l workflows.argoproj.io/workflow=finds -c main')).toBe('web')
    await cluster.says('delete pod web asks --grace-period=1')
    await cluster.says('delete wf finds')
    await expect.poll(() => left(cluster.place.dir), { timeout: 10_000 }).toEqual([])
  })
})

/** Each step writes to a file of the machine, and says a little. */
function chain(dir: string, names: readonly string[]): string {
  const script = (name: string) =>
    `echo begun ${name}; echo ${name} >> /here/ran; sleep 0.5; echo ${name} > /tmp/out; echo ${name}-end >> /here/ran; echo ended ${name}`
  const volumeMounts = [{ name: 'here', mountPath: '/here' }]
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'steps-' },
    spec: {
      entrypoint: 'main',
      volumes: [{ name: 'here', hostPath: { path: dir } }],
      templates: [
        { name: 'main', steps: names.map((name) => [{ name, template: name }]) },
        ...names.map((name) => ({
          name,
          container: { image: busybox, command: ['sh', '-c', script(name)], volumeMounts },
          outputs: { parameters: [{ name: 'out', valueFrom: { path: '/tmp/out' } }] },
        })),
      ],
    },
  })
}
