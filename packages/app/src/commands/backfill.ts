import { backfillFormat } from '@argosy/engine'
import { Command } from 'commander'
import type { BackfillFlags } from '../remote/backfill.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'

/** `argosy cron backfill`: what a CronWorkflow would have run in the past. */
export function backfillCommand(shell: Shell): Command {
  const command = new Command('backfill')
    .description('run what was due in a time of the past')
    .argument('<NAME>', 'of the cron workflow')
    .option('--name <name>', 'of this backfill; default: five random characters')
    .requiredOption('--start <date>', 'after this')
    .option('--end <date>', 'until this; default: now')
    .option('--parallel [yes]', 'all at once, not one after the other')
    .option('--argname <name>', 'the argument that tells a run its time', 'cronScheduleTime')
    .option('--format <layout>', "of the dates, as Go's time package has it", backfillFormat)
    .option('--maxworkflowcount <count>', 'runs that one workflow looks after', Number, 1000)
  return withRemoteFlags(command).action(
    async (name: string, flags: RemoteFlags & BackfillFlags) => {
      const { connect } = await import('../remote/connect.ts')
      const { createBackfill } = await import('../remote/backfill.ts')
      using remote = await connect(flags)
      shell.stdout.write(await createBackfill(remote, name, flags, shell.now()))
      shell.exit(0)
    },
  )
}
