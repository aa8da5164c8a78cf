import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContainerSpec, Exit, Running, Runtime } from '../runtime.ts'

/** What an implementation may be unable to do; each needs a reason. */
type Ability =
  | 'mounts'
  | 'isolation'
  | 'image'
  | 'signalNumber'
  | 'memoryLimit'
  | 'opaque'
  | 'foreignFiles'
  | 'user'
  | 'adopt'

export interface Candidate {
  readonly name: string
  /** Why the whole suite cannot run here. */
  readonly unavailable?: string | undefined
  open(): Promise<Runtime>
  readonly skip: Partial<Readonly<Record<Ability, string>>>
  /** Who the launcher runs as, when not as this process. */
  readonly uid?: number
  /** Words for adopt.fixture.ts that open the same runtime in another process. */
  readonly fixture: readonly string[]
}

const path = '/usr/local/bin:/usr/bin:/bin'

/** The promises of runtime.ts, for any implementation on a machine with a shell. */
export function runtimeContract(candidate: Candidate): void {
  const { name, unavailable, skip } = candidate
  const title = unavailable === undefined ? name : `${name} (skipped: ${unavailable})`
  describe.skipIf(unavailable !== undefined)(title, () => {
    let base = ''
    let runtime: Runtime
    let count = 0

    beforeAll(async () => {
      base = fs.mkdtempSync(`${tmpdir()}/argosy-contract-`)
      fs.chmodSync(base, 0o755)
      own(base)
      runtime = await candidate.open()
    })

    afterAll(async () => {
      await runtime[Symbol.asyncDispose]()
      fs.rmSync(base, { recursive: true, force: true })
    })

    function own(at: string): void {
      if (candidate.uid !== undefined) fs.chownSync(at, candidate.uid, candidate.uid)
    }

    function directory(label: string): string {
      count += 1
      const dir = `${base}/${label}-${count}`
      fs.mkdirSync(dir)
      own(dir)
      return dir
    }

    function file(at: string, text: string): string {
      fs.writeFileSync(at, text)
      own(at)
      return at
    }

    function spec(argv: readonly string[], more: Partial<ContainerSpec> = {}): ContainerSpec {
      const dir = directory('c')
      return {
        ...{ dir, argv, env: { PATH: path }, workingDir: '/', root: { kind: 'host' }, mounts: [] },
        ...{ stdout: `${dir}/stdout`, stderr: `${dir}/stderr` },
        ...more,
      }
    }

    interface Ran {
      readonly exit: Exit
      readonly out: string
      readonly err: string
      readonly dir: string
      readonly container: Running
    }

    async function run(argv: readonly string[], more: Partial<ContainerSpec> = {}): Promise<Ran> {
      const given = spec(argv, more)
      const container = await runtime.start(given)
      const exit = await container.exited
      const text = (at: string) => (fs.existsSync(at) ? fs.readFileSync(at, 'utf8') : '')
      return { exit, out: text(given.stdout), err: text(given.stderr), dir: given.dir, container }
    }

    const shell = (script: string, more: Partial<ContainerSpec> = {}) =>
      run(['sh', '-c', script], more)

    function promise(words: string, test: () => Promise<void>, ability?: Ability): void {
      const reason = ability && skip[ability]
      it.skipIf(reason !== undefined)(
        reason ? `${words} (skipped: ${reason})` : words,
        test,
        120_000,
      )
    }

    async function has(at: string): Promise<void> {
      while (!fs.existsSync(at) || fs.statSync(at).size === 0) await tick()
    }

    promise('says in one sentence what it isolates', async () => {
      expect(runtime.describe.length).toBeGreaterThan(40)
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
      const { exit, container } = await shell('sleep 0.05')
      expect(container.startedAt).toBeGreaterThanOrEqual(before)
      expect(exit.finishedAt - container.startedAt).toBeGreaterThanOrEqual(40)
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
      delete seen['PWD']
      expect(seen).toEqual(env)
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
      const dir = directory('log')
      const log = `${dir}/log`
      await shell('echo 1; echo 2 >&2; echo 3', { stdout: log, stderr: log })
      expect(fs.readFileSync(log, 'utf8')).toBe('1\n2\n3\n')
    })

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

    promise('starts nothing twice in one directory', async () => {
      const given = spec(['true'])
      await (await runtime.start(given)).exited
      const again = await (await runtime.start(given)).exited
      expect(again.startError).toContain('already started')
    })

    promise(
      'mounts directories and files, for reading or writing',
      async () => {
        const data = directory('data')
        own(file(`${data}/in`, 'hello'))
        const one = file(`${directory('one')}/config`, 'setting')
        const mounts = [
          { source: data, target: '/mnt/deep/ro', readOnly: true },
          { source: data, target: '/data', readOnly: false },
          { source: one, target: '/etc/one.conf', readOnly: true },
        ]
        const script =
          'cat /mnt/deep/ro/in /etc/one.conf; echo new > /data/out; touch /mnt/deep/ro/x || echo refused; ' +
          'touch /etc/one.conf || echo refused'
        const { out, container } = await shell(script, { mounts })
        expect(out).toBe('hellosettingrefused\nrefused\n')
        expect(fs.readFileSync(`${data}/out`, 'utf8')).toBe('new\n')
        expect(await container.resolve('/data/out')).toBe(`${data}/out`)
        expect(await container.resolve('/etc/one.conf')).toBe(one)
        expect(await container.resolve('/data/nothing')).toBeUndefined()
      },
      'mounts',
    )

    promise(
      'a mount inside a mount is seen, in whatever order they come',
      async () => {
        const outer = directory('outer')
        fs.mkdirSync(`${outer}/inner`)
        const inner = directory('inner')
        file(`${inner}/x`, 'inner')
        const mounts = [
          { source: inner, target: '/vol/inner', readOnly: true },
          { source: outer, target: '/vol', readOnly: false },
        ]
        const { out, container } = await shell('cat /vol/inner/x', { mounts })
        expect(out).toBe('inner')
        expect(await container.resolve('/vol/inner/x')).toBe(`${inner}/x`)
      },
      'mounts',
    )

    promise(
      'a mount that is not there is a start error',
      async () => {
        const mounts = [{ source: `${base}/none`, target: '/data', readOnly: true }]
        expect((await run(['true'], { mounts })).exit.startError).toContain(`${base}/none`)
      },
      'mounts',
    )

    promise(
      'two containers that both write /tmp/out do not meet, nor reach the machine',
      async () => {
        const mark = `argosy-${process.pid}-${Date.now()}`
        const script = `echo $0 > /tmp/${mark}; echo $0 > /${mark}; sleep 0.05; cat /tmp/${mark} /${mark}`
        const both = await Promise.all(
          ['one', 'two'].map((word) => run(['sh', '-c', script, word])),
        )
        expect(both.map(({ out }) => out)).toEqual(['one\none\n', 'two\ntwo\n'])
        expect([fs.existsSync(`/tmp/${mark}`), fs.existsSync(`/${mark}`)]).toEqual([false, false])
        const at = await both[1]?.container.resolve(`/tmp/${mark}`)
        expect(fs.readFileSync(at ?? '', 'utf8')).toBe('two\n')
        const root = await both[0]?.container.resolve(`/${mark}`)
        expect(fs.readFileSync(root ?? '', 'utf8')).toBe('one\n')
      },
      'isolation',
    )

    promise(
      'what a container removed is gone for it and there for the machine',
      async () => {
        const { out, container } = await shell(
          'rm -f /bin/cat /usr/bin/cat; ls /usr/bin/cat || echo gone',
        )
        expect(out).toBe('gone\n')
        expect(await container.resolve('/usr/bin/cat')).toBeUndefined()
        expect(fs.existsSync('/bin/cat')).toBe(true)
      },
      'foreignFiles',
    )

    promise(
      'reads outputs after the end: through links, below the root, never outside',
      async () => {
        const root = image()
        const secret = file(`${base}/secret`, 'secret')
        const script = [
          'mkdir -p /out/deep && echo file > /out/deep/file',
          'ln -s deep /out/link && ln -s /out/deep/file /abs',
          `ln -s ../../../../../../../..${secret} /out/up && ln -s ${secret} /out/escape`,
          'ln -s loop /out/loop',
        ].join(' && ')
        const { exit, err, container } = await shell(script, { root: { kind: 'dir', path: root } })
        expect([exit.code, err]).toEqual([0, ''])
        const read = async (at: string) => {
          const found = await container.resolve(at)
          return found && fs.statSync(found).isFile() ? fs.readFileSync(found, 'utf8') : found
        }
        expect(await read('/out/deep/file')).toBe('file\n')
        expect(await read('/out/link/file')).toBe('file\n')
        expect(await read('/out/../out/./link//file')).toBe('file\n')
        expect(await read('/abs')).toBe('file\n')
        expect(await read('/etc/release')).toBe('the image\n')
        for (const at of [
          '/out/up',
          '/out/escape',
          '/out/loop',
          '/none',
          '/abs/below',
          '/../../..' + secret,
        ]) {
          expect(await read(at)).toBeUndefined()
        }
      },
      'image',
    )

    promise(
      'a directory that was removed and made again hides what was in the image',
      async () => {
        const root = image()
        const { container } = await shell('rm -r /etc && mkdir /etc && touch /etc/new', {
          root: { kind: 'dir', path: root },
        })
        expect(await container.resolve('/etc/new')).toBeDefined()
        expect(await container.resolve('/etc/release')).toBeUndefined()
      },
      'opaque',
    )

    promise(
      'runs a program of an unpacked image, which stays as it was',
      async () => {
        const root = image()
        const { out } = await shell('cat /etc/release; echo changed > /etc/release; ls /', {
          root: { kind: 'dir', path: root },
        })
        expect(out).toContain('the image\n')
        expect(out).not.toContain('work\n')
        expect(fs.readFileSync(`${root}/etc/release`, 'utf8')).toBe('the image\n')
      },
      'image',
    )

    promise(
      'has devices, its own host name and processes, and few rights',
      async () => {
        const script =
          'echo $(hostname); echo x > /dev/null && head -c 3 /dev/zero | wc -c; ls /proc | grep -c "^[0-9]"; ' +
          'mount -t tmpfs x /mnt 2>/dev/null || echo refused; grep NoNewPrivs /proc/self/status'
        const { out, err } = await shell(script, { hostname: 'pod-1' })
        const [name, bytes, processes, mounted, privileges] = out.split('\n')
        expect([name, bytes, mounted], err).toEqual(['pod-1', '3', 'refused'])
        expect(Number(processes)).toBeLessThan(8)
        expect(privileges).toMatch(/1$/)
      },
      'isolation',
    )

    promise(
      'takes everything it started with it',
      async () => {
        const marker = `${directory('m')}/pids`
        const script = 'sleep 300 & setsid sleep 300 & (sleep 300 & echo) ; echo $$ ; exit 0'
        const { exit } = await shell(script)
        expect(exit.code).toBe(0)
        expect(fs.existsSync(marker)).toBe(false)
        expect(sleepers('300')).toEqual([])
      },
      'isolation',
    )

    promise('takes the background processes of its session with it', async () => {
      await shell('sleep 301 & (sleep 301 & true); exit 0')
      while (sleepers('301').length > 0) await tick()
    })

    promise('SIGTERM reaches the program, which may handle it', async () => {
      const given = spec([
        'sh',
        '-c',
        'trap "echo caught; exit 7" TERM; echo ready; while :; do sleep 0.01; done',
      ])
      const container = await runtime.start(given)
      await has(given.stdout)
      container.kill('SIGTERM')
      expect((await container.exited).code).toBe(7)
      expect(fs.readFileSync(given.stdout, 'utf8')).toBe('ready\ncaught\n')
      container.kill('SIGTERM')
    })

    promise('SIGTERM ends a program that does not know it, SIGKILL any', async () => {
      for (const [signal, code] of [
        ['SIGTERM', 143],
        ['SIGKILL', 137],
        ['SIGINT', 130],
      ] as const) {
        const given = spec(['sh', '-c', 'echo ready; exec sleep 302'])
        const container = await runtime.start(given)
        await has(given.stdout)
        await untilExec(given)
        container.kill(signal)
        expect((await container.exited).code).toBe(code)
      }
    })

    async function untilExec({ argv }: ContainerSpec): Promise<void> {
      while (sleepers(argv.join(' ').slice(-3)).length === 0) await tick()
    }

    promise('writes the exit down before it tells', async () => {
      const { dir, exit } = await shell('exit 5')
      expect(JSON.parse(fs.readFileSync(`${dir}/exit`, 'utf8'))).toMatchObject({
        code: 5,
        finishedAt: exit.finishedAt,
      })
    })

    promise(
      'another process adopts what a killed one started, running or ended',
      async () => {
        const going = directory('adopt')
        const ended = directory('adopt')
        const fixture = fileURLToPath(new URL('./adopt.fixture.ts', import.meta.url))
        const dirs = [going, ended]
        const child = spawn(process.execPath, [fixture, ...dirs, ...candidate.fixture], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        await once(child.stdout, 'data')
        child.kill('SIGKILL')
        await once(child, 'exit')
        const first = await runtime.adopt(going)
        const second = await runtime.adopt(ended)
        expect(await second?.exited).toMatchObject({ code: 4 })
        fs.writeFileSync(`${going}/go`, '')
        expect(await first?.exited).toMatchObject({ code: 6 })
        expect(fs.readFileSync(`${going}/stdout`, 'utf8')).toBe('ready\nwent\n')
        expect(await (await runtime.adopt(going))?.exited).toMatchObject({ code: 6 })
        const output = await first?.resolve(candidate.skip.isolation ? `${going}/stdout` : '/tmp/x')
        expect(output).toBeDefined()
      },
      'adopt',
    )

    promise(
      'adopts nothing from a directory where nothing started',
      async () => {
        expect(await runtime.adopt(directory('empty'))).toBeUndefined()
      },
      'adopt',
    )

    promise(
      'says so when an exit status was lost',
      async () => {
        const dir = directory('lost')
        file(`${dir}/pid`, '4194000 1 other-boot 1700000000000\n')
        const exit = await (await runtime.adopt(dir))?.exited
        expect(exit?.startError).toContain('lost')
      },
      'adopt',
    )

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
        const { exit } = await shell(
          'head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null',
          {
            limits: { memoryBytes: 32 * 1024 * 1024, pids: 50, cpuMillis: 900 },
          },
        )
        expect(exit.outOfMemory).toBe(true)
        expect(exit.code).not.toBe(0)
      },
      'memoryLimit',
    )

    promise('200 starts leave no mount, process or directory behind', async () => {
      const parent = directory('many')
      const before = remains()
      const dirs = Array.from({ length: 200 }, (_, i) => `${parent}/${i}`)
      const next = dirs.values()
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (const dir of next) {
            fs.mkdirSync(dir)
            own(dir)
            const files = { dir, stdout: `${dir}/out`, stderr: `${dir}/err` }
            const container = await runtime.start({ ...spec(['true']), ...files })
            expect(await container.exited).toMatchObject({ code: 0 })
            await runtime.remove(dir)
            await runtime.remove(dir)
          }
        }),
      )
      expect(fs.readdirSync(parent)).toEqual([])
      expect(remains()).toEqual(before)
    })

    promise('removes large trees too', async () => {
      const given = spec(
        ['sh', '-c', 'mkdir -p tree/a/b && cd tree/a/b && seq 2000 | xargs touch'],
        {},
      )
      await (
        await runtime.start({ ...given, workingDir: candidate.skip.isolation ? given.dir : '/tmp' })
      ).exited
      await runtime.remove(given.dir)
      expect(fs.existsSync(given.dir)).toBe(false)
    })

    // A root of our own: the machine's shell and libraries, and one file.
    function image(): string {
      const root = directory('image')
      for (const name of ['etc', 'out', 'tmp', 'proc', 'usr']) fs.mkdirSync(`${root}/${name}`)
      fs.rmdirSync(`${root}/out`)
      file(`${root}/etc/release`, 'the image\n')
      for (const program of ['sh', 'cat', 'ls', 'mkdir', 'ln', 'rm', 'touch']) copy(program, root)
      if (candidate.uid !== undefined)
        spawnSync('chown', ['-R', `${candidate.uid}:${candidate.uid}`, root])
      return root
    }
  })
}

function copy(program: string, root: string): void {
  const at = spawnSync('sh', ['-c', `readlink -f "$(command -v ${program})"`], {
    encoding: 'utf8',
  }).stdout.trim()
  const libraries = spawnSync('ldd', [at], { encoding: 'utf8' }).stdout.match(/\/\S+/g) ?? []
  put(at, `${root}/bin/${program}`)
  for (const library of libraries) put(library, root + library)
}

function put(from: string, to: string): void {
  if (fs.existsSync(to)) return
  fs.mkdirSync(to.slice(0, to.lastIndexOf('/')), { recursive: true })
  fs.copyFileSync(from, to)
  fs.chmodSync(to, 0o755)
}

function sleepers(seconds: string): string[] {
  return processes().filter((line) => line === `sleep\0${seconds}\0`)
}

function processes(): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
}

function remains() {
  return {
    mounts: fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    trues: processes().filter((line) => line.startsWith('true\0')).length,
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2))
}
