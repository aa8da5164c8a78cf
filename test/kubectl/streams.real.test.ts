import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
  await cluster.says('apply -f -', pod('web', 'echo begun; while :; do sleep 0.3; echo tick; done'))
  await cluster.says('wait --for=condition=Ready pod/web --timeout=60s')
})
afterAll(() => cluster[Symbol.asyncDispose]())

const pod = (name: string, script: string) =>
  manifest({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'alpine', command: ['sh', '-c', script] }] },
  })

const spdy = {
  KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false',
  KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false',
}
const ways = [
  { way: 'WebSockets', env: {} },
  { way: 'SPDY', env: spdy },
]

describe.each(ways)('programs in pods, over $way', ({ env, way }) => {
  it('end with their own code, output and error apart', async () => {
    const script = 'echo out; echo err >&2; exit 3'
    const { code, stdout, stderr } = await cluster.kubectl(
      ['exec', 'web', '--', 'sh', '-c', script],
      '',
      env,
    )
    expect([code, stdout]).toEqual([3, 'out\n'])
    expect(stderr).toBe('err\ncommand terminated with exit code 3\n')
    expect(await cluster.says('exec web -- true', '', env)).toBe('')
  })

  it('read what kubectl is given, to its end', async () => {
    const input = 'x'.repeat(1_000_000)
    expect(await cluster.says('exec -i web -- wc -c', input, env)).toMatch(/^\s*1000000$/)
  })

  it('have a terminal when they ask for one', async () => {
    const { stdout, code } = await interactive('kubectl exec -it web -- sh -c "tty; exit 4"', env)
    expect(stdout).toContain('/dev/pts/')
    expect(code).toBe(4)
  })

  it('files are copied there and back', async () => {
    const bytes = `${way} ${'0123456789'.repeat(300_000)}`
    const file = await cluster.file('there', bytes)
    await cluster.says(`cp ${file} web:/tmp/there`, '', env)
    await cluster.says(`cp web:/tmp/there ${file}.back`, '', env)
    expect((await readFile(`${file}.back`, 'utf8')) === bytes).toBe(true)
  })

  it('ports are forwarded, each direction ends apart, and a closed one is told', async () => {
    await using server = await echoAtTheEnd()
    const forward = start(['port-forward', 'pod/web', `:${server.port}`, ':1'], env)
    const said = await forward.until(/Forwarding[\s\S]*-> 1\n/)
    const [open, closed] = [...said.matchAll(/127\.0\.0\.1:(\d+) ->/g)].map(([, port]) =>
      Number(port),
    )
    const long = 'y'.repeat(300_000)
    expect(await ask(Number(open), 'first')).toBe('first')
    expect(
      (await Promise.all([ask(Number(open), long), ask(Number(open), 'x')])).map((a) => a.length),
    ).toEqual([300_000, 1])
    await ask(Number(closed), 'nobody').catch(() => '')
    await forward.until(/ECONNREFUSED/)
    forward.child.kill()
  })

  it('attach shows what a pod writes from now on, until it ends', async () => {
    const script = 'echo before; until [ -e /tmp/go ]; do sleep 0.1; echo tick; done; echo after'
    await cluster.says('apply -f -', pod('short', script))
    await cluster.says('wait --for=condition=Ready pod/short --timeout=60s')
    const attached = start(['attach', 'short'], env)
    await attached.until(/tick/)
    await cluster.says('exec short -- touch /tmp/go', '', env)
    const said = await attached.ended
    expect(said).toContain('after\n')
    expect(said).not.toContain('before')
    await cluster.says('delete pod short --wait')
  })
})

describe('what is refused', () => {
  it('in Kubernetes’ words', async () => {
    expect(await cluster.refuses('exec web -- no-such-program')).toContain(
      'exec: "no-such-program": executable file not found in $PATH',
    )
    expect(await cluster.refuses('exec web -c other -- true')).toContain(
      'container other is not valid for pod web',
    )
    expect(await cluster.refuses('exec none -- true')).toContain('pods "none" not found')
    expect(await cluster.refuses('attach -i web')).toContain('stdin')
  })

  it('who may not', async () => {
    expect(await cluster.refuses('exec web --as=jane -- true')).toContain('(Forbidden)')
    expect(await cluster.refuses('port-forward pod/web :80 --as=jane')).toContain('forbidden')
  })
})

describe('clients that go', () => {
  it('take their program with them, and nothing of the container', async () => {
    const held = start(['exec', 'web', '--', 'sh', '-c', 'echo on; exec sleep 7721'], {})
    await held.until(/on\n/)
    held.child.kill('SIGKILL')
    const look = ['exec', 'web', '--', 'sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "']
    while ((await cluster.says(look)).includes('sleep 7721 '));
    expect(
      await cluster.says('get pod web -o jsonpath={.status.containerStatuses[0].restartCount}'),
    ).toBe('0')
  })

  it('do not hold up the end of the server', async () => {
    const held = start(['exec', '-i', 'web', '--', 'sh', '-c', 'echo on; cat'], {})
    await held.until(/on\n/)
    await cluster.restart()
    await held.ended
    expect(await cluster.says('exec web -- echo again')).toBe('again')
  })
})

/** In a terminal, as script makes one. */
async function interactive(command: string, env: NodeJS.ProcessEnv) {
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, ...cluster.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { stdout, code }
}

/** A kubectl that goes on. */
function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn('kubectl', args, { env: { ...cluster.env, ...env } })
  let said = ''
  let heard = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += chunk
      heard()
    })
  }
  const ended = once(child, 'close').then(() => said)
  const until = (words: RegExp) =>
    new Promise<string>((resolve, reject) => {
      heard = () => {
        if (words.test(said)) resolve(said)
      }
      heard()
      void ended.then(() => reject(new Error(`it never said ${words}:\n${said}`)))
    })
  return { child, until, ended }
}

/** Says back what it was told once the other side has said everything. */
async function echoAtTheEnd() {
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    socket.on('error', () => undefined)
    let all = ''
    socket.on('data', (chunk) => {
      all += chunk
    })
    socket.on('end', () => socket.end(all))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

async function ask(port: number, words: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end(words)
  return text(socket)
}
