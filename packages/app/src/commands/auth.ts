import type { Claims } from '@argosy/server'
import { Command, InvalidArgumentError } from 'commander'
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
  return new Command('auth')
    .description('credentials and rights')
    .addCommand(token)
    .addCommand(explainCommand(shell))
}

interface ExplainFlags extends RemoteFlags {
  readonly allNamespaces?: boolean
  readonly as?: string
  readonly asGroup: readonly string[]
  readonly claims?: Claims
}

/** `argosy auth explain`: who may do what, and by which binding. */
function explainCommand(shell: Shell): Command {
  const command = new Command('explain')
    .description('say who may do something, and by which binding, or what is missing')
    .argument('[VERB]', "Kubernetes' (get, list, create …) or Argo's (submit, stop, retry, logs …)")
    .argument('[RESOURCE]', 'as workflows, wf, pods/log, deployments.apps', 'workflows')
    .argument('[NAME]', 'of one object')
    .option('-A, --all-namespaces', 'ask for the whole cluster')
    .option('--as <user>', 'of somebody else, as system:serviceaccount:NAMESPACE:NAME')
    .option('--as-group <group>', 'a group of that one; may be repeated', collect, [])
    .option(
      '--claims <json>',
      'of somebody who logs in by single sign-on with these claims',
      claims,
    )
    .addHelpText('after', '\nExit code: 0 allowed (or only asked who we are), 1 refused.')
  return withRemoteFlags(command).action(
    async (verb: string | undefined, resource: string, name: string | undefined, flags) => {
      const { explainRights } = await import('../remote/explain-rights.ts')
      const asked = verb === undefined ? undefined : { verb, resource, name }
      shell.exit(await explainRights(asked, flags as ExplainFlags, shell))
    },
  )
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

function claims(text: string): Claims {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { sub: '', ...value } as Claims
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError(`expected a JSON object as '{"sub":"ada","groups":["admins"]}'`)
}
