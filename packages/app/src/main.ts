import { hoistGlobals } from './shell/go-arguments.ts'
import { guardOutput } from './shell/guard-output.ts'
import { perform } from './shell/perform.ts'
import type { Shell } from './shell/shell.ts'
import { version } from './version.ts'

/** Commands that do nothing but show: without somebody who looks on they end. The others finish what they do. */
const onlyShow = new Set(['logs', 'watch'])

/** The `argosy` command: parses, runs, and ends the process with the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  quietExperiments()
  const { stdout, stderr } = process
  const [command = ''] = hoistGlobals(args, () => false)
  const shown = guardOutput(stdout, () => {
    if (onlyShow.has(command)) process.exit(0)
  })
  guardOutput(stderr)
  const shell: Shell = {
    // Opening it takes longer than most commands have use for.
    get stdin() {
      return process.stdin
    },
    ...{ stdout, stderr, version: version(), now: Date.now, exit: () => {} },
  }
  const code = await perform(args, shell)
  // Whatever is still open is of no use to anybody any more; what was written goes out first.
  await Promise.all([flushed(stdout), flushed(stderr)])
  const lost = shown.lost()
  if (lost !== undefined) stderr.write(`argosy: standard output could not be written: ${lost}\n`)
  process.exit(lost === undefined ? code : code || 1)
}

/** Node 24 warns of SQLite, on which we rely on purpose. */
function quietExperiments(): void {
  const { emitWarning } = process
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const [kind] = rest
    const name = typeof kind === 'string' ? kind : (kind as { type?: string } | undefined)?.type
    if (name !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest])
  }) as typeof emitWarning
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
