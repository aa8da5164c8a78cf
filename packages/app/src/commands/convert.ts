import { Command } from 'commander'
import type { Shell } from '../shell/shell.ts'
import { outputOption } from './flags.ts'

const more = `
What else the files hold is printed as it is, without comments.

Exit code: 0 converted, 1 a file could not be read, 2 wrong command line.`

/** `argosy convert`: manifests that were written for an older Argo. */
export function convertCommand(shell: Shell): Command {
  return new Command('convert')
    .description('print manifests with schedules, mutexes and semaphores in their plural forms')
    .argument('<FILE...>', 'manifests: files, folders, - for standard input')
    .addOption(outputOption(['yaml', 'json']).default('yaml'))
    .option('--no-color', 'without colours: always so')
    .addHelpText('after', more)
    .action(async (files: readonly string[], { output }: { readonly output: 'yaml' | 'json' }) => {
      const { converted } = await import('../input/converted.ts')
      shell.stdout.write(await converted(files, output, shell))
      shell.exit(0)
    })
}
