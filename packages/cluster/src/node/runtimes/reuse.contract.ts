import * as fs from 'node:fs'
import { expect } from 'vitest'
import type { ContainerSpec } from '../runtime.ts'
import { tick, type Workbench } from './workbench.contract.ts'

/** What a container gets that comes after another: nothing of that one, even where directories serve twice. */
export function reuseContract(bench: Workbench): void {
  const { promise, spec, directory } = bench
  async function one(given: ContainerSpec): Promise<string> {
    const container = await bench.runtime.start(given)
    expect(await container.exited).toMatchObject({ code: 0 })
    const said = fs.existsSync(given.stdout) ? fs.readFileSync(given.stdout, 'utf8') : ''
    await bench.runtime.remove(given.dir)
    return said
  }

  promise(
    'what a container changes of its root and of /tmp, the next one does not find',
    async () => {
      const scratch = directory('reuse')
      const script =
        'stat -c %a / /tmp; ls -A /tmp; ls -d /left 2> /dev/null; chmod 711 /; chmod 700 /tmp; [ $0 = clean ] || echo x > /tmp/left; true'
      const stdout = () => `${scratch}-${said.length}.out`
      const said: string[] = []
      for (const how of ['clean', 'clean', 'dirty', 'clean', 'clean', 'dirty', 'clean']) {
        const files = { scratch: `${scratch}/${said.length}`, stdout: stdout(), stderr: stdout() }
        said.push(await one(spec(['sh', '-c', script, how], files)))
      }
      expect(new Set(said)).toEqual(new Set(['755\n1777\n']))
      expect(fs.readdirSync(scratch).filter((name) => !name.startsWith('spare'))).toEqual([])
    },
    'isolation',
  )

  // Only root may look into a container from outside.
  if (process.getuid?.() !== 0) return
  promise(
    'who still holds a directory of a container that has ended reaches none of the next',
    async () => {
      const scratch = directory('held')
      const given = spec(['sleep', '308'], { scratch: `${scratch}/first` })
      const container = await bench.runtime.start(given)
      const first = await rootOf('308')
      const held = ['/tmp', '/'].map((path) => fs.openSync(first + path, 'r'))
      container.kill('SIGKILL')
      await container.exited
      await bench.runtime.remove(given.dir)
      const next = spec(['sh', '-c', 'sleep 309; ls -A /tmp /planted'], {
        scratch: `${scratch}/next`,
      })
      const second = await bench.runtime.start(next)
      const root = await rootOf('309')
      for (const fd of held) {
        try {
          fs.writeFileSync(`/proc/self/fd/${fd}/planted`, 'x')
        } catch {
          // There is nothing left to write to.
        }
        fs.closeSync(fd)
      }
      expect([fs.existsSync(`${root}/planted`), fs.readdirSync(`${root}/tmp`)]).toEqual([false, []])
      second.kill('SIGKILL')
      await second.exited
      await bench.runtime.remove(next.dir)
    },
    'isolation',
  )
}

/** The root of the living process `sleep <seconds>`. */
async function rootOf(seconds: string): Promise<string> {
  for (;;) {
    const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    const pid = pids.find((one) => commandOf(one) === `sleep\0${seconds}\0`)
    if (pid !== undefined) return `/proc/${pid}/root`
    await tick()
  }
}

function commandOf(pid: string): string | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended.
    return undefined
  }
}
