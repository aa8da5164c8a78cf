import { Command } from 'commander'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'

interface Flags extends RemoteFlags {
  readonly nodeFieldSelector?: string
  readonly status?: string
}

/** `argosy watch`. */
export function watchCommand(shell: Shell): Command {
  const command = new Command('watch')
    .description('show a workflow until it has ended')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .option('--node-field-selector <fields>', 'only these nodes, as phase=Failed')
    .option('--status <phase>', 'only nodes in this phase')
    .addHelpText('after', '\nExit code: 0 it has ended, however; 1 no such workflow or no server.')
  return withRemoteFlags(command).action(async (name: string, flags: Flags) => {
    const { connect } = await import('../remote/connect.ts')
    const { namesOf } = await import('../remote/names-of.ts')
    const { nodeSelector } = await import('../remote/node-selector.ts')
    const { watchFor } = await import('../remote/watch-for.ts')
    const select = nodeSelector(flags.nodeFieldSelector, flags.status)
    using remote = await connect(flags)
    for (const one of await namesOf(remote, [name])) {
      await watchFor(remote, one, { shell, ...(select && { select }) })
    }
    shell.exit(0)
  })
}
