import { execFileSync, spawnSync } from 'node:child_process'
import type { Sample } from './samples.ts'

/** Whether a program is there. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0
}

/** A program that is not there is left out, and named. */
export class Peers {
  readonly missing: string[] = []
  readonly runs: Record<string, () => Sample> = {}

  add(program: string, run: () => Sample): void {
    if (has(program)) this.runs[program] = run
    else this.missing.push(program)
  }
}

/** Runs a command that does `count` things. */
export function timed(
  command: readonly [string, ...string[]],
  count: number,
  { cwd, input }: { readonly cwd?: string; readonly input?: string } = {},
): Sample {
  const [file, ...args] = command
  const begin = performance.now()
  execFileSync(file, args, {
    ...(cwd !== undefined && { cwd }),
    ...(input !== undefined && { input }),
    // What it complains of is part of the error, if there is one.
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    maxBuffer: 2 ** 26,
  })
  const ms = performance.now() - begin
  return { perSecond: (count * 1000) / ms, msEach: ms / count }
}

/** 1 to `count`, a line each. */
export function numbers(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('')
}
