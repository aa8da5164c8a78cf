import { Command, CommanderError } from 'commander'
import { controllerCommand } from './commands/controller.ts'
import { kubeconfigCommand } from './commands/kubeconfig.ts'
import { lintCommand } from './commands/lint.ts'
import { runCommand } from './commands/run.ts'
import { serverCommand } from './commands/server.ts'
import { whyCommand } from './commands/why.ts'
import { version } from './version.ts'

/** The `argosy` command: parses, runs, and ends the process with the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  quietExperiments()
  let code = 0
  const exit = (result: number) => {
    code = result
  }
  try {
    await program(await version(), exit).parseAsync(args, { from: 'user' })
  } catch (error) {
    code = failure(error)
  }
  // Whatever is still open is of no use to anybody any more; what was written goes out first.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  process.exit(code)
}

function program(version: string, exit: (code: number) => void): Command {
  const root = new Command('argosy')
    .description('Argo Workflows on one machine: the same manifests, no cluster')
    .version(version, '-v, --version')
    .exitOverride()
  root.addCommand(inherit(runCommand(exit), root))
  root.addCommand(inherit(lintCommand(exit), root))
  root.addCommand(inherit(serverCommand(exit), root))
  root.addCommand(inherit(kubeconfigCommand(exit), root))
  root.addCommand(inherit(controllerCommand(exit), root))
  root.addCommand(inherit(whyCommand(exit), root))
  root
    .command('version')
    .description('print the version')
    .action(() => {
      process.stdout.write(`argosy: v${version}\n`)
    })
  return root
}

function inherit(command: Command, root: Command): Command {
  return command.copyInheritedSettings(root)
}

/** A command line that was not understood has been complained about by its parser. */
function failure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const text = error instanceof Error ? (process.env['DEBUG'] ? error.stack : error.message) : error
  process.stderr.write(`argosy: ${text}\n`)
  return 1
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
