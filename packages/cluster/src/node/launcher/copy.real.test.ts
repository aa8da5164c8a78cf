import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { expect, it } from 'vitest'
import { launcherBinary } from './binary.ts'
import { nativeProgram, openLauncher } from './client.ts'

/** The programs that children of this process run from. */
function programsOfChildren(): readonly string[] {
  const threads = readdirSync('/proc/self/task')
  const pids = threads.flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return pids.map((pid) => readlinkSync(`/proc/${pid}/exe`))
}

it.each(['sandbox', 'process'] as const)(
  'the launcher runs from a copy that no container can write: %s',
  async (mode) => {
    const binary = await launcherBinary()
    if ('missing' in binary) throw new Error(binary.missing)
    const launcher = await openLauncher(nativeProgram(binary.path, mode))
    const programs = programsOfChildren()
    await launcher.close()
    expect(programs).toContain('/memfd:launcher (deleted)')
    expect(programs).not.toContain(binary.path)
  },
)
