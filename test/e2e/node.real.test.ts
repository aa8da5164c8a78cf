import { execFile, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '@argosy/kube/free-port'
import { expect, test } from 'vitest'
import { type Started, Workplace } from './argosy.ts'

const run = promisify(execFile)

/** A server without a node, and what it takes to start one. */
async function open(place: Workplace) {
  const data = place.path('data')
  const ports = ['--port', String(await freePort()), '--http-port', '0']
  const serve = () => place.start(['server', '--data-dir', data, '--no-node', ...ports])
  const server = serve()
  await server.says('argosy is ready')
  const kubectl = async (...args: string[]) => {
    const env = { ...process.env, KUBECONFIG: `${data}/kubeconfig`, HOME: place.dir }
    const { stdout } = await run('kubectl', args, { env })
    return stdout.trim()
  }
  const asNode = async (...args: string[]) => {
    const given = ['--kubeconfig', `${data}/node.kubeconfig`, ...args]
    return run('kubectl', given, { env: { ...process.env, HOME: place.dir } }).then(
      ({ stdout }) => stdout.trim(),
      ({ stderr }) => String(stderr).trim(),
    )
  }
  const own = ['--kubeconfig', `${data}/node.kubeconfig`, '--data-dir', place.path('node')]
  const node = async (): Promise<Started> => {
    const started = place.start(['node', ...own])
    await started.says('runs pods of')
    return started
  }
  return { data, server, serve, node, kubectl, asNode }
}

const pod = (name: string, script: string) =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          ...{ name: 'main', image: 'busybox', command: ['sh', '-c', script] },
          env: [{ name: 'ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
        },
      ],
    },
  })

/** A checkout below /tmp is not seen by a step, whose /tmp is its own: then the machine's own Node does. */
function visibleNode(): string {
  return process.execPath.startsWith('/tmp/') ? 'node' : process.execPath
}

/** What a port of a pod says over `kubectl port-forward`. */
async function forwarded(data: string, pod: string, port: number): Promise<string> {
  const args = ['--kubeconfig', `${data}/kubeconfig`, 'port-forward', pod, `:${port}`]
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    for await (const chunk of child.stdout) {
      const address = /Forwarding from (127\S+)/.exec(String(chunk))?.[1]
      if (address) return await (await fetch(`http://${address}/`)).text()
    }
    return 'it forwarded nothing'
  } finally {
    child.kill()
  }
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await check()); tries++) {
    if (tries > 200) throw new Error('it did not come to that')
    await delay(100)
  }
}

test('pods wait for a node, run on it, and are reached through it', async () => {
  await using place = await Workplace.open()
  const { data, node, kubectl, asNode } = await open(place)
  // In 127.0.0.0/8, as all pods of this machine: other tests have pods there, too.
  const port = await freePort()
  const listen = `require("http").createServer((_, to) => to.end("served")).listen(${port}, process.env.ADDRESS)`
  const script = `echo hello; exec ${visibleNode()} -e '${listen}'`
  const file = await place.file('pod.json', pod('p', script))
  await kubectl('create', '-f', file)
  const reason = '{.status.conditions[?(@.type=="PodScheduled")].message}'
  await until(async () =>
    (await kubectl('get', 'pod', 'p', '-o', `jsonpath=${reason}`)).includes('no nodes available'),
  )
  const started = await node()
  await kubectl('wait', '--for=condition=Ready', 'pod/p', '--timeout=60s')
  expect(await kubectl('logs', 'p')).toBe('hello')
  expect(await kubectl('exec', 'p', '--', 'hostname')).toBe('p')
  await expect(kubectl('exec', 'p', '--', 'sh', '-c', 'exit 7')).rejects.toMatchObject({ code: 7 })
  expect(await forwarded(data, 'pod/p', port)).toBe('served')

  expect(await asNode('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.groups[0]}')).toBe(
    'system:nodes',
  )
  for (const [args, words] of [
    [['get', 'secrets', '-A'], 'cannot list resource "secrets"'],
    [['create', 'configmap', 'x'], 'cannot create resource "configmaps"'],
    [['create', 'token', 'default'], 'a node can only have tokens that are bound to its pods'],
    [['label', 'node', 'other', 'a=b'], 'not found'],
  ] as const) {
    expect(await asNode(...args)).toContain(words)
  }
  started.child.kill('SIGTERM')
  expect((await started.ended).code).toBe(0)
  await kubectl('delete', 'pod', 'p', '--force', '--grace-period=0')
  await node()
  await until(async () => (await place.steps()) === 0)
}, 200_000)

test('a killed node takes up what runs, and a killed server loses nothing that a node has to say', async () => {
  await using place = await Workplace.open()
  const { server, serve, node, kubectl } = await open(place)
  const first = await node()
  const words = 'echo begin; sleep 3; echo end'
  await kubectl('create', '-f', await place.file('pod.json', pod('p', words)))
  await kubectl('wait', '--for=condition=Ready', 'pod/p', '--timeout=60s')
  first.child.kill('SIGKILL')
  await first.ended
  const second = await node()
  server.child.kill('SIGKILL')
  await server.ended
  // The step ends while nobody can be told.
  await second.says('waiting for the server')
  await delay(3_000)
  await serve().says('argosy is ready')
  await kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/p', '--timeout=60s')
  expect(await kubectl('logs', 'p')).toBe('begin\nend')
  expect(
    await kubectl('get', 'pod', 'p', '-o', 'jsonpath={.status.containerStatuses[0].restartCount}'),
  ).toBe('0')
}, 200_000)

test('who shows a node no certificate of its cluster is told nothing', async () => {
  await using place = await Workplace.open()
  const { node } = await open(place)
  const started = await node()
  const address = /streams at (\S+)/.exec(started.said())?.[1]
  await expect(
    run('curl', ['-sSk', '--max-time', '5', `https://${address}/containerLogs/default/p/main`]),
  ).rejects.toThrow(/alert|certificate|SSL|TLS/i)
}, 100_000)
