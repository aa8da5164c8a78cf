import { execFile } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest, type Said } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
  const containers = [
    { name: 'main', image: 'busybox', command: ['sh', '-c', 'echo hi > /mark; sleep 600; true'] },
  ]
  const spec = { terminationGracePeriodSeconds: 0, containers }
  await cluster.says(
    'apply -f -',
    manifest({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }),
  )
  await cluster.says('wait pod/web --for=condition=Ready --timeout=60s')
})
afterAll(() => cluster[Symbol.asyncDispose]())

const kubectl = (...args: Parameters<Cluster['kubectl']>) => cluster.kubectl(...args)
const debug = (pod: string, flags: string, ...command: string[]) => [
  ...['debug', pod, '--profile=general', '--image=busybox', ...flags.split(' ')],
  ...['--', ...command],
]

/** As `kubectl`, at a terminal. */
function atTerminal(args: readonly string[]): Promise<Said> {
  const command = `kubectl ${args.map((one) => `'${one}'`).join(' ')}`
  const { env, place } = cluster
  return new Promise((resolve) => {
    const options = { env: { ...env, SHELL: '/bin/sh' }, cwd: place.dir, timeout: 60_000 }
    execFile('script', ['-qec', command, '/dev/null'], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
  })
}

const endOf = (pod: string, list: string) =>
  cluster.says(['get', 'pod', pod, '-o', `jsonpath={.status.${list}[*].state.terminated.exitCode}`])

describe('kubectl debug', () => {
  it('puts a shell among the processes of a container, which reads what is typed', async () => {
    const said = await kubectl(
      debug('web', '-i --target=main -c dbg', 'sh'),
      'ls /mark; cat /proc/[0-9]*/cmdline | tr "\\0" " "; cat /proc/[0-9]*/root/mark; exit 3\n',
    )
    expect(said.stdout).toContain('sleep 600')
    expect(said.stdout).toContain('hi\n')
    await expect.poll(() => endOf('web', 'ephemeralContainerStatuses')).toBe('3')
    expect(await cluster.says('logs web -c dbg')).toContain('sleep 600')
  })

  it('gives it a terminal', async () => {
    const said = await atTerminal(
      debug('web', '-it -c term', 'sh', '-c', 'sleep 1; tty; echo done'),
    )
    expect(said.stdout).toMatch(/\/dev\/pts\/\d+\s+done/)
  })

  it('runs what speaks to nobody, too; exec and logs know it', async () => {
    await cluster.says(debug('web', '-c plain', 'sh', '-c', 'echo plain; exec sleep 600'))
    await expect
      .poll(() => cluster.kubectl('logs web -c plain').then(({ stdout }) => stdout))
      .toBe('plain\n')
    expect(await cluster.says('exec web -c plain -- echo inside')).toBe('inside')
    expect(await cluster.says('describe pod web')).toMatch(/Ephemeral Containers:[\s\S]*plain:/)
  })

  it('copies a pod whose containers see each other', async () => {
    const copy = debug(
      'web',
      '--copy-to=copy --share-processes -c dbg',
      'sh',
      '-c',
      'sleep 601; true',
    )
    await cluster.says(copy)
    await cluster.says('wait pod/copy --for=condition=Ready --timeout=60s')
    const list = [
      'exec',
      'copy',
      '-c',
      'dbg',
      '--',
      'sh',
      '-c',
      'cat /proc/[0-9]*/cmdline | tr "\\0" " "',
    ]
    const seen = await cluster.says(list)
    expect(seen).toContain('sleep 600')
    expect(seen).toContain('sleep 601')
  })

  it('may be forbidden: who may change pods may not put containers into them', async () => {
    await cluster.says('create serviceaccount dev')
    await cluster.says('create rolebinding dev --clusterrole=edit --serviceaccount=default:dev')
    const as = '--as=system:serviceaccount:default:dev'
    const { stderr } = await kubectl(debug('web', `-c no ${as}`, 'true'))
    expect(stderr).toContain('cannot patch resource "pods/ephemeralcontainers"')
  })

  it('of a node says why it is not possible', async () => {
    const node = await cluster.says('get nodes -o name')
    await cluster.says(debug(node, '-q', 'true'))
    const path = '{.items[*].status.containerStatuses[*].state.terminated.message}'
    const message = () =>
      cluster.says([
        'get',
        'pods',
        '-l',
        'app.kubernetes.io/managed-by=kubectl-debug',
        '-o',
        `jsonpath=${path}`,
      ])
    await expect.poll(message).toContain('this node does not support spec.host')
  })
})

describe('argosy debug', () => {
  it('stands in a copy of a step that failed, with its inputs and variables, and leaves nothing', async () => {
    const script = {
      image: 'busybox',
      command: ['sh'],
      source: 'echo {{inputs.parameters.p}}; exit 7',
    }
    const template = {
      name: 'main',
      inputs: {
        parameters: [{ name: 'p', value: 'given' }],
        artifacts: [{ name: 'a', path: '/work/in', raw: { data: 'the data' } }],
      },
      script: { ...script, env: [{ name: 'WHO', value: 'me' }] },
    }
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'broken' } },
      spec: { entrypoint: 'main', templates: [template] },
    }
    await cluster.says('apply -f -', manifest(workflow))
    await cluster.says('wait workflow/broken --for=condition=Completed --timeout=60s')
    const before = await cluster.says('get pods,workflowtaskresults -o name')
    const flags = ['--kubeconfig', cluster.env['KUBECONFIG'] ?? '']
    const command = 'cat /work/in; echo " $WHO"; cat /argo/staging/script; exit 5'
    const said = await cluster.place.run(['debug', 'broken', '--command', command, ...flags])
    expect(said).toMatchObject({ code: 5, stdout: 'the data me\necho given; exit 7\n' })
    const typed = await cluster.place.run(
      ['debug', 'broken', ...flags],
      'echo typed $WHO\nexit 4\n',
    )
    expect(typed).toMatchObject({ code: 4, stdout: 'typed me\n' })
    expect(typed.stderr).toContain('a copy of broken (Failed); its program was "sh"')
    expect(await cluster.says('get pods,workflowtaskresults -o name')).toBe(before)
  })
})

describe('kubectl run -i', () => {
  it('gives a program what is written, and its end', async () => {
    const said = await kubectl(
      'run cat -i --rm --restart=Never --image=busybox -- cat',
      'one\ntwo\n',
    )
    expect(said.stdout).toContain('one\ntwo\n')
    expect(said.code).toBe(0)
  })

  it('gives it a terminal, and back its exit code', async () => {
    const run = ['run', 'sh', '-it', '--rm', '--restart=Never', '--image=busybox', '--']
    const said = await atTerminal([...run, 'sh', '-c', 'sleep 1; tty; exit 4'])
    expect(said.stdout).toMatch(/\/dev\/pts\/\d+/)
    expect(said.code).toBe(4)
  })

  it('that waits ends with the server that held it', async () => {
    const spec = {
      ...{ terminationGracePeriodSeconds: 0, restartPolicy: 'Never' },
      containers: [{ name: 'main', image: 'busybox', command: ['sh'], stdin: true }],
    }
    await cluster.says(
      'apply -f -',
      manifest({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'sh' }, spec }),
    )
    await cluster.says('wait pod/sh --for=condition=Ready --timeout=60s')
    await cluster.restart()
    await expect.poll(() => endOf('sh', 'containerStatuses'), { timeout: 30_000 }).toBe('137')
  })
})
