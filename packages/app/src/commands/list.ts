import { Command } from 'commander'
import type { Filter } from '../remote/filter.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { outputOption, phaseList, wholeNumber, withSelectors } from './flags.ts'

interface Flags extends RemoteFlags, Filter {
  readonly allNamespaces?: boolean
  readonly headers: boolean
  readonly chunkSize: number
  readonly output?: 'name' | 'json' | 'yaml' | 'wide'
}

/** `argosy list`. */
export function listCommand(shell: Shell): Command {
  const command = new Command('list')
    .description('list workflows')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('--status <phases>', 'only in these phases, as Failed,Error', phaseList, [])
    .option('--completed', 'only those that have ended')
    .option('--running', 'only those that have not')
    .option('--resubmitted', 'only those that were resubmitted')
    .option('--prefix <prefix>', 'only names that begin so')
    .option('--since <time>', 'only those created within this time, as 10m, 3h, 1d')
    .option('--older <time>', 'only those that ended longer ago than this')
    .option(
      '--query <search>',
      'only what this finds, as "status=failed label.team=x" (docs/search.md)',
    )
    .option('--chunk-size <number>', 'ask the server for so many at a time', wholeNumber, 0)
    .option('--no-headers', 'without the line of titles')
    .addOption(outputOption(['name', 'json', 'yaml', 'wide']))
    .addHelpText('after', '\nExit code: 0 listed (also when there is none), 1 no server.')
  return withRemoteFlags(withSelectors(command)).action(async (flags: Flags) => {
    const { connect } = await import('../remote/connect.ts')
    const { listWorkflows } = await import('../remote/list-workflows.ts')
    const { workflowsText } = await import('../remote/print-workflows.ts')
    using remote = await connect(flags)
    const { allNamespaces: everywhere = false, chunkSize: chunk, headers, output } = flags
    const now = shell.now()
    const workflows = await listWorkflows(remote, flags, { now, everywhere, chunk })
    const options = { now, headers, namespace: everywhere, wide: output === 'wide' }
    shell.stdout.write(await workflowsText(workflows, output, options))
    shell.exit(0)
  })
}
