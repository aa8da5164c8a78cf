import { type ExecFileSyncOptions, execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = '4.32.5'
const place = fileURLToPath(new URL(`../tools/bin/schemathesis-${version}`, import.meta.url))

/** Where the program is; it comes from PyPI, into an environment of its own. */
export function schemathesis(): string {
  const program = join(place, 'bin/schemathesis')
  if (!existsSync(program)) {
    const options: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'inherit'] }
    execFileSync('python3', ['-m', 'venv', place], options)
    const wanted = `schemathesis==${version}`
    execFileSync(join(place, 'bin/pip'), ['install', '--quiet', wanted], options)
  }
  return program
}

export interface Tried {
  readonly code: number
  readonly report: string
}

/** Tries an API as its description says. */
export function tried(args: readonly string[], cwd: string): Promise<Tried> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 }
    execFile(schemathesis(), ['--no-color', 'run', ...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0
      resolve({ code, report: stdout + stderr })
    })
  })
}
