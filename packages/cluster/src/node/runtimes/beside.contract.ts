import * as fs from 'node:fs'
import { expect } from 'vitest'
import { has, sleepers, tick, type Workbench } from './workbench.contract.ts'

/** Containers among the processes of another one. */
export function besideContract(bench: Workbench): void {
  const { promise } = bench

  promise(
    'a container beside another sees its processes, and reaches them, but has files of its own',
    async () => {
      await withTarget(bench, async (target) => {
        const script =
          'cat /proc/[0-9]*/cmdline | tr "\\0" " "; test -e /sandboxed && echo sha\'\'red; ' +
          'for p in /proc/[0-9]*; do grep -q "[t]arget of all" $p/cmdline && kill -USR1 ${p#/proc/}; done; true'
        const { out, exit } = await bench.shell(script, { processesOf: target.dir })
        expect(exit.startError).toBeUndefined()
        expect(out).toContain('sleep 7721')
        expect(out).not.toContain('shared')
        await has(`${target.dir}/stdout`)
        while (!fs.readFileSync(`${target.dir}/stdout`, 'utf8').includes('heard')) await tick()
      })
    },
    'beside',
  )

  promise(
    'what it leaves behind ends with it, and so does all of it when it is killed; the other lives on',
    async () => {
      await withTarget(bench, async (target) => {
        await bench.shell('setsid sleep 7722 & sleep 7722 & true', { processesOf: target.dir })
        expect(sleepers('7722')).toEqual([])
        const spec = bench.spec(['sh', '-c', 'sleep 7723 & echo up; sleep 7723; true'], {
          processesOf: target.dir,
        })
        const killed = await bench.runtime.start(spec)
        await Promise.race([has(spec.stdout), killed.exited])
        killed.kill('SIGKILL')
        expect(await killed.exited).toMatchObject({ code: 137 })
        expect(sleepers('7723')).toEqual([])
        expect(fs.existsSync(`${target.dir}/exit`)).toBe(false)
      })
    },
    'beside',
  )

  promise(
    'it ends with the one that it is beside, and does not start beside one that has ended',
    async () => {
      const spec = bench.spec(['sh', '-c', 'echo up; sleep 7724; true'])
      await withTarget(bench, async (target) => {
        const beside = await bench.runtime.start({ ...spec, processesOf: target.dir })
        await Promise.race([has(spec.stdout), beside.exited])
        target.kill()
        expect(await beside.exited).toMatchObject({ code: 137 })
        // The system ends them all, in its own order.
        while (sleepers('7724').length > 0) await tick()
        const late = await bench.run(['true'], { processesOf: target.dir })
        expect(late.exit.startError).toBeDefined()
      })
    },
    'beside',
  )
}

interface Target {
  readonly dir: string
  kill(): void
}

async function withTarget(bench: Workbench, use: (target: Target) => Promise<void>): Promise<void> {
  const script =
    'touch /sandboxed; trap "echo heard" USR1; echo up; sh -c "sleep 7721; true" & while :; do wait; done'
  const spec = bench.spec(['sh', '-c', `: target of all; ${script}`])
  const running = await bench.runtime.start(spec)
  try {
    await has(spec.stdout)
    await use({ dir: spec.dir, kill: () => running.kill('SIGKILL') })
  } finally {
    running.kill('SIGKILL')
    await running.exited
  }
}
