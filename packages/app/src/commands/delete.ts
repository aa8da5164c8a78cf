import { Command } from 'commander'
import type { DeleteFlags } from '../remote/delete-workflows.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { phaseList, wholeNumber, withSelectors } from './flags.ts'

/** `argosy delete`. */
export function deleteCommand(shell: Shell): Command {
  const command = new Command('delete')
    .description('delete workflows')
    .argument('[WORKFLOW...]', 'their names; @latest is the newest')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('--all', 'all workflows')
    .option('--completed', 'those that have ended')
    .option('--resubmitted', 'those that were resubmitted')
    .option('--prefix <prefix>', 'names that begin so')
    .option('--older <time>', 'those that ended longer ago than this, as 10m, 3h, 1d')
    .option('--status <phases>', 'those in these phases, as Failed,Error', phaseList, [])
    .option('--query-chunk-size <number>', 'ask for so many at a time', wholeNumber, 0)
    .option('--force', 'without their finalizers: artifacts are not deleted')
    .option('--dry-run', 'only say what would be deleted')
    .addHelpText('after', '\nExit code: 0 deleted, or not there; 1 refused.')
  return withRemoteFlags(withSelectors(command)).action(
    async (names: readonly string[], flags: RemoteFlags & DeleteFlags) => {
      const { connect } = await import('../remote/connect.ts')
      const { deleteWorkflows } = await import('../remote/delete-workflows.ts')
      using remote = await connect(flags)
      await deleteWorkflows(remote, { names, flags }, shell)
      shell.exit(0)
    },
  )
}
