import { Command, Option } from 'commander'
import type { LintFormat } from '../lint/lint-report.ts'
import type { Shell } from '../shell/shell.ts'
import { commas, withStrict } from './flags.ts'

interface Flags {
  readonly kinds: readonly string[]
  readonly output: LintFormat
  readonly strict: boolean
  readonly color: boolean
}

const more = `
Exit code: 0 nothing to complain about, 1 mistakes, or nothing to check, 2 wrong command line.
Folders are read with what is below them; hidden folders, node_modules, and files without anything of Argo's are passed
over. Templates that are referred to may stand in any of the files.`

/** `argosy lint`: everything that is wrong, without running anything. */
export function lintCommand(shell: Shell): Command {
  return lintFlags(new Command('lint').description('check manifests, offline'))
    .option(
      '--kinds <kinds>',
      'only these: workflows, workflowtemplates, …; default: all',
      commas,
      [],
    )
    .action(async (paths: readonly string[], flags: Flags) => {
      shell.exit(await performLint(paths, flags, shell))
    })
}

/** What all forms of `lint` understand. */
export function lintFlags(command: Command): Command {
  const formats = ['pretty', 'simple', 'json', 'sarif', 'github']
  command
    .argument('<PATH...>', 'manifests: files, folders, - for standard input')
    .addOption(
      new Option('-o, --output <format>', 'what to print').choices(formats).default('pretty'),
    )
    .option('--no-color', 'without colours')
    .option('--offline', 'nobody else is asked: always so')
    .addHelpText('after', more)
  return withStrict(command)
}

/** Resolves to the exit code. */
export async function performLint(
  paths: readonly string[],
  { kinds, strict, output, color }: Flags,
  shell: Pick<Shell, 'stdin' | 'stdout' | 'version'>,
): Promise<number> {
  const { lint } = await import('../lint/lint.ts')
  const { hasPassed, lintText } = await import('../lint/lint-report.ts')
  const { paintFor, plain } = await import('../output/paint.ts')
  const { stdout, version } = shell
  const report = await lint(paths, { kinds, strict }, shell)
  const paint = color ? paintFor(stdout) : plain
  stdout.write(lintText(report, output, { paint, version }))
  return hasPassed(report) ? 0 : 1
}
