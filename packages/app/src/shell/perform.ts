import { Command, CommanderError } from 'commander'
import { type CommandEntry, commands } from '../commands/commands.table.ts'
import { hoistGlobals, switches } from './go-arguments.ts'
import { refused } from './refused.ts'
import type { Shell } from './shell.ts'
import { UsageError } from './usage-error.ts'

/** Runs one command line; resolves to the exit code. Only the command that is asked for is loaded. */
export async function perform(args: readonly string[], shell: Shell): Promise<number> {
  let code = 0
  const noted: Shell = {
    get stdin() {
      return shell.stdin
    },
    ...{ stdout: shell.stdout, stderr: shell.stderr },
    ...{ version: shell.version, now: shell.now },
    exit: (result) => {
      code = result
    },
  }
  try {
    const ordered = hoistGlobals(asked(args), (name) => entryOf(name)?.group === true)
    refuse(ordered)
    const root = program(noted)
    const command = await entryOf(ordered[0])?.load(noted)
    if (command) root.addCommand(inherit(command, root))
    else listCommands(root)
    const spoken = command
      ? [command.name(), ...switches(ordered.slice(1), leaf(command, ordered))]
      : ordered
    await root.parseAsync([...spoken], { from: 'user' })
  } catch (error) {
    code = failure(error, shell)
  }
  return code
}

/** `argosy help run` is `argosy run --help`: only then the command and its flags are loaded. */
function asked(args: readonly string[]): readonly string[] {
  return args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : args
}

function entryOf(name: string | undefined): CommandEntry | undefined {
  return commands.find((one) => one.name === name)
}

function program({ stdout, stderr, version }: Shell): Command {
  return (
    new Command('argosy')
      .description('Argo Workflows on one machine: the same manifests, no cluster')
      .version(version, '-v, --version')
      // A group and a command of it may have a flag of the same name.
      .enablePositionalOptions()
      .configureOutput({
        writeOut: (text) => void stdout.write(text),
        writeErr: (text) => void stderr.write(text),
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
      .exitOverride()
  )
}

/** For help, and for telling that there is no such command. */
function listCommands(root: Command): void {
  for (const { name, about } of commands) root.command(name).description(about)
}

function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const one of command.commands) inherit(one, command)
  return command
}

function leaf(command: Command, args: readonly string[]): Command {
  return command.commands.find((one) => one.name() === args[1]) ?? command
}

function refuse(args: readonly string[]): void {
  const entry = entryOf(args[0])
  const problem = refused(args.slice(0, entry && !entry.group ? 1 : 2), args)
  if (problem !== undefined) throw new UsageError(problem)
}

/** What to do about a server's refusal, where that is always the same. */
const advice: Readonly<Record<string, string>> = {
  ServiceUnavailable: 'is `argosy server` running, and is the kubeconfig its own?',
  Unauthorized: 'the kubeconfig has no credentials that this server knows',
}

/** A command line that was not understood has been complained about by its parser. */
function failure(error: unknown, { stderr }: Shell): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  stderr.write(`argosy: ${clipped(textOf(error))}\n`)
  return error instanceof UsageError ? 2 : 1
}

/** What a server says may hold all that it was sent. */
function clipped(text: string): string {
  const longest = 20_000
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

function isAdvised({ cause }: Error): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EPROTO'
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (process.env['DEBUG']) return error.stack ?? error.message
  const what = 'reason' in error && !isAdvised(error) ? advice[String(error.reason)] : undefined
  return what === undefined ? error.message : `${error.message} (${what})`
}
