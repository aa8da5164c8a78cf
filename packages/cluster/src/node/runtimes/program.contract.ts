import * as fs from 'node:fs'
import { expect } from 'vitest'
import { path, type Workbench } from './workbench.contract.ts'

/** How a program is started, and what it ends with. */
export function programContract(bench: Workbench): void {
  const { promise, run, shell, directory } = bench
  promise('says in one sentence what it isolates', async () => {
    expect(bench.runtime.describe.length).toBeGreaterThan(40)
  })

  promise('reports exit codes', async () => {
    for (const code of [0, 1, 3, 127, 128, 255]) {
      const { exit } = await shell(`exit ${code}`)
      expect(exit.code).toBe(code)
      expect(exit.startError).toBeUndefined()
    }
  })

  promise('reports 128 + signal when a signal ended the program', async () => {
    const { exit } = await shell('kill -USR1 $$')
    expect(exit.code).toBe(138)
  })

  promise(
    'names the signal too',
    async () => {
      expect((await shell('kill -TERM $$')).exit).toMatchObject({ code: 143, signal: 15 })
    },
    'signalNumber',
  )

  promise('says when it started and finished', async () => {
    const before = Date.now() - 1
    const { exit, container } = await shell('sleep 0.3')
    expect(container.startedAt).toBeGreaterThanOrEqual(before)
    expect(exit.finishedAt - container.startedAt).toBeGreaterThanOrEqual(150)
    expect(exit.finishedAt).toBeLessThanOrEqual(Date.now() + 1)
  })

  promise('hands over arguments byte for byte', async () => {
    const odd = [
      '',
      ' ',
      "it's",
      '"',
      '\n',
      'a\nb\r\t',
      '$HOME `x` \\',
      'ü→🚢',
      '\x01\x7f',
      '-n',
      '*',
    ]
    const { out } = await run(['printf', '<%s>', ...odd])
    expect(out).toBe(odd.map((arg) => `<${arg}>`).join(''))
  })

  promise('hands over the environment byte for byte, and nothing else', async () => {
    const env = { PATH: path, EMPTY: '', LINES: 'a\nb=c', UNICODE: 'ü→🚢', 'odd.name-x': "it's" }
    const { out } = await run(['env', '-0'], { env })
    const seen = Object.fromEntries(
      out
        .split('\0')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    for (const name of ['PWD', ...(bench.candidate.variables ?? [])]) delete seen[name]
    expect(seen).toEqual(env)
  })

  promise('hands over variables that many share beside those of its own', async () => {
    const links = { variables: { A_PORT: '1', B_PORT: '2' }, count: 2, text: 'A_PORT=1\0B_PORT=2' }
    const mounts = [] as const
    const script = 'echo $A_PORT$B_PORT$OWN'
    const { out } = await run(['sh', '-c', script], {
      env: { PATH: path, OWN: '3' },
      links,
      mounts,
    })
    expect(out).toBe('123\n')
  })

  promise('takes an argument and a variable of nearly 128 KiB each', async () => {
    const big = 'x'.repeat(128 * 1024 - 100)
    const { out, exit } = await run(['sh', '-c', 'echo ${#1} ${#BIG}', 'sh', big], {
      env: { PATH: path, BIG: big },
    })
    expect([exit.code, out]).toEqual([0, `${big.length} ${big.length}\n`])
  })

  promise('says that an argument of more than 128 KiB is too long', async () => {
    const { exit } = await run(['true', 'x'.repeat(200 * 1024)])
    expect(exit.startError ?? '').toMatch(/too long|E2BIG/i)
  })

  promise('keeps standard output and error apart, or together in one file', async () => {
    const apart = await shell('echo out; echo err >&2')
    expect([apart.out, apart.err]).toEqual(['out\n', 'err\n'])
    const text = await together()
    expect(text.split('\n').sort()).toEqual(['', '1', '2', '3'])
  })

  promise(
    'keeps what comes together in its order',
    async () => {
      expect(await together()).toBe('1\n2\n3\n')
    },
    'inOrder',
  )

  async function together(): Promise<string> {
    const log = `${directory('log')}/log`
    await shell('echo 1; echo 2 >&2; echo 3', { stdout: log, stderr: log })
    return fs.readFileSync(log, 'utf8')
  }

  promise('runs in the working directory', async () => {
    expect((await run(['pwd'], { workingDir: '/usr/bin' })).out).toBe('/usr/bin\n')
  })

  promise('a missing program is a start error in containerd’s words', async () => {
    const { exit, container } = await run(['no-such-program'])
    expect(exit).toMatchObject({
      code: 128,
      startError: 'exec: "no-such-program": executable file not found in $PATH',
    })
    expect(container.pid === 0 || container.pid > 1).toBe(true)
    expect((await run(['/no/such'])).exit.startError).toBe(
      'exec: "/no/such": stat /no/such: no such file or directory',
    )
    expect((await run(['/etc/passwd'])).exit.startError).toContain('permission denied')
  })

  promise('a program’s path may be relative to the working directory', async () => {
    const { exit } = await run(['./env', 'true'], { workingDir: '/usr/bin' })
    expect(exit).toMatchObject({ code: 0 })
  })

  promise('finds programs in the container’s own PATH', async () => {
    const { exit } = await run(['true'], { env: { PATH: '/nowhere' } })
    expect(exit.startError).toContain('not found in $PATH')
  })

  promise(
    'runs as another user',
    async () => {
      const { out, exit } = await shell('id -u; id -g; grep CapEff /proc/self/status', {
        user: { uid: 4321, gid: 4322 },
      })
      expect(exit.startError).toBeUndefined()
      const [uid, gid, caps] = out.split('\n')
      expect([uid, gid]).toEqual(['4321', '4322'])
      expect(caps).toMatch(/\t0+$/)
    },
    'user',
  )

  promise(
    'ends what needs more memory than it may have, and says so',
    async () => {
      const { exit } = await shell('head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null', {
        limits: { memoryBytes: 32 * 1024 * 1024, pids: 50, cpuMillis: 900 },
      })
      expect(exit.outOfMemory).toBe(true)
      expect(exit.code).not.toBe(0)
    },
    'memoryLimit',
  )
}
