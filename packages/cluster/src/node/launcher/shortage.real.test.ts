import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ContainerSpec } from '../runtime.ts'
import { processRuntime } from '../runtimes/process.ts'
import { sandboxRuntime } from '../runtimes/sandbox.ts'

const open = { sandbox: sandboxRuntime, process: processRuntime }

it.each([
  ['sandbox', 'native'],
  ['sandbox', 'bwrap'],
  ['process', 'native'],
  ['process', 'node'],
] as const)(
  'a disk without room is a shortage, and a missing program is none: %s, %s',
  async (kind, launcher) => {
    const base = mkdtempSync(join(tmpdir(), 'argosy-shortage-'))
    const small = `${base}/small`
    // The directory itself and one more.
    const mounted = spawnSync('sh', [
      '-c',
      `mkdir ${small} && mount -t tmpfs -o nr_inodes=2 tmpfs ${small}`,
    ])
    expect(mounted.status, String(mounted.stderr)).toBe(0)
    const runtime = await open[kind]({ launcher: launcher as never })
    const spec = (dir: string, program: string): ContainerSpec => ({
      ...{ dir, argv: [program], env: {}, workingDir: '/', root: { kind: 'host' }, mounts: [] },
      ...{ stdout: `${dir}/log`, stderr: `${dir}/log` },
    })
    try {
      const full = await (await runtime.start(spec(`${small}/a`, 'true'))).exited
      expect(full).toMatchObject({ code: 128, shortage: true })
      const missing = await (await runtime.start(spec(`${base}/b`, 'no-such-program'))).exited
      expect(missing.startError).toContain('no-such-program')
      expect(missing.shortage ?? false).toBe(false)
      await runtime.remove(`${base}/b`)
    } finally {
      await runtime[Symbol.asyncDispose]()
      spawnSync('umount', [small])
      rmSync(base, { recursive: true, force: true })
    }
  },
)
