import { Command } from 'commander'
import type { SetFlags } from '../remote/operations.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { collect } from './flags.ts'

/** `argosy node set`: what waiting nodes end with. */
export function nodeCommand(shell: Shell): Command {
  const set = new Command('set')
    .description('give waiting nodes a phase, a message, or the outputs they wait for')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .option('--node-field-selector <fields>', 'which nodes, as displayName=approve')
    .option('--phase <phase>', 'Succeeded, Failed or Error')
    .option('-m, --message <text>', 'what the node says')
    .option('-p, --output-parameter <name=value>', 'an output that is supplied', collect, [])
    .addHelpText('after', '\nExit code: 0 set, 1 refused, no such workflow or no server.')
  withRemoteFlags(set).action(async (name: string, flags: SetFlags & RemoteFlags) => {
    const { connect } = await import('../remote/connect.ts')
    const { changeWorkflow } = await import('../remote/change-workflow.ts')
    const { settingOf } = await import('../remote/operations.ts')
    using remote = await connect(flags)
    const { namespace } = remote
    await changeWorkflow(remote, { namespace, name }, settingOf(flags, shell.now()))
    shell.stdout.write('workflow values set\n')
    shell.exit(0)
  })
  return new Command('node').description('act on nodes of a workflow').addCommand(set)
}
