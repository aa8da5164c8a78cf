import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { ContainerSpec, Runtime } from '../runtime.ts'
import { has, processes, sleepers, tick, type Workbench } from './workbench.contract.ts'

/** How containers end, who may take them over, and that nothing stays behind. */
export function lifeContract(bench: Workbench): void {
  const { promise, shell, spec, directory, file } = bench
  promise('starts nothing twice in one directory', async () => {
    const given = spec(['true'])
    await (await bench.runtime.start(given)).exited
    const again = await (await bench.runtime.start(given)).exited
    expect(again.startError).toContain('already started')
  })

  promise(
    'takes everything it started with it',
    async () => {
      const marker = `${directory('m')}/pids`
      const script = 'sleep 300 & setsid sleep 300 & (sleep 300 & echo) ; echo $$ ; exit 0'
      const { exit } = await shell(script)
      expect(exit.code).toBe(0)
      expect(fs.existsSync(marker)).toBe(false)
      while (bench.candidate.skip.atOnce && sleepers('300').length > 0) await tick()
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
    const container = await bench.runtime.start(given)
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
      const container = await bench.runtime.start(given)
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
      const going = `${directory('adopt')}/going`
      const ended = `${directory('adopt')}/ended`
      const fixture = fileURLToPath(new URL('./adopt.fixture.ts', import.meta.url))
      const dirs = [going, ended]
      const child = spawn(process.execPath, [fixture, ...dirs, ...bench.candidate.fixture], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      child.kill('SIGKILL')
      await once(child, 'exit')
      const first = await bench.runtime.adopt(going)
      const second = await bench.runtime.adopt(ended)
      expect(await second?.exited).toMatchObject({ code: 4 })
      fs.writeFileSync(`${going}/go`, '')
      expect(await first?.exited).toMatchObject({ code: 6 })
      expect(fs.readFileSync(`${going}/stdout`, 'utf8')).toBe('ready\nwent\n')
      expect(await (await bench.runtime.adopt(going))?.exited).toMatchObject({ code: 6 })
      const output = await first?.resolve(
        bench.candidate.skip.isolation ? `${going}/stdout` : '/tmp/x',
      )
      expect(output).toBeDefined()
    },
    'adopt',
  )

  promise(
    'adopts nothing from a directory where nothing started',
    async () => {
      expect(await bench.runtime.adopt(directory('empty'))).toBeUndefined()
    },
    'adopt',
  )

  promise(
    'says so when an exit status was lost',
    async () => {
      const dir = directory('lost')
      const { started = { pid: '4194000 1 other-boot 1700000000000\n' } } = bench.candidate
      for (const [name, text] of Object.entries(started))
        file(`${dir}/${name}`, text.replaceAll('DIR', dir))
      const exit = await (await bench.runtime.adopt(dir))?.exited
      expect(exit?.startError).toContain('lost')
    },
    'adopt',
  )

  promise('a signal to a container that has ended reaches nobody', async () => {
    const first = await shell('exit 0')
    const given = spec(['sh', '-c', 'echo ready; sleep 0.2; exit 8'])
    const second = await bench.runtime.start(given)
    await has(given.stdout)
    first.container.kill('SIGKILL')
    const adopted = await bench.runtime.adopt(first.dir)
    adopted?.kill('SIGKILL')
    expect((await second.exited).code).toBe(8)
  })

  promise(
    'a launcher that was killed is started again',
    async () => {
      const { runtime, launcher } = await ownRuntime()
      process.kill(launcher, 'SIGKILL')
      const started = await Promise.all([1, 2, 3].map(() => runtime.start(spec(['true']))))
      const codes = await Promise.all(started.map(async ({ exited }) => (await exited).code))
      expect(codes).toEqual([0, 0, 0])
      await runtime[Symbol.asyncDispose]()
    },
    'launcher',
  )

  promise(
    'containers outlive their launcher, and are heard and signalled by the next one',
    async () => {
      const { runtime, launcher } = await ownRuntime()
      const script = 'echo ready; sleep 0.4; echo went; exit 6'
      const givens = [spec(['sh', '-c', script]), spec(['sh', '-c', 'echo ready; exec sleep 303'])]
      const [going, waiting] = await Promise.all(givens.map((given) => runtime.start(given)))
      for (const { stdout } of givens) await has(stdout)
      process.kill(launcher, 'SIGKILL')
      expect(await going?.exited).toMatchObject({ code: 6 })
      expect(fs.readFileSync(givens[0]?.stdout ?? '', 'utf8')).toBe('ready\nwent\n')
      waiting?.kill('SIGTERM')
      expect(await waiting?.exited).toMatchObject({ code: 143 })
      for (const { dir } of givens) await runtime.remove(dir)
      expect(givens.filter(({ dir }) => fs.existsSync(dir))).toEqual([])
      await runtime[Symbol.asyncDispose]()
    },
    'restart',
  )

  /** A second runtime, whose launcher a test may kill. */
  async function ownRuntime(): Promise<{ runtime: Runtime; launcher: number }> {
    const before = children()
    const runtime = await bench.candidate.open()
    const [launcher = 0] = children().filter((pid) => !before.includes(pid))
    expect(launcher).toBeGreaterThan(1)
    return { runtime, launcher }
  }

  promise('many starts, 16 at a time on a busy machine, all come to their end', async () => {
    const parent = directory('stress')
    const dirs = Array.from({ length: bench.candidate.many }, (_, i) => `${parent}/${i}`)
    const loops = [1, 2].map(() => spawn('nice', ['sh', '-c', 'while :; do :; done']))
    const exits = await inParallel(dirs, 16, async (dir) => {
      const files = { dir, stdout: `${dir}/out`, stderr: `${dir}/out` }
      const { exited } = await bench.runtime.start({ ...spec(['true'], { dir }), ...files })
      const exit = await exited
      await bench.runtime.remove(dir)
      return exit
    }).finally(() => {
      for (const loop of loops) loop.kill('SIGKILL')
    })
    expect(exits.filter(({ code }) => code !== 0)).toEqual([])
  })

  promise('many starts leave no mount, process or directory behind', async () => {
    const parent = directory('many')
    const mark = `argosy-${process.pid}-${Date.now()}`
    const before = remains(mark, bench.base)
    const length = Math.min(200, bench.candidate.many)
    const dirs = Array.from({ length }, (_, i) => `${parent}/${i}`)
    const next = dirs.values()
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const dir of next) {
          const files = { dir, stdout: `${dir}/out`, stderr: `${dir}/err` }
          const container = await bench.runtime.start({ ...spec(['true', mark]), ...files })
          expect(await container.exited).toMatchObject({ code: 0 })
          await bench.runtime.remove(dir)
          await bench.runtime.remove(dir)
        }
      }),
    )
    expect(fs.readdirSync(parent)).toEqual([])
    expect(remains(mark, bench.base)).toEqual(before)
  })

  promise('what a container writes lies in its scratch directory, and goes with it', async () => {
    const scratch = directory('scratch')
    const isolated = !bench.candidate.skip.isolation
    for (const turn of [1, 2, 3]) {
      const given = spec(['sh', '-c', 'ls -A; echo x > made'], { scratch: `${scratch}/${turn}` })
      const workingDir = isolated ? '/tmp' : `${scratch}/${turn}`
      const container = await bench.runtime.start({ ...given, workingDir })
      expect(await container.exited).toMatchObject({ code: 0 })
      expect(fs.statSync(given.stdout, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
      const made = await container.resolve(`${workingDir}/made`)
      expect(fs.realpathSync(made ?? '').startsWith(`${scratch}/${turn}/`)).toBe(true)
      if (turn === 2) fs.rmSync(made ?? '')
      await bench.runtime.remove(given.dir)
      expect(fs.existsSync(given.dir)).toBe(false)
      expect(fs.existsSync(`${scratch}/${turn}`)).toBe(false)
    }
  })

  promise('removes large trees too', async () => {
    const given = spec(
      ['sh', '-c', 'mkdir -p tree/a/b && cd tree/a/b && seq 2000 | xargs touch'],
      {},
    )
    await (
      await bench.runtime.start({
        ...given,
        workingDir: bench.candidate.skip.isolation ? given.dir : '/tmp',
      })
    ).exited
    await bench.runtime.remove(given.dir)
    expect(fs.existsSync(given.dir)).toBe(false)
  })
}

/** Of ours: others mount and unmount at the same time. */
function remains(mark: string, base: string) {
  const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return {
    mounts: mounts.filter((line) => line.includes(base)).length,
    processes: processes().filter((line) => line.includes(mark)).length,
  }
}

function children(): number[] {
  const text = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

async function inParallel<T, R>(
  items: readonly T[],
  flight: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const next = items.values()
  const worker = async () => {
    for (const item of next) results.push(await work(item))
  }
  await Promise.all(Array.from({ length: flight }, worker))
  return results
}
