import { Command, Option } from 'commander'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { SyncPlace, SyncType } from '../remote/sync-limits.ts'
import type { Shell } from '../shell/shell.ts'
import { UsageError } from '../shell/usage-error.ts'
import { wholeNumber } from './flags.ts'

const about = `
A limit says how many may hold a semaphore: a key of a ConfigMap, or, of type database, of what is a database to Argo
and a ConfigMap of this machine's own here. Argo's API is asked: of \`argosy server\` the kubeconfig leads to it.

Exit code of each: 0 done, 1 refused, not there, or no server.`

/** `argosy sync`. */
export function syncCommand(shell: Shell): Command {
  return new Command('sync')
    .description('keep the limits of semaphores')
    .addCommand(one('create', 'make a limit', shell))
    .addCommand(one('get', 'show a limit', shell))
    .addCommand(one('update', 'change a limit', shell))
    .addCommand(one('delete', 'delete a limit', shell))
    .addHelpText('after', about)
}

interface Flags extends RemoteFlags {
  readonly type: SyncType
  readonly cmName?: string
  readonly limit?: number
}

function one(
  verb: 'create' | 'get' | 'update' | 'delete',
  description: string,
  shell: Shell,
): Command {
  const command = new Command(verb)
    .description(description)
    .argument('<KEY>', 'of the limit')
    .addOption(
      new Option('--type <type>', 'where it is: database or configmap')
        .argParser(syncType)
        .makeOptionMandatory(),
    )
    .option('--cm-name <name>', 'the ConfigMap; needed with --type configmap')
  if (verb === 'create' || verb === 'update') {
    command.requiredOption('--limit <number>', 'so many at once', wholeNumber)
  }
  return withRemoteFlags(command).action(async (key: string, flags: Flags) => {
    const { connect } = await import('../remote/connect.ts')
    const { argoApi } = await import('../remote/argo-api.ts')
    const { syncLimits } = await import('../remote/sync-limits.ts')
    const { type, cmName = '', limit = 0 } = flags
    if (type === 'configmap' && cmName === '') {
      throw new UsageError('--cm-name is required when type is configmap')
    }
    using remote = await connect(flags)
    using api = await argoApi(remote)
    const place: SyncPlace = { namespace: remote.namespace, key, type, cmName }
    shell.stdout.write(await syncLimits[verb](api, place, limit))
    shell.exit(0)
  })
}

/** argo: upper and lower case are the same. */
function syncType(text: string): SyncType {
  const type = text.toLowerCase()
  if (type === 'database' || type === 'configmap') return type
  throw new UsageError("--type must be either 'database' or 'configmap'")
}
