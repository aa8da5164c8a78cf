import { Command } from 'commander'
import type { Shell } from '../shell/shell.ts'

/** `argosy version`. Both forms say the same: there is nothing about builds to add. */
export function versionCommand({ stdout, version, exit }: Shell): Command {
  return new Command('version')
    .description('print the version')
    .option('--short', 'only the version')
    .action(() => {
      stdout.write(`argosy: v${version}\n`)
      exit(0)
    })
}
