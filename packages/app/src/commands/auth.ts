import { Command } from 'commander'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'

/** `argosy auth token`: what a request has to bring along. */
export function authCommand(shell: Shell): Command {
  const token = new Command('token')
    .description('print the Authorization header of the kubeconfig')
    .addHelpText('after', '\nExit code: 0 printed, 1 the kubeconfig has no token.')
  withRemoteFlags(token).action(async (flags: RemoteFlags) => {
    const { connect } = await import('../remote/connect.ts')
    using remote = await connect(flags)
    const header = await remote.connection.access.authorization?.()
    if (header === undefined) {
      throw new Error('the kubeconfig has no token: its user proves himself by a certificate')
    }
    shell.stdout.write(`${header}\n`)
    shell.exit(0)
  })
  return new Command('auth').description('credentials').addCommand(token)
}
