import * as fs from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import type { ContainerSpec, ExecSpec, Executing, Running } from '../runtime.ts'
import { has, path, sleepers, tick, type Workbench } from './workbench.contract.ts'

/** Programs that are started in a container that runs. */
export function execContract(bench: Workbench): void {
  const { promise } = bench
  const isolated = bench.candidate.skip.isolation === undefined

  promise(
    'a program in a running container sees what the container sees',
    async () => {
      await within(bench, { env: { PATH: path, KEPT: "it's\n=" } }, async (dir) => {
        const { out } = await said(bench, dir, 'printf %s "$KEPT"; cat /tmp/mark-$$ 2>&1; pwd')
        expect(out).toContain("it's\n=")
        expect(out).toMatch(/\/usr\/bin\n$/)
        if (!isolated) return
        const one = await said(
          bench,
          dir,
          'cat /proc/1/cmdline | tr "\\0" " "; cat /sandboxed; ls /proc',
        )
        expect(one.out).toContain('inside\n')
        expect(one.out.split('\n').filter((name) => /^\d+$/.test(name)).length).toBeLessThan(10)
      })
    },
    'exec',
  )

  promise(
    'it ends with its own exit code, or 128 + signal, and the container lives on',
    async () => {
      await within(bench, {}, async (dir, running) => {
        expect((await said(bench, dir, 'exit 3')).code).toBe(3)
        expect((await said(bench, dir, 'kill -TERM $$')).code).toBe(143)
        expect((await said(bench, dir, 'kill -0 $PPID; exit 0')).code).toBe(0)
        expect(fs.existsSync(`${dir}/exit`)).toBe(false)
        expect(running.pid).toBeGreaterThan(0)
      })
    },
    'exec',
  )

  promise(
    'output and error come apart, whole, and can be opened once more by their names',
    async () => {
      await within(bench, {}, async (dir) => {
        const script = 'echo out; echo err > /dev/stderr; head -c 3000000 /dev/zero | tr "\\0" x'
        const { out, err } = await said(bench, dir, script)
        expect([out.length, out.slice(0, 5), err]).toEqual([3_000_004, 'out\nx', 'err\n'])
      })
    },
    'exec',
  )

  promise(
    'what is written to it arrives, and the end of it too; without stdin there is nothing',
    async () => {
      await within(bench, {}, async (dir) => {
        const sums = await exec(bench, dir, ['sh', '-c', 'wc -c; echo done'], { stdin: true })
        sums.stdin.end('y'.repeat(2_000_000))
        expect(await text(sums.stdout)).toMatch(/^\s*2000000\ndone\n$/)
        expect((await said(bench, dir, 'cat')).code).toBe(0)
      })
    },
    'exec',
  )

  promise(
    'a terminal has a size, tells of a new one, and passes on what is typed',
    async () => {
      await within(bench, {}, async (dir) => {
        const script =
          'trap "stty size" WINCH; tty > /dev/null && stty size; echo $TERM; read line; echo "got $line"; while :; do read line || exit 5; done'
        const size = { columns: 81, rows: 23 }
        const shell = await exec(bench, dir, ['sh', '-c', script], { stdin: true, tty: true, size })
        const heard = listen(shell)
        await heard('23 81\r\nxterm\r\n')
        shell.stdin.write('hello\n')
        await heard('got hello\r\n')
        shell.resize({ columns: 100, rows: 40 })
        shell.stdin.write('\n')
        await heard('40 100\r\n')
        shell.stdin.write('\x04')
        expect(await shell.exited).toBe(5)
      })
    },
    'windowSize',
  )

  promise(
    'a program that cannot be started is refused in the words of a start',
    async () => {
      await within(bench, {}, async (dir) => {
        await expect(exec(bench, dir, ['no-such-program'])).rejects.toThrow(
          'exec: "no-such-program": executable file not found in $PATH',
        )
        await expect(exec(bench, `${dir}-not`, ['true'])).rejects.toThrow('not running')
      })
      const { dir } = await bench.shell('true')
      await expect(exec(bench, dir, ['true'])).rejects.toThrow('not running')
    },
    'exec',
  )

  promise(
    'killing it ends its session and nothing of the container',
    async () => {
      await within(bench, {}, async (dir) => {
        const program = await exec(bench, dir, ['sh', '-c', 'sleep 7711 & echo on; wait'])
        await listen(program)('on\n')
        program.kill()
        expect(await program.exited).toBe(137)
        while (sleepers('7711').length > 0) await tick()
        expect((await said(bench, dir, 'echo still there')).out).toBe('still there\n')
      })
    },
    'exec',
  )

  promise(
    'it ends with its container, and does not wait for what it left behind',
    async () => {
      const program = await within(bench, {}, async (dir) => {
        expect((await said(bench, dir, 'sleep 7712 & echo gone')).out).toBe('gone\n')
        const other = await exec(bench, dir, ['sh', '-c', 'echo on; exec sleep 7713'])
        await listen(other)('on\n')
        return other
      })
      expect(await program.exited).toBe(137)
      while (sleepers('7713').length > 0) await tick()
      for (const pid of leftBehind('7712')) process.kill(pid, 'SIGKILL')
    },
    'exec',
  )

  promise(
    'it has the rights of the container and no others',
    async () => {
      if (!isolated) return
      await within(bench, {}, async (dir) => {
        const script =
          'grep -E "^(Cap(Eff|Bnd)|NoNewPrivs)" /proc/self/status; mount -t tmpfs x /mnt 2>&1'
        const entered = await said(bench, dir, script)
        const own = await bench.shell(script)
        expect(entered.out).toBe(own.out)
        expect(entered.out).toMatch(/NoNewPrivs:\t1/)
        expect(entered.code).not.toBe(0)
        // Of a launcher of ours: it has more rights than what it starts.
        const { selfExec } = bench.candidate.skip
        if (!selfExec) expect((await said(bench, dir, 'ls /proc/1/root')).code).not.toBe(0)
        // Without a pipe, which the shell would have open for a moment.
        expect((await said(bench, dir, 'ls /proc/$$/fd; true')).out).toBe('0\n1\n2\n')
      })
    },
    'exec',
  )

  promise(
    'a program that makes us execute ourselves gets hold of a copy that nobody can write',
    async () => {
      if (!isolated) return
      await within(bench, {}, async (dir) => {
        const ours = await exec(bench, dir, ['/proc/self/exe', 'process'], { stdin: true })
        const hold =
          'for p in /proc/[0-9]*; do case $(readlink $p/exe) in *launcher*) exec 9< $p/exe;; esac; done; ' +
          'readlink /proc/self/fd/9; read line; echo broken > /proc/self/fd/9'
        const holder = await exec(bench, dir, ['sh', '-c', hold], { stdin: true })
        await listen(holder)('memfd:launcher')
        ours.stdin.end()
        await ours.exited
        holder.stdin.end('now\n')
        expect(await text(holder.stderr)).toMatch(/not permitted|denied|busy/)
        expect(await holder.exited).not.toBe(0)
      })
    },
    'selfExec',
  )
}

async function exec(
  { runtime }: Workbench,
  dir: string,
  argv: readonly string[],
  more: Partial<ExecSpec> = {},
): Promise<Executing> {
  return runtime.exec(dir, { argv, stdin: false, tty: false, ...more })
}

/** Runs a script to its end. */
async function said(bench: Workbench, dir: string, script: string) {
  const program = await exec(bench, dir, ['sh', '-c', script])
  const [out, err, code] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    program.exited,
  ])
  return { out, err, code }
}

/** With a container that lives as long as `use`. */
async function within<T>(
  bench: Workbench,
  more: Partial<ContainerSpec>,
  use: (dir: string, running: Running) => Promise<T>,
): Promise<T> {
  const inside = bench.candidate.skip.isolation ? '' : 'echo inside > /sandboxed; '
  const argv = ['sh', '-c', `${inside}echo up; sleep 7710; true`]
  const spec = bench.spec(argv, { workingDir: '/usr/bin', ...more })
  const running = await bench.runtime.start(spec)
  try {
    await has(spec.stdout)
    return await use(spec.dir, running)
  } finally {
    running.kill('SIGKILL')
    await running.exited
  }
}

/** Resolves when the program has said so. */
function listen({ stdout }: Executing): (words: string) => Promise<void> {
  let heard = ''
  stdout.on('data', (chunk) => {
    heard += chunk
  })
  return async (words) => {
    while (!heard.includes(words)) await tick()
  }
}

/** In a plain process, what leaves its parent behind outlives it. */
function leftBehind(seconds: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandOf(name) === `sleep\0${seconds}\0`)
    .map(Number)
}

function commandOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
