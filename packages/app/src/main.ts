import { perform } from './shell/perform.ts'
import { version } from './version.ts'

/** The `argosy` command: parses, runs, and ends the process with the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  quietExperiments()
  const { stdin, stdout, stderr } = process
  const shell = { stdin, stdout, stderr, version: await version(), now: Date.now, exit: () => {} }
  const code = await perform(args, shell)
  // Whatever is still open is of no use to anybody any more; what was written goes out first.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  process.exit(code)
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
  return new Promise((resolve) => {
    // A reader who left, as `head` does, is no reason to complain.
    stream.on('error', () => resolve())
    stream.write('', () => resolve())
  })
}
