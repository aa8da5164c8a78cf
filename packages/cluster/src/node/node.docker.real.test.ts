import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Pod } from '@argosy/engine'
import { resources, systemClock } from '@argosy/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPod, aStep, type Machine, machine, phaseIs } from './fixture.ts'
import { nodeLogs } from './node-logs.ts'
import type { Runtime } from './runtime.ts'
import { dockerRuntime } from './runtimes/docker/docker.ts'
import {
  busybox,
  imageOfBusybox,
  testEngine,
  testSocket,
} from './runtimes/docker/engine.fixture.ts'
import type { Engine } from './runtimes/docker/engine.ts'
import { dirLabel } from './runtimes/docker/identity.ts'

const found = testSocket()
const missing = 'missing' in found ? found.missing : undefined

describe.skipIf(missing)(`in containers of an engine${missing ? ` (${missing})` : ''}`, () => {
  let here: Machine
  let runtime: Runtime
  let engine: Engine
  beforeAll(async () => {
    engine = await testEngine()
    runtime = await dockerRuntime({ socket: engine.socket })
    here = await machine()
    const images = [{ match: 'mapped*', run: { image: busybox } }]
    await here.start({ runtime, images, clock: systemClock })
  })
  afterAll(async () => {
    await here[Symbol.asyncDispose]()
    await runtime[Symbol.asyncDispose]()
    engine.close()
  })

  const sh = (script: string, more: object = {}) => ({
    containers: [{ name: 'main', image: busybox, command: ['sh', '-c', script], ...more }],
  })

  async function said(pod: Pod | undefined, container = 'main'): Promise<string> {
    const { name = '', namespace = 'default', uid = '' } = pod?.metadata ?? {}
    const logs = nodeLogs({ ...here, clock: systemClock })
    const query = { ref: { name, namespace, uid }, container }
    return text(Readable.from(logs.read(query, AbortSignal.timeout(5000))))
  }

  async function ends(name: string, spec: Partial<Pod['spec']>): Promise<Pod | undefined> {
    await here.create(aPod(name, spec))
    return here.until(name, phaseIs('Succeeded', 'Failed'))
  }

  const terminated = (pod: Pod | undefined) =>
    pod?.status?.containerStatuses?.[0]?.state?.terminated

  /** Everything that the engine has of this data directory. */
  async function left(): Promise<readonly string[]> {
    const query = { all: true, filters: JSON.stringify({ label: [dirLabel] }) }
    const listed = await engine.json<{ Names: string[]; Labels: Record<string, string> }[]>({
      path: '/containers/json',
      query,
    })
    return (listed ?? [])
      .filter(({ Labels }) => Labels[dirLabel]?.startsWith(here.dataDir))
      .flatMap(({ Names }) => Names)
  }

  test('the image’s entrypoint, arguments, variables, directory and user are its own until the pod says otherwise', async () => {
    const image = 'argosy-test/own:1'
    await imageOfBusybox(engine, image, [
      ...['ENTRYPOINT ["echo","entry"]', 'CMD ["cmd"]', 'ENV OF_IMAGE=yes', 'WORKDIR /srv'],
      ...['USER user', 'HEALTHCHECK CMD false'],
    ])
    const one = async (name: string, container: object) =>
      said(await ends(name, { containers: [{ name: 'main', image, ...container }] }))
    expect(await one('own-1', {})).toBe('entry cmd\n')
    expect(await one('own-2', { args: ['mine'] })).toBe('entry mine\n')
    const script = 'echo $OF_IMAGE $MINE; pwd; id -u; id -g; hostname'
    const env = [{ name: 'MINE', value: 'too' }]
    expect(await one('own-3', { command: ['sh', '-c'], args: [script], env })).toBe(
      'yes too\n/srv\n1234\n1235\nown-3\n',
    )
    const more = { workingDir: '/tmp', securityContext: { runAsUser: 7, runAsGroup: 8 } }
    expect(await one('own-4', { command: ['sh', '-c', script], env, ...more })).toBe(
      'yes too\n/tmp\n7\n8\nown-4\n',
    )
  })

  test('rights are those of the security context', async () => {
    const script = 'touch /x 2>&1; grep -E "CapEff|NoNewPrivs" /proc/self/status; id -G'
    const securityContext = {
      ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    }
    const pod = await ends('rights', {
      securityContext: { fsGroup: 77 },
      ...sh(script, { securityContext }),
    })
    expect((await said(pod)).split('\n')).toEqual([
      expect.stringContaining('Read-only file system'),
      'CapEff:\t0000000000001000',
      'NoNewPrivs:\t1',
      expect.stringMatching(/\b77\b/),
      '',
    ])
    const root = await ends('root', sh('true', { securityContext: { runAsNonRoot: true } }))
    expect(terminated(root)?.message).toBe('container has runAsNonRoot and image will run as root')
  })

  test('exit codes, a limit of memory, and a program that is not there', async () => {
    expect(terminated(await ends('three', sh('exit 3')))).toMatchObject({
      ...{ exitCode: 3, reason: 'Error' },
    })
    const script = 'head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null'
    const limits = { resources: { limits: { memory: '32Mi' } } }
    expect(terminated(await ends('big', sh(script, limits)))).toMatchObject({
      ...{ exitCode: 137, reason: 'OOMKilled' },
    })
    const none = await ends('none', {
      containers: [{ name: 'main', image: busybox, command: ['no-such'] }],
    })
    expect(terminated(none)).toMatchObject({
      ...{ exitCode: 128, reason: 'StartError' },
      message: 'exec: "no-such": executable file not found in $PATH',
    })
  })

  test('what others do to a container is told as it is', async () => {
    const filters = (name: string) => JSON.stringify({ label: [`io.kubernetes.pod.name=${name}`] })
    const idOf = async (name: string) => {
      const query = { filters: filters(name) }
      const [one] = (await engine.json<{ Id: string }[]>({ path: '/containers/json', query })) ?? []
      return one?.Id
    }
    for (const [name, method, part] of [
      ['killed', 'POST', '/kill'],
      ['removed', 'DELETE', '?force=true'],
    ] as const) {
      await here.create(aPod(name, sh('echo up; exec sleep 1000')))
      const pod = await here.until(name, phaseIs('Running'))
      await expect.poll(() => said(pod)).toBe('up\n')
      await engine.json({ method, path: `/containers/${await idOf(name)}${part}` })
      const over = await here.until(name, phaseIs('Failed'))
      expect(terminated(over)).toMatchObject({ exitCode: 137, reason: 'Error' })
      expect(await said(over)).toBe('up\n')
    }
  })

  test('much in one line, much in one variable, and memory that only a child had too little of', async () => {
    const line = await ends('line', sh('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo end'))
    expect((await said(line)).split('\n').map(({ length }) => length)).toEqual([3_000_000, 3, 0])
    const env = [{ name: 'BIG', value: 'y'.repeat(65_536) }]
    expect(await said(await ends('env', sh('echo $' + '{#BIG}', { env })))).toBe('65536\n')
    const limits = { resources: { limits: { memory: '32Mi' } } }
    const script = 'head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null; exit 0'
    expect(terminated(await ends('child', sh(script, limits)))).toMatchObject({
      ...{ exitCode: 0, reason: 'OOMKilled' },
    })
  })

  test('an image that nobody has: ErrImagePull, ImagePullBackOff, and never when it may not be pulled', async () => {
    const image = 'registry.invalid/none:1'
    await here.create(aPod('pull', { containers: [{ name: 'main', image }] }))
    const waits = (reason: string) => (pod: Pod | undefined) =>
      pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason
    const failed = await here.until('pull', waits('ErrImagePull'))
    expect(failed?.status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(
      /^failed to pull image "registry.invalid\/none:1": /,
    )
    const waiting = await here.until('pull', waits('ImagePullBackOff'))
    expect(waiting?.status?.phase).toBe('Pending')
    expect(waiting?.status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(
      /^Back-off pulling image "registry.invalid\/none:1": ErrImagePull: failed/,
    )
    await here.client.remove({ resource: resources.pods, namespace: 'default', name: 'pull' }, {})
    await here.until('pull', (pod) => pod === undefined)
    await here.create(
      aPod('never', { containers: [{ name: 'main', image, imagePullPolicy: 'Never' }] }),
    )
    await here.until('never', waits('ErrImageNeverPull'))
  })

  test('images.yaml names another image', async () => {
    const pod = await ends('mapped', {
      containers: [{ name: 'main', image: 'mapped/thing:2', command: ['echo', 'mapped'] }],
    })
    expect(await said(pod)).toBe('mapped\n')
  })

  test('containers of a pod share network, volumes and address; another pod has its own', async () => {
    const volumeMounts = [{ name: 'work', mountPath: '/work' }]
    const serve = 'cat /work/x > /tmp/index.html; exec httpd -f -p 8080 -h /tmp'
    await here.create(
      aPod('shares', {
        volumes: [{ name: 'work', emptyDir: {} }],
        hostAliases: [{ ip: '10.1.2.3', hostnames: ['elsewhere'] }],
        initContainers: [
          {
            name: 'init',
            image: busybox,
            command: ['sh', '-c', 'echo hello > /work/x'],
            volumeMounts,
          },
        ],
        containers: [
          { name: 'web', image: busybox, command: ['sh', '-c', serve], volumeMounts },
          {
            ...{ name: 'main', image: busybox, command: ['sleep', '1000'] },
            env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          },
        ],
      }),
    )
    const pod = await here.until('shares', phaseIs('Running'))
    const address = pod?.status?.podIP ?? ''
    expect(address).toMatch(/^172\./)
    const script =
      'until wget -q -O- http://localhost:8080/ 2>/dev/null; do sleep 0.1; done; echo $IP; ' +
      'grep -c elsewhere /etc/hosts; hostname'
    const dir = `${here.dataDir}/containers/${pod?.metadata.uid}.main.0`
    const inside = await runtime.exec(dir, { argv: ['sh', '-c', script], stdin: false, tty: false })
    expect(await text(inside.stdout)).toBe(`hello\n${address}\n1\nshares\n`)
    const other = await ends(
      'asks',
      sh(`wget -q -O- http://${address}:8080/; hostname -i; sleep 1`),
    )
    const [answer, own] = (await said(other)).split('\n')
    expect(answer).toBe('hello')
    expect(own).not.toBe(address)
    expect(other?.status?.podIP).toBe(own)
  })

  test('a container that is put into a pod has its network, and sees the processes of its target', async () => {
    await here.create(aPod('host', sh('while :; do sleep 1; done')))
    const pod = await here.until('host', phaseIs('Running'))
    const script = 'hostname -i; cat /proc/1/cmdline | tr "\\0" " "'
    const guest = { name: 'guest', image: busybox, command: ['sh', '-c', script] }
    const ephemeralContainers = [{ ...guest, targetContainerName: 'main' }]
    await here.client.patch(
      { resource: resources.pods, namespace: 'default', name: 'host' },
      { type: 'merge', body: { spec: { ephemeralContainers } } },
    )
    await here.until('host', (one) => {
      const [status] = one?.status?.ephemeralContainerStatuses ?? []
      return status?.state?.terminated !== undefined
    })
    const heard = await said(pod, 'guest')
    expect(heard).toContain(pod?.status?.podIP ?? 'an address')
    expect(heard).toContain('while :; do sleep 1; done')
    await here.client.remove(
      { resource: resources.pods, namespace: 'default', name: 'host' },
      { gracePeriodSeconds: 0 },
    )
  })

  test('a program with a terminal runs what its image does; containers may share their processes', async () => {
    const image = 'argosy-test/tty:1'
    await imageOfBusybox(engine, image, ['ENTRYPOINT ["sh","-c"]', 'CMD ["tty; ps; exit 3"]'])
    const pod = await ends('terminal', {
      shareProcessNamespace: true,
      containers: [{ name: 'main', image, tty: true }],
    })
    expect(terminated(pod)).toMatchObject({ exitCode: 3 })
    const heard = await said(pod)
    expect(heard).toMatch(/\/dev\/pts\/\d/)
    expect(heard).toContain('/pause')
  })

  test('outputs come from any path, inputs go in, and a script is run', async () => {
    const outputs = {
      artifacts: [{ name: 'art', path: '/srv/art' }],
      parameters: [{ name: 'p', valueFrom: { path: '/etc/p' } }],
    }
    const write =
      'mkdir /srv/art && echo one > /srv/art/file && ln -s file /srv/art/link; echo -n v > /etc/p'
    await here.create(aStep('writes', { outputs }, {}, sh(write)))
    await here.until('writes', phaseIs('Succeeded', 'Failed'))
    expect(await here.result('writes')).toMatchObject({
      outputs: { artifacts: [{ name: 'art' }], parameters: [{ name: 'p', value: 'v' }] },
    })
    const inputs = {
      artifacts: [{ name: 'in', path: '/data/in', disk: { key: 'wf/writes/art.tgz' } }],
    }
    const script = { name: '', image: busybox, command: ['sh'], source: 'cat /data/in/link' }
    const spec = {
      containers: [
        { name: 'main', image: busybox, command: ['sh'], args: ['/argo/staging/script'] },
      ],
    }
    await here.create(aStep('reads', { inputs, script }, { includeResult: true }, spec))
    const pod = await here.until('reads', phaseIs('Succeeded', 'Failed'))
    expect(await said(pod)).toBe('one\n')
    expect(await here.result('reads')).toMatchObject({ outputs: { result: 'one' } })
  })

  test('a pod that is deleted ends by its grace, and nothing of any of them is left', async () => {
    await here.create(
      aPod('going', {
        terminationGracePeriodSeconds: 20,
        ...sh('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'),
      }),
    )
    const pod = await here.until('going', phaseIs('Running'))
    while ((await said(pod)) !== 'up\n') await new Promise((resolve) => setTimeout(resolve, 20))
    for (const name of ['going', 'shares', 'never']) {
      const ref = { resource: resources.pods, namespace: 'default', name }
      await here.client.remove(ref, { gracePeriodSeconds: name === 'going' ? 20 : 0 })
    }
    for (const name of ['going', 'shares', 'never'])
      await here.until(name, (one) => one === undefined)
    expect(await said(pod)).toBe('up\nbye\n')
    while ((await left()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(here.errors).toEqual([])
  })
})
