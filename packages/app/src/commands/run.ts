import { Command, InvalidArgumentError, Option } from 'commander'
import { parseParameters } from '../input/overrides.ts'
import type { EarlyRuntime } from '../node/early-runtime.ts'
import { durationMs } from '../output/duration.ts'
import { type OutputFormat, outputFormats, type RunOptions } from '../run/run-options.ts'
import { folder } from './data-folder.ts'

interface Flags {
  readonly parameter: readonly string[]
  readonly entrypoint?: string
  readonly runtime: RunOptions['runtime']
  readonly images?: string
  readonly dataDir?: string
  readonly output: OutputFormat
  readonly log?: boolean
  readonly timeout?: number
}

const exitCodes = `
Exit code: 0 all workflows succeeded, 1 one failed or the timeout ran out, 2 the input was not understood,
130 interrupted (Ctrl-C stops the steps, once more kills them).

A run with --data-dir that was killed is continued by the same command, or by \`argosy run --data-dir DIR\`.`

/** `argosy run`: from files to an exit code. */
export function runCommand(exit: (code: number) => void): Command {
  return new Command('run')
    .description('run Workflows on this machine, to their end')
    .argument('[FILE...]', 'manifests: files, folders, - for standard input')
    .option('-p, --parameter <name=value>', 'set a parameter of the Workflows', collect, [])
    .option('--entrypoint <template>', 'begin with this template')
    .addOption(
      new Option('--runtime <runtime>', 'what runs the steps')
        .choices(['auto', 'sandbox', 'process', 'docker'])
        .default('auto'),
    )
    .option('--images <file>', 'image map: what plays which image here')
    .option('--data-dir <dir>', 'keep everything there; unfinished workflows are continued', folder)
    .addOption(
      new Option('-o, --output <format>', 'what to show').choices(outputFormats).default('tree'),
    )
    .option('--log', 'show what the steps write')
    .option('--timeout <duration>', 'stop the workflows after this time, as 10m', duration)
    .addHelpText('after', exitCodes)
    .action(async (files: readonly string[], flags: Flags, command: Command) => {
      const { parameters, problems } = parseParameters(flags.parameter)
      if (problems.length > 0) command.error(problems.join('\n'))
      if (files.length === 0 && flags.dataDir === undefined) {
        command.error('expected a FILE to run, or --data-dir with unfinished workflows')
      }
      await using early = await begun(flags.runtime)
      // One after the other: between them the launcher is heard.
      await import('../input/understand.ts')
      const { runFiles } = await import('../run/run-files.ts')
      exit(await runFiles({ ...understood(files, flags, parameters), early }, process))
    })
}

/** The launcher starts beside us while most of the program is still to be loaded. */
async function begun(runtime: RunOptions['runtime']): Promise<EarlyRuntime | undefined> {
  if (runtime === 'docker') return undefined
  const { earlyRuntime } = await import('../node/early-runtime.ts')
  return earlyRuntime(runtime)
}

function understood(
  files: readonly string[],
  flags: Flags,
  parameters: ReadonlyMap<string, string>,
): Omit<RunOptions, 'early'> {
  return {
    files,
    overrides: { parameters, entrypoint: flags.entrypoint },
    runtime: flags.runtime,
    imagesFile: flags.images,
    dataDir: flags.dataDir,
    output: flags.output,
    log: flags.log ?? false,
    timeoutMs: flags.timeout,
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function duration(text: string): number {
  const ms = durationMs(text)
  if (ms === undefined) throw new InvalidArgumentError('expected a duration, as 90s, 10m or 1h30m')
  return ms
}
