import { Command } from 'commander'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'

interface Flags extends RemoteFlags {
  readonly ignoreNotFound?: boolean
}

/** `argosy wait`. */
export function waitCommand(shell: Shell): Command {
  const command = new Command('wait')
    .description('wait until workflows have ended')
    .argument('[WORKFLOW...]', 'their names; @latest is the newest')
    .option('--ignore-not-found', 'a workflow that is not there is no failure')
    .addHelpText('after', '\nExit code: 0 all succeeded, 1 one failed or is not there.')
  return withRemoteFlags(command).action(async (given: readonly string[], flags: Flags) => {
    const { connect } = await import('../remote/connect.ts')
    const { namesOf } = await import('../remote/names-of.ts')
    const { waitFor } = await import('../remote/wait-for.ts')
    using remote = await connect(flags)
    const names = await namesOf(remote, given)
    const { stdout, stderr } = shell
    const { ignoreNotFound = false } = flags
    shell.exit(await waitFor(remote, names, { stdout, stderr, ignoreNotFound }))
  })
}
